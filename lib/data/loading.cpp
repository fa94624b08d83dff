#include "data/loading.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <new>

#include "data/alike.hpp"
#include "data/csv_number.hpp"
#include "data/junk.hpp"
#include "data/targets.hpp"
#include "data/text_rows.hpp"
#include "data/words.hpp"

namespace bpnet {

namespace {
using Kind = ReadColumn::Kind;
using As = ColumnUse::As;

void check_types(const ChoiceMap& columns) {
  std::vector<Problem> problems;
  for (const auto& [name, choice] : columns)
    for (const std::string& fault : choice.as<ColumnType>()->faults())
      problems.push_back({{}, "data.columns." + in_yaml(name) + ": " + fault, {}});
  if (!problems.empty()) throw Error(Fault::configuration, std::move(problems));
}

const std::function<bool(std::string_view)> part_words = [](std::string_view word) {
  return part_named(word).has_value();
};
}  // namespace

Loading::Loading(const DataSettings& settings, const DataRequest& request)
    : settings_(settings), request_(request) {
  check_csv(settings.csv);
  check_split(settings.split);
  check_types(settings.columns);
  if (settings.windows) declare_series();
  files_ = open_files(settings, request.base);
  declare_known();
  const TableFile& first = files_.front().file;
  const auto told = std::find_if(request_.groups.begin(), request_.groups.end(),
                                 [](const InputGroup& group) { return group.told; });
  const bool tells = told != request_.groups.end();
  const std::vector<std::string>& names = files_.front().names();
  if (settings_.target.empty() && !tells)
    throw Error(Fault::configuration, "data.target is needed: the column to learn");
  if (tells) check_told(settings_, told->columns[0], names, first.dialect().header, first.shown());
  if (tells) declare_texts();
  roles_ = select_columns(settings_, names, first.dialect().header, first.shown());
  groups_ = group_columns(request, roles_);
  sources_ = match_columns(files_, roles_, out_.warnings);
  for (const DataFile& file : files_) training_sources_.push_back(file.part == Part::training);
}

void Loading::warn(std::string message, std::vector<std::string> help) {
  out_.warnings.push_back({{}, std::move(message), std::move(help), Severity::warning});
}

void Loading::plan_reading(const std::vector<Kind>& kinds) {
  plan_ = {};
  plan_.columns.resize(kinds.size());
  forms_.assign(kinds.size(), DateForm());
  const auto plan = [&](std::size_t c) {
    ReadColumn& column = plan_.columns[c];
    if (column.kind != Kind::skip) return;
    column.kind = kinds[c];
    column.slot = kinds[c] == Kind::exact   ? plan_.exacts++
                  : kinds[c] == Kind::label ? plan_.labels++
                                            : plan_.width;
    if (kinds[c] == Kind::number) ++plan_.width;
    if (kinds[c] != Kind::date) return;
    const Date type = roles_.options<Date>(c);
    forms_[c] = roles_.is_feature(c) ? DateForm(type) : DateForm::without_parts(type);
    column.date = &forms_[c];
    plan_.width += forms_[c].width();
  };
  for (const auto& group : groups_)  // numbers of a group lie side by side
    for (const std::size_t c : group) plan(c);
  for (std::size_t c = 0; c < kinds.size(); ++c)
    if (roles_.pixel_of[c] < 0) plan(c);
  for (const auto& pixels : roles_.pixels)  // they go when the pictures are made
    for (const std::size_t c : pixels) plan(c);
  for (std::size_t c = 0; c < kinds.size(); ++c) {
    ReadColumn& column = plan_.columns[c];
    if (roles_.split == c) column.allowed = &part_words;
    if (roles_.weight == c) column.below_zero = false;
    const bool days =
        column.kind == Kind::date && (request_.look_for_junk || !forms_[c].days_columns().empty());
    if ((roles_.order == c || days) && column.kind != Kind::label)
      column.key = column.kind == Kind::exact ? column.slot : plan_.exacts++;
    if (const Choice* choice = declared(c); choice && column.kind == Kind::label)
      if (const auto sequence = choice->as<Sequence>(); sequence && sequence->of == Sequence::Of::numbers)
        column.allowed = &(number_lists_[c] = is_number_list(sequence->separator, dialect().numbers));
    if (column.kind == Kind::label)
      if (const Category* category = roles_.written<Category>(c)) column.replace = &category->replace;
  }
}

ColumnUse Loading::use_of_order(const Facts& facts, std::vector<Problem>& problems) const {
  const std::size_t c = *roles_.order;
  ColumnUse use = use_of_feature(facts, declared(c));
  use.exact = !roles_.is_feature(c);
  if (use.as == As::number || use.as == As::date) return use;
  problems.push_back({{},
                      order_key() + ": column '" + roles_.names[c] +
                          "' must hold numbers or dates to put rows in order; it " +
                          (facts.cells == 0 ? use.why
                           : declared(c)    ? "is declared a category"
                                            : "has " + use.why),
                      {"dates of another form: data.columns: {" + in_yaml(roles_.names[c]) +
                       ": {date: {format: \"%d/%m/%Y\"}}}"}});
  return use;
}

std::vector<ColumnUse> Loading::uses_of_columns() {
  std::vector<ColumnUse> uses(roles_.names.size());
  std::vector<Problem> problems;
  std::vector<UnclearTarget> unclear;
  for (std::size_t c = 0; c < uses.size(); ++c) {
    if (c >= roles_.in_file) uses[c] = use_of_feature({}, declared(c));
    if (plan_.columns[c].kind == Kind::skip || roles_.split == c) continue;
    const Facts facts = facts_of(raw_, plan_.columns[c], c, training_sources_, dialect().numbers);
    if (roles_.group == c || roles_.weight == c)
      uses[c].facts = facts;
    else if (roles_.pixel_of[c] >= 0)
      uses[c] = {As::number, "a pixel", facts};
    else if (roles_.is_target(c))
      uses[c] = use_of_target(facts, declared(c), roles_.names[c], raw_, plan_.columns[c], training_sources_,
                              dialect().numbers, request_.hints, problems, unclear);
    else if (roles_.order == c)
      uses[c] = use_of_order(facts, problems);
    else
      uses[c] = use_of_feature(facts, declared(c));
  }
  if (raw_.rows == 0) {
    Problem problem;
    problem.place.file = files_.front().file.shown();
    const bool header = dialect().header && files_.front().file.csv();
    problem.message = "the file has no rows" + std::string(header ? " below its header" : "");
    if (header) problem.help = {"if its first row is data: data.csv.header: false"};
    throw Error(Fault::data, {std::move(problem)});
  }
  if (!unclear.empty()) problems.push_back(which_it_is(unclear));
  if (!problems.empty()) throw Error(Fault::configuration, std::move(problems));
  return uses;
}

void Loading::read() {
  guesses_ = guess_columns(sources_.front(), roles_, settings_.csv);
  std::vector<Kind> kinds;
  for (const Guess& guess : guesses_) kinds.push_back(guess.kind);
  while (true) {
    plan_reading(kinds);
    raw_ = {};
    raw_ = read_table(sources_, plan_, settings_.csv.missing);
    uses_ = uses_of_columns();
    bool settled = true;
    for (std::size_t c = 0; c < roles_.in_file; ++c) {
      if (uses_[c].as == As::none || uses_[c].kind() == kinds[c]) continue;
      kinds[c] = uses_[c].kind();
      settled = false;
    }
    if (settled) return sort_out_texts();
  }
}

/// A feature that is not read for what it is.
void Loading::drop(std::size_t c) {
  uses_[c].as = As::none;
  roles_.why_ignored[c] = uses_[c].why;
  std::erase(roles_.features, c);
  for (auto& group : groups_) std::erase(group, c);
}

void Loading::drop_texts() {
  constexpr std::int64_t enough_rows = 50;
  if (settings_.windows) drop_time();
  warn_of_numbers_as_labels(raw_, plan_, roles_, uses_, dialect().numbers, out_.warnings);
  const auto names_pictures = [&](std::size_t c) {
    const auto& texts = labels_of(c).texts;
    return texts.size() > 0 && named_picture(texts[0]);
  };
  std::vector<std::string> ways;
  for (const std::size_t c : std::vector<std::size_t>(roles_.features)) {
    const Facts& facts = uses_[c].facts;
    const std::string& name = roles_.names[c];
    if (uses_[c].as == As::none) {
      drop(c);
      warn("column '" + name + "' has no value in any row and is ignored",
           {"to be rid of this warning: data.ignore: [" + in_yaml(name) + "]"});
    } else if (uses_[c].as == As::category && !declared(c) && facts.cells >= enough_rows &&
               facts.distinct * 2 > facts.cells) {
      const bool pictures = names_pictures(c);
      uses_[c].why = std::to_string(facts.distinct) + " different texts in " + count_of(facts.cells, "row");
      drop(c);
      ways.push_back("column '" + name +
                     (pictures ? "' names pictures: declare it, data.columns: {" + in_yaml(name) + ": image}"
                               : "' is text, most of it different in each row: declare it, data.columns: {" +
                                     in_yaml(name) + ": text}, or sequence, or category"));
      const Dictionary& texts = labels_of(c).texts;
      bool large = false;
      for (std::size_t k = 0; k < texts.size() && !large; ++k)
        large = beyond_float(texts[k], dialect().numbers.decimal);
      warn("column '" + name + "' is text, " + std::to_string(facts.distinct) + " different ones in " +
               count_of(facts.cells, "row") + ", and is ignored",
           {large ? "if they are numbers: they go up to 3.4e38; write them in a larger unit"
                  : "to learn from it: data.columns: {" + in_yaml(name) +
                        (pictures ? ": image}" : ": text}, or category"),
            "to be rid of this warning: data.ignore: [" + in_yaml(name) + "]"});
    }
  }
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    if (!groups_[g].empty() || tells_itself(settings_)) continue;
    if (ways.empty()) ways = {"declare one of the ignored columns in data.columns"};
    std::vector<Problem> problems = std::move(out_.warnings);  // they say why columns are not what they seem
    problems.push_back({{}, "no feature is left for model." + request_.groups[g].stack, std::move(ways)});
    throw Error(Fault::data, std::move(problems));
  }
}

void Loading::check_uses() {
  std::vector<Problem> problems;
  AlikeProblems alike;
  const auto add = [&](std::size_t c, const std::string& words) {
    const std::string& name = roles_.names[c];
    alike.add(declared(c), words, name, {{}, "data.columns." + in_yaml(name) + ": " + words, {}});
  };
  const auto named = [&](std::size_t c) {  // not only met by a glob
    return std::any_of(settings_.columns.begin(), settings_.columns.end(),
                       [&](const auto& entry) { return entry.first == roles_.names[c]; });
  };
  for (std::size_t c = 0; c < uses_.size(); ++c) {
    if (!declared(c) || uses_[c].as == As::none) continue;
    if (const auto number = declared(c)->as<Number>(); number && roles_.is_target(c) && named(c)) {
      if (!number->straight())
        add(c,
            "this scale is for features, and this is the target; its scale can be standard, minmax, robust "
            "or none");
      if (number->missing == Number::Missing::median || number->missing == Number::Missing::mode ||
          number->missing == Number::Missing::constant)
        add(c, "nothing can stand for a missing target; rows without one are left out");
    }
    const auto category = declared(c)->as<Category>();
    if (!category) continue;
    if (roles_.is_target(c) && named(c) && category->encode != Category::Encode::automatic)
      add(c, "encode is for features, and this is the target");
    if (roles_.is_target(c) && named(c) && category->min_count != 1)
      add(c, "min_count is for features, and this is the target");
    if (!roles_.is_target(c) && category->positive)
      add(c, "positive is for the target, and this is a feature");
  }
  for (const std::size_t c : roles_.targets) {
    if (uses_[c].as == As::image && !sources_.front().file_of(c).idx())
      add(c, "the target cannot be an image");
    if (uses_[c].as == As::text) add(c, "the target of this task cannot be a text");
    if (uses_[c].as == As::sequence) add(c, "the target of this task cannot be a sequence");
  }
  check_idx(problems);
  check_picture_groups(problems);
  check_step_groups(problems);
  check_series(problems);
  for (const Choice* choice : roles_.general)
    if (const auto category = choice->as<Category>(); category && category->positive)
      problems.push_back({{}, "data.columns: positive is for the target, which is to be named", {}});
  const bool tells = std::any_of(request_.groups.begin(), request_.groups.end(),
                                 [](const InputGroup& group) { return group.told; });
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    if (!request_.groups[g].codes || settings_.windows) continue;
    if (std::any_of(groups_[g].begin(), groups_[g].end(), [&](std::size_t c) { return is_text(c); }))
      continue;  // others beside them are check_step_groups'
    for (const std::size_t c : groups_[g]) {
      if (uses_[c].as != As::category) {
        const std::string stack = "model." + request_.groups[g].stack;
        const std::string thing = uses_[c].as == As::date       ? "date"
                                  : uses_[c].as == As::image    ? "picture"
                                  : uses_[c].as == As::sequence ? "sequence of numbers"
                                                                : "number";
        alike.add(nullptr, stack + thing, roles_.names[c],
                  {{},
                   stack + " begins with an embedding, which reads " + (tells ? "texts" : "categories") +
                       ", but '" + roles_.names[c] + "' is a " + thing,
                   {uses_[c].as == As::image ? "begin it with another layer, such as conv2d or flatten"
                                             : "data.columns: {" + in_yaml(roles_.names[c]) +
                                                   (uses_[c].as == As::sequence ? ": {sequence: symbols}}"
                                                    : tells                     ? ": text}"
                                                                                : ": category}")}});
      } else if (roles_.options<Category>(c).encode == Category::Encode::one_hot) {
        add(c, "it cannot be one_hot where model." + request_.groups[g].stack + " begins with an embedding");
      }
    }
  }
  alike.append_to(problems);
  if (!problems.empty()) throw Error(Fault::configuration, std::move(problems));
}

Dataset Loading::finish() {
  encoding_->lay_out();
  if (request_.look_for_junk) {
    count_distinct(raw_, plan_, uses_, out_.columns);
    warn_of_counters(raw_, plan_, roles_, uses_, out_.warnings);
    warn_of_constants(*encoding_, moments_, plan_, roles_, out_.warnings);
    if (!tells_itself(settings_))  // a forecast does not see the features of the row it tells
      warn_of_leaks(raw_, plan_, roles_, part(Part::training), out_.warnings);
  }
  hand_over_pictures();
  Slots slots;
  for (const std::size_t c : roles_.features) slots.features.push_back(plan_.columns[c].slot);
  for (const std::size_t c : roles_.targets) slots.targets.push_back(plan_.columns[c].slot);
  if (roles_.weight) slots.weight = plan_.columns[*roles_.weight].slot;
  auto rows = std::make_shared<TableRows>(encoding_, std::move(raw_), slots);
  check_step_labels(*rows, slots.features);
  if (!settings_.windows) remark_texts(*rows);
  if (request_.look_for_junk && !settings_.windows) warn_of_shared_rows(*rows, out_, out_.warnings);
  for (const DataFile& data : files_)
    for (const TableFile* file : data.all()) {
      const auto path = std::filesystem::absolute(file->path()).lexically_normal();
      const auto prints = prints_.find(file);
      out_.files.push_back({path.string(), request_.hash_files ? hash_of_data(path) : "",
                            prints == prints_.end() ? "" : prints->second.text()});
    }
  for (std::size_t c = out_.columns.size(); c-- > 0;)
    if (roles_.pixel_of[c] >= 0) out_.columns.erase(out_.columns.begin() + static_cast<std::ptrdiff_t>(c));
  if (settings_.windows)
    out_.rows = make_series(std::move(rows));
  else
    out_.rows = std::move(rows);
  remark_empty_parts();
  out_.encoding = std::move(encoding_);
  return std::move(out_);
}

void check_columns(const DataSettings& settings, const DataRequest& request) {
  if (!request.text && request.target_stack.empty()) Loading(settings, request);
}

Dataset load_dataset(const DataSettings& settings, const DataRequest& request) try {
  if (request.text) return load_text(settings, request);
  if (!request.target_stack.empty()) return load_told_text(settings, request);
  Loading loading(settings, request);
  loading.read();
  loading.check_cells();
  loading.drop_texts();
  loading.check_uses();
  loading.read_pictures();
  loading.split();
  loading.fit();
  return loading.finish();
} catch (const std::bad_alloc&) {
  throw Error(Fault::data, "memory ran out while the data was read",
              {"leave columns out (data.ignore, or data.features), or rows"});
}

}  // namespace bpnet
