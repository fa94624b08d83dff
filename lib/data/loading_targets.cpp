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
  target.labels = Labels::fit(column.texts, count_labels(column, part(Part::training)), dialect().decimal, 1);
  if (target.labels.size() == 0) no_values(target.name);
  if (target.labels.size() == 1) nothing_to_learn(target.name, in_quotes(target.labels.names()[0]));
  if (!options.positive || target.labels.move_last(*options.positive)) return;
  const auto near = near_words(*options.positive, target.labels.names());
  throw Error(Fault::configuration,
              "data.columns." + in_yaml(target.name) + ": positive is '" + *options.positive +
                  "', which is not one of its classes",
              {near.empty() ? listed(target.labels.names(), "classes") : "did you mean '" + near[0] + "'?"});
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
  target.mean = m.mean;
  target.deviation = m.deviation;
  target.least = *std::min_element(values.begin(), values.end());
  if (options.needs_order()) std::sort(values.begin(), values.end());
  const Line line = line_of(options.straight() ? options.scale : Number::Scale::standard, m, values);
  target.scale = {line.shift, line.divisor};
}

void Loading::check_weights() const {
  const std::vector<double>& weights = exacts_of(*roles_.weight);
  for (const std::int64_t row : part(Part::training))
    if (weights[static_cast<std::size_t>(row)] > 0) return;
  throw Error(Fault::data, "data.weight: '" + roles_.names[*roles_.weight] + "' is 0 in every training row");
}

}  // namespace bpnet
