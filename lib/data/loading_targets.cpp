#include <algorithm>
#include <cmath>

#include "data/loading.hpp"
#include "data/words.hpp"
#include "spec/spec.hpp"

namespace bpnet {

namespace {

using As = ColumnUse::As;

[[noreturn]] void nothing_to_learn(const std::string& target, const std::string& value) {
  throw Error(Fault::data, "data.target: '" + target + "' is " + value +
                               " in every training row: there is nothing to learn");
}

[[noreturn]] void no_values(const std::string& target) {
  throw Error(Fault::data, "data.target: no training row has a value of '" + target + "'");
}

[[noreturn]] void no_such_class(const TargetColumn& target, const std::string& positive) {
  const auto near = near_words(positive, target.labels.names());
  throw Error(Fault::configuration,
              "data.columns." + in_yaml(target.name) + ": positive is '" + positive +
                  "', which is not one of its classes",
              {near.empty() ? listed(target.labels.names(), "classes") : "did you mean '" + near[0] + "'?"});
}

}  // namespace

TargetColumn Loading::fit_target(std::size_t c) {
  TargetColumn target;
  target.name = roles_.names[c];
  target.classes = uses_[c].as == As::classes;
  if (target.classes)
    fit_classes(c, target);
  else
    fit_number(c, target);
  return target;
}

void Loading::fit_classes(std::size_t c, TargetColumn& target) const {
  const Category options = roles_.options<Category>(c);
  const LabelColumn& column = labels_of(c);
  target.replace = options.replace;
  target.labels = Labels::fit(column.texts, count_labels(column, part(Part::training)), dialect().numbers, 1);
  if (target.labels.size() == 0) no_values(target.name);
  if (target.labels.size() == 1) nothing_to_learn(target.name, in_quotes(target.labels.names()[0]));
  if (options.positive && !target.labels.move_last(*options.positive))
    no_such_class(target, *options.positive);
  if (!roles_.weight) return;
  target.weights.assign(target.labels.names().size(), 0);
  for (const std::int64_t row : part(Part::training)) {
    const auto r = static_cast<std::size_t>(row);
    if (column.codes[r] < 0) continue;
    const std::string& text = column.texts[static_cast<std::size_t>(column.codes[r])];
    target.weights[static_cast<std::size_t>(target.labels.find(text))] += weight_of(row);
  }
}

double Loading::weight_of(std::int64_t row) const {
  return roles_.weight ? exacts_of(*roles_.weight)[static_cast<std::size_t>(row)] : 1;
}

void Loading::fit_number(std::size_t c, TargetColumn& target) {
  const Number options = roles_.options<Number>(c);
  target.refuse_missing = options.missing == Number::Missing::error;
  std::vector<double> values;
  for (const std::int64_t row : part(Part::training))
    if (const double x = exacts_of(c)[static_cast<std::size_t>(row)]; !std::isnan(x)) values.push_back(x);
  if (values.empty()) no_values(target.name);
  Moments m;
  m.count = static_cast<std::int64_t>(values.size());
  const auto count = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const double x : values) sum += x;
  m.mean = sum / count;
  for (const double x : values) squares += (x - m.mean) * (x - m.mean);
  if (squares == 0) nothing_to_learn(target.name, short_number(m.mean));
  m.deviation = std::sqrt(squares / count);
  target_details_[c] = told(m.mean, m.deviation);
  const Moments weighted = roles_.weight ? weighted_moments(c) : m;
  target.mean = weighted.mean;
  target.deviation = weighted.deviation;
  if (encoding_->windows && encoding_->windows->horizon > 0) {
    std::vector<bool> counted(static_cast<std::size_t>(raw_.rows));
    for (const std::int64_t row : part(Part::training)) counted[static_cast<std::size_t>(row)] = true;
    for (const int season : request_.seasons)
      target.seasonal.push_back(seasonal_error(series_, exacts_of(c), counted, season));
  }
  target.least = *std::min_element(values.begin(), values.end());
  if (options.needs_order()) std::sort(values.begin(), values.end());
  const Line line = line_of(options.straight() ? options.scale : Number::Scale::standard, m, values);
  target.scale = {line.shift, line.divisor};
}

/// Of a target's numbers in the training rows, each counting by its row's weight.
Moments Loading::weighted_moments(std::size_t c) const {
  Moments m;
  double all = 0, squares = 0;
  for (const std::int64_t row : part(Part::training)) {  // West 1979
    const double x = exacts_of(c)[static_cast<std::size_t>(row)], weight = weight_of(row);
    if (std::isnan(x) || weight == 0) continue;
    ++m.count;
    all += weight;
    const double distance = x - m.mean;
    m.mean += distance * weight / all;
    squares += weight * distance * (x - m.mean);
  }
  if (all > 0) m.deviation = std::sqrt(squares / all);
  return m;
}

void Loading::check_weights() {
  const std::vector<double>& weights = exacts_of(*roles_.weight);
  const auto none = [&](Part p) {
    const auto rows = part(p);
    return !rows.empty() && std::none_of(rows.begin(), rows.end(), [&](std::int64_t row) {
      return weights[static_cast<std::size_t>(row)] > 0;
    });
  };
  const std::string& name = roles_.names[*roles_.weight];
  if (none(Part::training))
    throw Error(Fault::data, "data.weight: '" + name + "' is 0 in every training row");
  for (const auto& [p, rows] : {std::pair{Part::validation, "validation"}, {Part::test, "test"}})
    if (none(p))
      warn("the weight '" + name + "' is 0 in every " + rows + " row: they have no scores" +
           (p == Part::validation ? ", and choose no epoch" : ""));
}

}  // namespace bpnet
