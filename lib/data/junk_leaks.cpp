#include <algorithm>
#include <cmath>
#include <map>

#include "data/image.hpp"
#include "data/junk.hpp"
#include "data/words.hpp"

namespace bpnet {

namespace {

using Kind = ReadColumn::Kind;
constexpr std::size_t most_looked_at = 2000, fewest_looked_at = 20;
constexpr double surely_related = 0.99999;  // correlation

/// A column's cells in the rows looked at.
struct Column {
  bool labels = false;
  std::vector<double> values;  // missing: NaN; of labels: their codes
};

Column column_of(const RawTable& raw, const ReadColumn& column, std::span<const std::int64_t> rows) {
  Column out;
  out.labels = column.kind == Kind::label;
  for (const std::int64_t row : rows) {
    const auto r = static_cast<std::size_t>(row);
    const auto slot = static_cast<std::size_t>(column.slot);
    double value = std::nan("");
    if (column.kind == Kind::number) value = static_cast<double>(raw.numbers.row(row)[slot]);
    if (column.kind == Kind::exact) value = raw.exacts[slot][r];
    if (column.kind == Kind::label && raw.labels[slot].codes[r] >= 0) value = raw.labels[slot].codes[r];
    out.values.push_back(value);
  }
  return out;
}

/// value(cell of the feature) and target, of the rows where neither is missing.
template <class F>
std::vector<std::pair<double, double>> pairs_of(const Column& feature, const Column& target, F value) {
  std::vector<std::pair<double, double>> pairs;
  for (std::size_t i = 0; i < feature.values.size(); ++i) {
    const double x = value(feature.values[i]);
    if (!std::isnan(x) && !std::isnan(target.values[i])) pairs.emplace_back(x, target.values[i]);
  }
  return pairs;
}

bool correlated(const std::vector<std::pair<double, double>>& pairs) {
  const auto n = static_cast<double>(pairs.size());
  double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
  for (const auto& [x, y] : pairs) {
    mx += x / n;
    my += y / n;
  }
  for (const auto& [x, y] : pairs) {
    xx += (x - mx) * (x - mx);
    yy += (y - my) * (y - my);
    xy += (x - mx) * (y - my);
  }
  return xx > 0 && yy > 0 && std::abs(xy) >= surely_related * std::sqrt(xx * yy);
}

/// Whether thresholds on the feature, one less than there are classes, part the classes.
bool parted_by_thresholds(std::vector<std::pair<double, double>> pairs) {
  std::sort(pairs.begin(), pairs.end());
  std::map<double, int> rows_of_class;
  for (const auto& [x, y] : pairs) ++rows_of_class[y];
  if (rows_of_class.size() < 2) return false;
  std::size_t stretches = 1;
  for (std::size_t i = 1; i < pairs.size(); ++i) {
    if (pairs[i].second == pairs[i - 1].second) continue;
    if (pairs[i].first == pairs[i - 1].first) return false;
    ++stretches;
  }
  return stretches == rows_of_class.size() &&
         std::all_of(rows_of_class.begin(), rows_of_class.end(), [](const auto& c) { return c.second > 1; });
}

/// Whether each label of the feature has one value of the target, and labels are few enough to mean
/// something.
bool told_by_label(const std::vector<std::pair<double, double>>& pairs) {
  std::map<double, double> value_of_label;
  for (const auto& [x, y] : pairs) {
    const auto [at, fresh] = value_of_label.emplace(x, y);
    if (!fresh && at->second != y) return false;
  }
  const bool varied = std::any_of(value_of_label.begin(), value_of_label.end(),
                                  [&](const auto& l) { return l.second != value_of_label.begin()->second; });
  return varied && value_of_label.size() * 5 <= pairs.size();
}

bool gives(const Column& feature, const Column& target) {
  // Whether a cell is there can tell as much as what is in it.
  const auto there = pairs_of(feature, target, [](double x) { return std::isnan(x) ? 0.0 : 1.0; });
  if (there.size() >= fewest_looked_at && told_by_label(there)) return true;
  const auto pairs =
      pairs_of(feature, target, [&](double x) { return feature.labels && std::isnan(x) ? -1.0 : x; });
  if (pairs.size() < fewest_looked_at) return false;
  if (feature.labels) return told_by_label(pairs);
  return target.labels ? parted_by_thresholds(pairs) : correlated(pairs);
}

}  // namespace

void warn_of_leaks(const RawTable& raw, const ReadPlan& plan, const Roles& roles,
                   std::span<const std::int64_t> training, std::vector<Problem>& warnings) {
  const std::size_t step = std::max<std::size_t>(1, training.size() / most_looked_at);
  std::vector<std::int64_t> rows;
  for (std::size_t i = 0; i < training.size() && rows.size() < most_looked_at; i += step)
    rows.push_back(training[i]);
  for (const std::size_t t : roles.targets) {
    const Column target = column_of(raw, plan.columns[t], rows);
    for (const std::size_t f : roles.features) {
      if (roles.written<Image>(f)) continue;
      if (!gives(column_of(raw, plan.columns[f], rows), target)) continue;
      warnings.push_back({{},
                          "column '" + roles.names[f] + "' alone gives the target '" + roles.names[t] +
                              "': will it be known when the model is used?",
                          {"if not: data.ignore: [" + in_yaml(roles.names[f]) + "]"},
                          Severity::warning});
    }
  }
}

}  // namespace bpnet
