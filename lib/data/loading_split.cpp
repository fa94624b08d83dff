#include <algorithm>
#include <cmath>
#include <map>

#include "data/loading.hpp"
#include "data/row_marks.hpp"
#include "data/words.hpp"

namespace bpnet {

namespace {
using As = ColumnUse::As;
constexpr std::size_t few_rows = 30;
constexpr const char* part_names[] = {"training", "validation", "test"};

/// Each stratum of before and each label make one together, numbered in their order.
void combine(std::vector<std::int32_t>& strata, std::span<const std::int32_t> labels) {
  std::map<std::pair<std::int32_t, std::int32_t>, std::int32_t> numbers;
  for (std::size_t i = 0; i < strata.size(); ++i) numbers.try_emplace({strata[i], labels[i]}, 0);
  std::int32_t next = 0;
  for (auto& [pair, number] : numbers) number = next++;
  for (std::size_t i = 0; i < strata.size(); ++i) strata[i] = numbers[{strata[i], labels[i]}];
}

/// Combinations of classes in few rows are one stratum, as each alone could not be cut.
void join_small(std::vector<std::int32_t>& strata) {
  constexpr std::int64_t few = 10;
  std::map<std::int32_t, std::int64_t> counts;
  for (const std::int32_t s : strata) ++counts[s];
  for (std::int32_t& s : strata)
    if (counts[s] < few) s = static_cast<std::int32_t>(counts.size());
}
}  // namespace

/// By row: whether it has a target. A column after the other, as most have one.
std::vector<char> Loading::told_rows() const {
  const auto rows = static_cast<std::size_t>(raw_.rows);
  if (settings_.windows) return std::vector<char>(rows, 1);  // a step of a series stays in its place
  std::vector<char> out(rows);
  for (const std::size_t c : roles_.targets)
    if (uses_[c].as == As::classes)
      mark_there(labels_of(c).codes, out);
    else
      mark_there(exacts_of(c), out);
  for (std::size_t g = 0; g < groups_.size(); ++g)
    if (request_.groups[g].told)
      for (const std::size_t c : groups_[g]) mark_there(labels_of(c).codes, out);
  return out;
}

/// Rows with a target, and with a cell wherever a column wants one.
std::vector<std::int64_t> Loading::usable_rows(Part part) {
  const std::vector<char> told = told_rows();
  std::vector<char> misses(static_cast<std::size_t>(raw_.rows));
  for (const std::size_t c : roles_.features)
    if (drops_missing(c)) mark_missing(raw_.numbers, plan_.columns[c].slot, misses);
  std::vector<std::int64_t> rows;
  std::size_t count = 0;
  for (std::size_t s = 0; s < files_.size(); ++s) {
    if (files_[s].part != part) continue;
    rows.resize(count + static_cast<std::size_t>(raw_.first_rows[s + 1] - raw_.first_rows[s]));
    for (std::int64_t row = raw_.first_rows[s]; row < raw_.first_rows[s + 1]; ++row) {
      const auto r = static_cast<std::size_t>(row);
      const bool there = !left_out_[r], usable = there && told[r] && !misses[r];
      out_.without_target += there && !told[r];
      dropped_ += there && told[r] && misses[r];
      rows[count] = row;
      count += usable;
    }
  }
  rows.resize(count);
  return rows;
}

bool Loading::drops_missing(std::size_t c) const {
  if (uses_[c].as == As::number) return roles_.options<Number>(c).missing == Number::Missing::drop;
  return uses_[c].as == As::date && roles_.options<Date>(c).missing == Date::Missing::drop;
}

/// Strata by position in rows: classes of one target, or their combinations of several.
std::vector<std::int32_t> Loading::strata(std::span<const std::int64_t> rows) const {
  using Stratify = SplitSettings::Stratify;
  const Stratify wish = settings_.split.stratify;
  if (wish == Stratify::no) return {};
  std::vector<std::size_t> targets;
  for (const std::size_t c : roles_.targets)
    if (uses_[c].as == As::classes) targets.push_back(c);
  if (wish == Stratify::yes && targets.empty())
    throw Error(Fault::configuration, "data.split.stratify: true needs a target of classes");
  if (targets.empty() || (wish == Stratify::automatic && targets.size() < roles_.targets.size())) return {};
  std::vector<std::int32_t> out(rows.size(), 0);
  for (const std::size_t c : targets) {
    const LabelColumn& column = labels_of(c);
    const Labels labels = Labels::fit(column.texts, count_labels(column, rows), dialect().numbers, 1);
    std::vector<std::int32_t> positions;
    for (std::size_t k = 0; k < column.texts.size(); ++k) positions.push_back(labels.find(column.texts[k]));
    std::vector<std::int32_t> classes;
    for (const std::int64_t row : rows) {
      // Rows without this target (but with another) are like a class of their own.
      const std::int32_t code = column.codes[static_cast<std::size_t>(row)];
      classes.push_back(code < 0 ? labels.size() : positions[static_cast<std::size_t>(code)]);
    }
    combine(out, classes);
  }
  if (targets.size() > 1) join_small(out);
  return out;
}

void Loading::split_by_column(std::span<const std::int64_t> rows) {
  const LabelColumn& column = labels_of(*roles_.split);
  for (const std::int64_t row : rows) {
    const auto code = static_cast<std::size_t>(column.codes[static_cast<std::size_t>(row)]);
    out_.parts[static_cast<std::size_t>(*part_named(column.texts[code]))].push_back(row);
  }
}

std::vector<std::int64_t> Loading::in_order(std::span<const std::int64_t> rows) const {
  const std::vector<double>& keys = raw_.exacts[static_cast<std::size_t>(plan_.columns[*roles_.order].key)];
  std::vector<std::int64_t> out(rows.begin(), rows.end());
  std::stable_sort(out.begin(), out.end(), [&](std::int64_t a, std::int64_t b) {
    return keys[static_cast<std::size_t>(a)] < keys[static_cast<std::size_t>(b)];
  });
  return out;
}

Parts Loading::cut(std::span<const std::int64_t> rows, Shares shares) const {
  if (roles_.order) return cut_in_order(in_order(rows), shares);
  if (!roles_.group) return draw_parts(rows, strata(rows), shares, settings_.split.seed);
  const LabelColumn& column = labels_of(*roles_.group);
  std::vector<std::int32_t> groups;
  for (const std::int64_t row : rows) groups.push_back(column.codes[static_cast<std::size_t>(row)]);
  return draw_groups(rows, groups, column.texts, shares, settings_.split.seed);
}

void Loading::split() {
  if (settings_.windows) return split_series();
  const std::vector<std::int64_t> rows = usable_rows(Part::training);
  const double validation = settings_.split.validation.value / 100, test = settings_.split.test.value / 100;
  if (roles_.split) {
    split_by_column(rows);
  } else if (settings_.train.empty()) {
    out_.parts = cut(rows, {validation, test});
  } else if (settings_.validation.empty()) {
    out_.parts = cut(rows, {validation, 0});
  } else {
    out_.parts[0] = rows;
    out_.parts[1] = usable_rows(Part::validation);
  }
  if (!settings_.test.empty()) out_.parts[2] = usable_rows(Part::test);
  const auto tell = [&](std::int64_t n, const char* why) {
    if (n > 0) warn(count_of(n, "row") + " " + why + " " + (n == 1 ? "is" : "are") + " left out");
  };
  tell(out_.without_target, "without a target");
  tell(dropped_, "with a missing cell (missing: drop)");
  if (out_.parts[0].empty())
    throw Error(Fault::data, {files_.front().file.shown(), 0, 0, 0, ""}, "no rows are left to learn from");
  remark_small_parts();
}

void Loading::remark_small_parts() {
  std::string small;
  for (std::size_t p = 0; p < out_.parts.size(); ++p) {
    const std::size_t n = out_.parts[p].size();
    if (n == 0 || n >= few_rows) continue;
    small += (small.empty() ? "" : ", ") + std::to_string(n) + " " + part_names[p];
  }
  if (!small.empty()) warn("few rows: " + small + "; scores on so few say little");
}

/// Parts that were asked for and have no row, though there are enough.
void Loading::remark_empty_parts() {
  if (out_.parts[0].size() < few_rows) return;
  const bool classes = std::any_of(roles_.targets.begin(), roles_.targets.end(),
                                   [&](std::size_t c) { return uses_[c].as == As::classes; });
  for (const auto& [p, name, files, share] :
       {std::tuple{Part::validation, "validation", &settings_.validation, settings_.split.validation.value},
        {Part::test, "test", &settings_.test, settings_.train.empty() ? settings_.split.test.value : 0}}) {
    if (!part(p).empty()) continue;
    if (!files->empty())
      warn(std::string("data.") + name + " has no rows to be scored");
    else if (!roles_.split && share > 0)
      warn(std::string("there are no ") + name + " rows: " +
           (settings_.windows ? "those held out are fewer than a window's horizon"
            : roles_.group    ? "there are too few groups"
            : classes         ? "classes of fewer than 3 rows all stay in training"
                              : "there are too few rows"));
  }
}

}  // namespace bpnet
