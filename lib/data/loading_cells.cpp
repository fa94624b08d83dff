#include <map>

#include "data/faults.hpp"
#include "data/loading.hpp"
#include "data/picture_faults.hpp"
#include "data/words.hpp"

namespace bpnet {

namespace {
using As = ColumnUse::As;
}  // namespace

void Loading::check_cells() {
  CellFaults faults(raw_.lines);
  std::map<int, PixelCells> pixels;  // that are no numbers, by picture
  std::map<const Choice*, WrongDeclaration> misfits;
  const auto misfit = [&](std::size_t c, const Findings& all) {
    const bool any = all.bad.count + all.missing.count < raw_.rows;
    if (!declared(c) || any || all.bad.first.empty() || sources_.front().file_of(c).row_names()) return false;
    const auto [at, fresh] =
        misfits.try_emplace(declared(c), WrongDeclaration{roles_.names[c], "", {}, all.bad});
    if (!fresh) at->second.others.push_back(roles_.names[c]);
    return true;
  };
  const auto no_help = [](const std::string&) { return std::vector<std::string>{}; };
  for (std::size_t c = 0; c < uses_.size(); ++c) {
    Findings all;
    for (const auto& findings : raw_.findings) all.append(findings[c]);
    const std::string& name = roles_.names[c];
    if (roles_.split == c) {
      const auto message = [&](const std::string& text) {
        return "a cell of the split column '" + name + "' is train, validation or test, but this one is " +
               in_quotes(text);
      };
      faults.add(all.bad, name, message, no_help);
      faults.add(all.missing, name, message, no_help);
    }
    if (roles_.weight == c) add_bad_weights(faults, all, name);
    if (roles_.order == c)
      faults.add(
          all.missing, name,
          [&](const std::string& text) {
            return "the column '" + name +
                   "' puts the rows in order and may not miss cells, but this one is " + in_quotes(text);
          },
          no_help);
    if (uses_[c].as == As::none) continue;
    if (roles_.pixel_of[c] >= 0) {
      pixels[roles_.pixel_of[c]].add(all.bad, name);
    } else if (uses_[c].as == As::number) {
      if (!misfit(c, all))
        add_bad_numbers(faults, all.bad, name,
                        !declared(c)                              ? KnownBy::cells
                        : sources_.front().file_of(c).row_names() ? KnownBy::settings_of_folder
                                                                  : KnownBy::settings,
                        uses_[c].facts.numbers, dialect().numbers.decimal);
      if (roles_.options<Number>(c).missing == Number::Missing::error) add_missing(faults, all.missing, name);
    }
    if (uses_[c].as == As::date) {
      const Date date = roles_.options<Date>(c);
      if (!misfit(c, all))
        add_bad_dates(faults, all.bad, name, declared(c) ? KnownBy::settings : KnownBy::cells, date.format,
                      uses_[c].facts.dates);
      if (date.missing == Date::Missing::error) add_missing(faults, all.missing, name);
    }
    if (number_lists_.contains(c))
      add_bad_sequences(faults, all.bad, name, roles_.options<Sequence>(c).separator);
    if (uses_[c].as != As::image) add_not_utf8(faults, all.not_utf8, name, KnownBy::cells);
  }
  for (const auto& [name, choice] : settings_.columns) {
    const auto found = misfits.find(&choice);
    if (found == misfits.end()) continue;
    found->second.declaration = name;
    if (const auto date = choice.as<Date>())
      add_misfit_dates(faults, found->second, date->format);
    else
      add_misfit_numbers(faults, found->second, dialect().numbers.decimal);
  }
  for (const auto& [picture, bad] : pixels)
    bad.tell(faults, roles_.names[static_cast<std::size_t>(picture)], pixel_is_no_number, mend_pixel);
  faults.finish();
}

}  // namespace bpnet
