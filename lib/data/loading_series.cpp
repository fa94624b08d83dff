#include <algorithm>

#include "data/loading.hpp"
#include "data/series_gaps.hpp"
#include "data/series_rows.hpp"
#include "data/words.hpp"
#include "spec/spec.hpp"

namespace bpnet {

namespace {
using As = ColumnUse::As;

/// Which of the two asks for more rows.
std::string longer_of(const SeriesCode& code) {
  return code.horizon > code.window ? "make the horizon shorter: data.series.horizon"
                                    : "make the window shorter: data.series.window";
}
}  // namespace

/// The columns that sort and tell apart series are those that sort and group rows elsewhere.
void Loading::declare_series() {
  SplitSettings& split = settings_.split;
  std::vector<Problem> problems;
  const auto refuse = [&](bool given, const std::string& key, const char* why) {
    if (given) problems.push_back({{}, "data.split." + key + ": " + why, {"leave it out"}});
  };
  refuse(!split.group.empty(), "group", "each series is cut in time order (data.series.by)");
  refuse(!split.order.empty(), "order", "series are cut in the order of data.series.time");
  refuse(split.stratify == SplitSettings::Stratify::yes, "stratify", "series are cut in time order");
  if (settings_.series.time.empty())
    problems.push_back({{},
                        "data.series: no column is named that puts the rows in order",
                        {"say series: {time: COLUMN, ...}"}});
  if (settings_.series.horizon == 0 && !settings_.series.known.empty())
    problems.push_back({{},
                        "data.series.known: with horizon 0 nothing lies ahead",
                        {"leave known out, or say how many steps are told: horizon: 1"}});
  if (!problems.empty()) throw Error(Fault::configuration, std::move(problems));
  split.order = settings_.series.time;
  split.group = settings_.series.by;
}

std::string Loading::order_key() const { return settings_.windows ? "data.series.time" : "data.split.order"; }

/// Numbers that only count steps go on growing, and say nothing of steps to come.
void Loading::drop_time() {
  const std::size_t c = *roles_.order;
  if (!roles_.is_feature(c) || uses_[c].as != As::number || declared(c)) return;
  uses_[c].as = As::none;
  std::erase(roles_.features, c);
  for (auto& group : groups_) std::erase(group, c);
}

/// One stack reads windows, of numbers.
void Loading::check_series(std::vector<Problem>& problems) const {
  if (!settings_.windows) return;
  if (groups_.size() > 1)
    problems.push_back({{}, "data.series: windows go into one stack", {"write model as a list of layers"}});
  if (request_.groups[0].codes)
    problems.push_back({{},
                        "data.series: a window holds numbers, but model." + request_.groups[0].stack +
                            " begins with an embedding, which reads categories",
                        {"begin it with another layer, such as lstm: 32"}});
  for (const std::size_t c : roles_.features) {
    const std::string key = "data.columns." + in_yaml(roles_.names[c]) + ": ";
    if (uses_[c].as == As::image || uses_[c].as == As::text || uses_[c].as == As::sequence)
      problems.push_back({{},
                          key + "a step of a series cannot be " +
                              (uses_[c].as == As::image  ? "an image"
                               : uses_[c].as == As::text ? "a text"
                                                         : "a sequence"),
                          {"leave it out: data.ignore: [" + in_yaml(roles_.names[c]) + "]"}});
    if (uses_[c].as == As::category && roles_.options<Category>(c).encode == Category::Encode::embedding)
      problems.push_back({{}, key + "a category of a series can be one_hot only", {}});
  }
  std::vector<std::string> names;
  for (const std::size_t c : roles_.features) names.push_back(roles_.names[c]);
  for (const std::string& name : settings_.series.known) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    if (std::any_of(roles_.targets.begin(), roles_.targets.end(),
                    [&](std::size_t c) { return roles_.names[c] == name; })) {
      problems.push_back({{},
                          "data.series.known: '" + name + "' is the target, which is not known ahead",
                          {"leave it out: each step of a window has what the target was anyhow"}});
      continue;
    }
    const auto near = near_words(name, names);
    problems.push_back({{},
                        "data.series.known: no feature is called '" + name + "'",
                        {near.empty() ? listed(names, "features") : "did you mean '" + near[0] + "'?"}});
  }
}

/// What is known of the windows before the features' codes are.
SeriesCode Loading::series_code() const {
  const SeriesSettings& from = settings_.series;
  SeriesCode out;
  out.time = from.time;
  out.by = from.by;
  out.dates = uses_[*roles_.order].as == As::date;
  if (out.dates) out.form = DateForm::without_parts(roles_.options<Date>(*roles_.order));
  out.window = static_cast<int>(from.window);
  out.horizon = static_cast<int>(from.horizon);
  out.step = static_cast<int>(std::min<std::int64_t>(from.step, 1 << 30));
  out.grid = from.layout == SeriesSettings::Layout::grid;
  for (std::size_t f = 0; f < roles_.features.size(); ++f)
    if (std::find(from.known.begin(), from.known.end(), roles_.names[roles_.features[f]]) != from.known.end())
      out.known.push_back(f);
  return out;
}

/// The steps of each series in time order, the last for the test: rows as yet, of which statistics are taken.
void Loading::split_series() {
  encoding_->windows = series_code();
  const SeriesCode& code = *encoding_->windows;
  const double validation = settings_.split.validation.value / 100, test = settings_.split.test.value / 100;
  const Shares shares{validation, settings_.train.empty() ? test : 0};
  const bool cut = !roles_.split && settings_.validation.empty();
  const LabelColumn* const by = roles_.group ? &labels_of(*roles_.group) : nullptr;
  std::int64_t short_ones = 0;
  std::string first_short;
  std::size_t longest = 0;
  for (const Part p : {Part::training, Part::validation, Part::test})
    for (Series& one :
         series_of(code, usable_rows(p),
                   raw_.exacts[static_cast<std::size_t>(plan_.columns[*roles_.order].key)], by, raw_.lines)) {
      longest = std::max(longest, one.rows.size());
      if (one.rows.size() < static_cast<std::size_t>(code.span())) {
        if (short_ones++ == 0)
          first_short = (code.by.empty() ? "" : in_quotes(one.name) + " ") + "with " +
                        count_of(static_cast<std::int64_t>(one.rows.size()), "row");
        continue;
      }
      if (p != Part::training)
        out_.parts[static_cast<std::size_t>(p)].insert(out_.parts[static_cast<std::size_t>(p)].end(),
                                                       one.rows.begin(), one.rows.end());
      else if (roles_.split)
        split_by_column(one.rows);
      else
        append_parts(cut_in_order(one.rows, cut ? shares : Shares{}));
      series_.push_back(std::move(one));
    }
  if (series_.empty())
    throw Error(Fault::data,
                "data.series: a window of " + std::to_string(code.window) + " and a horizon of " +
                    std::to_string(code.horizon) + " need " + count_of(code.span(), "row") + ", but " +
                    (code.by.empty() ? "there are " + std::to_string(longest)
                                     : "the longest series has " + std::to_string(longest)),
                {longer_of(code)});
  if (short_ones > 0)
    warn(std::to_string(short_ones) + " series of fewer than " + std::to_string(code.span()) +
         " rows (window and horizon) " + (short_ones == 1 ? "is" : "are") +
         " left out: " + (short_ones == 1 ? "" : "first ") + first_short);
  warn_of_gaps();
  for (auto& rows : out_.parts) std::sort(rows.begin(), rows.end());
}

/// Windows are of rows that follow each other, whatever their times are.
void Loading::warn_of_gaps() {
  const SeriesCode& code = *encoding_->windows;
  const auto found = gaps_of(code, series_);
  if (!found) return;
  const bool one = found->gaps == 1;
  out_.warnings.push_back(
      {raw_.lines.of(found->first_row),
       "steps of a series are mostly " + found->usual + " apart, but " + count_of(found->gaps, "distance") +
           (one ? " is" : " are") + " larger" +
           (code.by.empty() ? "" : ", in " + std::to_string(found->series) + " series") +
           (one ? "" : ", the first") + " before " + code.time + " " + time_text(code, found->first_time) +
           ": windows run across them",
       {"if rows are missing there, put them in: cells may be empty, and the target's, too"},
       Severity::warning});
}

void Loading::append_parts(const Parts& parts) {
  for (std::size_t p = 0; p < parts.size(); ++p)
    out_.parts[p].insert(out_.parts[p].end(), parts[p].begin(), parts[p].end());
}

/// A window belongs to the part that all of what it tells lies in, and sees no row of a later part.
std::shared_ptr<const Rows> Loading::make_series(std::shared_ptr<const TableRows> rows) {
  constexpr std::uint8_t none = 3;
  std::vector<std::uint8_t> part_of(static_cast<std::size_t>(rows->count()), none);
  for (std::uint8_t p = 0; p < none; ++p)
    for (const std::int64_t row : out_.parts[p]) part_of[static_cast<std::size_t>(row)] = p;
  const std::size_t training_rows = out_.parts[0].size();
  out_.parts = {};
  const auto windows = std::make_shared<SeriesRows>(encoding_, std::move(rows), std::move(series_));
  for (std::int64_t at = 0; at < windows->count(); ++at) {
    const auto part = [&](std::int64_t row) { return part_of[static_cast<std::size_t>(row)]; };
    const auto told = windows->told_of(at), steps = windows->steps_of(at);
    const std::uint8_t own = part(told[0]);
    const bool whole = std::all_of(told.begin(), told.end(), [&](std::int64_t r) { return part(r) == own; });
    const bool sees_later =
        std::any_of(steps.begin(), steps.end(), [&](std::int64_t r) { return part(r) > own; });
    if (!whole || sees_later) continue;
    if (windows->has_target(at))
      out_.parts[own].push_back(at);
    else
      ++out_.without_target;
  }
  if (out_.without_target > 0)
    warn(count_of(out_.without_target, "window") + " without a target " +
         (out_.without_target == 1 ? "is" : "are") + " left out");
  if (out_.parts[0].empty())
    throw Error(Fault::data,
                "data.series: no window with its horizon fits in the training rows: it needs " +
                    count_of(encoding_->windows->span(), "row") + ", and all series together have " +
                    std::to_string(training_rows),
                {longer_of(*encoding_->windows) + "; or make validation and test smaller: data.split"});
  remark_small_parts();
  return windows;
}

}  // namespace bpnet
