#include <algorithm>
#include <cmath>
#include <set>

#include "data/loading.hpp"
#include "data/words.hpp"
#include "math/columns.hpp"
#include "spec/spec.hpp"

namespace bpnet {

namespace {

using Kind = ReadColumn::Kind;
using As = ColumnUse::As;

/// "3 classes: a, b, c"
std::string listed(const std::vector<std::string>& names, const char* things) {
  constexpr std::size_t most = 10;
  std::string out = std::to_string(names.size()) + " " + things;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i) out += (i ? ", " : ": ") + names[i];
  return names.size() > most ? out + ", ..." : out;
}

std::string told(double mean, double deviation) {
  return "mean " + short_number(mean) + " deviation " + short_number(deviation);
}

}  // namespace

std::vector<Moments> Loading::moments() const {
  const auto rows = part(Part::training);
  std::vector<Moments> out;
  for (const math::ColumnSums& sums : math::column_sums(raw_.numbers.data(), plan_.width, rows)) {
    Moments m;
    m.count = sums.count;
    m.missing = static_cast<std::int64_t>(rows.size()) - sums.count;
    m.mean = sums.mean;
    if (sums.count > 0) m.deviation = std::sqrt(sums.squares / static_cast<double>(sums.count));
    out.push_back(m);
  }
  return out;
}

/// Floats keep 24 bits. Where a column's values lie close together but far from 0 (a time in seconds), it is
/// read again less its mean.
void Loading::keep_offsets() {
  constexpr double far = 256;
  bool again = false;
  for (ReadColumn& column : plan_.columns) {
    if (column.kind != Kind::number) continue;
    const Moments& m = moments_[static_cast<std::size_t>(column.slot)];
    if (std::abs(m.mean) <= far * m.deviation) continue;
    column.origin = m.mean;
    again = true;
  }
  if (!again) return;
  raw_ = read_table(sources_, plan_, settings_.csv.missing);
  moments_ = moments();
}

void Loading::fit() {
  moments_ = moments();
  keep_offsets();
  encoding_->csv = settings_.csv;
  if (!dialect().header) encoding_->positions = roles_.names;
  fit_features();
  for (const std::size_t c : roles_.targets) encoding_->target_columns.push_back(fit_target(c));
  fit_groups();
  remark_unseen();
  report();
}

void Loading::fit_features() {
  const auto training = part(Part::training);
  for (const std::size_t c : roles_.features) {
    FeatureColumn feature;
    feature.name = roles_.names[c];
    if (uses_[c].as == As::number)
      feature.code =
          NumberCode::fit(options_of<Number>(declared(c)),
                          moments_[static_cast<std::size_t>(plan_.columns[c].slot)], plan_.columns[c].origin);
    else
      feature.code =
          LabelCode::fit(options_of<Category>(declared(c)), labels_of(c), training, dialect().decimal);
    encoding_->features.push_back(std::move(feature));
  }
}

TargetColumn Loading::fit_target(std::size_t c) {
  const auto training = part(Part::training);
  TargetColumn target;
  target.name = roles_.names[c];
  const auto nothing_to_learn = [&](const std::string& value) {
    throw Error(Fault::data, "data.target: '" + target.name + "' is " + value +
                                 " in every training row: there is nothing to learn");
  };
  if (uses_[c].as == As::classes) {
    const auto options = options_of<Category>(declared(c));
    target.classes = true;
    target.replace = options.replace;
    const LabelColumn& column = labels_of(c);
    target.labels = Labels::fit(column.texts, count_labels(column, training), dialect().decimal, 1);
    if (target.labels.size() == 0)
      throw Error(Fault::data, "data.target: no training row has a value of '" + target.name + "'");
    if (target.labels.size() == 1) nothing_to_learn(in_quotes(target.labels.names()[0]));
    if (options.positive && !target.labels.move_last(*options.positive)) {
      const auto near = near_words(*options.positive, target.labels.names());
      throw Error(
          Fault::configuration,
          "data.columns." + in_yaml(target.name) + ": positive is '" + *options.positive +
              "', which is not one of its classes",
          {near.empty() ? listed(target.labels.names(), "classes") : "did you mean '" + near[0] + "'?"});
    }
    return target;
  }
  const auto options = options_of<Number>(declared(c));
  target.refuse_missing = options.missing == Number::Missing::error;
  const std::vector<double>& values = exacts_of(c);
  double count = 0, sum = 0, squares = 0;
  for (const std::int64_t row : training)
    if (const double x = values[static_cast<std::size_t>(row)]; !std::isnan(x)) {
      count += 1;
      sum += x;
    }
  if (count == 0)
    throw Error(Fault::data, "data.target: no training row has a value of '" + target.name + "'");
  const double mean = sum / count;
  for (const std::int64_t row : training)
    if (const double x = values[static_cast<std::size_t>(row)]; !std::isnan(x))
      squares += (x - mean) * (x - mean);
  if (squares == 0) nothing_to_learn(short_number(mean));
  target_details_[c] = told(mean, std::sqrt(squares / count));
  if (options.scale == Number::Scale::standard) target.scale = {mean, std::sqrt(squares / count)};
  return target;
}

void Loading::fit_groups() {
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    GroupColumns group{request_.groups[g].stack, {}, request_.groups[g].codes};
    for (const std::size_t c : groups_[g])
      group.features.push_back(static_cast<std::size_t>(
          std::find(roles_.features.begin(), roles_.features.end(), c) - roles_.features.begin()));
    encoding_->groups.push_back(std::move(group));
  }
}

void Loading::remark_unseen() {
  for (std::size_t f = 0; f < roles_.features.size(); ++f)
    if (const LabelCode* labels = encoding_->features[f].labels())
      remark_unseen_in(roles_.features[f], labels->labels, false);
  for (std::size_t t = 0; t < roles_.targets.size(); ++t)
    if (encoding_->target_columns[t].classes)
      remark_unseen_in(roles_.targets[t], encoding_->target_columns[t].labels, true);
}

void Loading::remark_unseen_in(std::size_t c, const Labels& labels, bool target) {
  const LabelColumn& column = labels_of(c);
  std::vector<std::int32_t> positions;
  for (std::size_t k = 0; k < column.texts.size(); ++k) positions.push_back(labels.find(column.texts[k]));
  std::int64_t rows = 0;
  std::set<std::string> texts;
  for (const Part p : {Part::validation, Part::test})
    for (const std::int64_t row : part(p)) {
      const std::int32_t code = column.codes[static_cast<std::size_t>(row)];
      const bool unseen =
          code < 0 ? !target && labels.missing() < 0 : positions[static_cast<std::size_t>(code)] < 0;
      if (!unseen) continue;
      ++rows;
      texts.insert(code < 0 ? missing_label : column.texts[static_cast<std::size_t>(code)]);
    }
  if (rows == 0) return;
  warn(unseen_words(roles_.names[c], rows, texts, target));
}

void Loading::report() {
  for (std::size_t c = 0; c < roles_.names.size(); ++c) {
    ColumnReport column;
    column.name = roles_.names[c];
    column.why = roles_.why_ignored[c].empty() ? uses_[c].why : roles_.why_ignored[c];
    column.missing = uses_[c].facts.missing;
    column.type = "ignored";
    const auto f = std::find(roles_.features.begin(), roles_.features.end(), c);
    const auto t = std::find(roles_.targets.begin(), roles_.targets.end(), c);
    if (roles_.split == c) {
      column.type = "split";
      column.why = "data.split.column";
    } else if (t != roles_.targets.end()) {
      const TargetColumn& target =
          encoding_->target_columns[static_cast<std::size_t>(t - roles_.targets.begin())];
      column.type = target.classes ? "target: classes" : "target: number";
      column.detail = target.classes ? listed(target.labels.names(), "classes") : target_details_[c];
    } else if (f != roles_.features.end()) {
      const FeatureColumn& feature =
          encoding_->features[static_cast<std::size_t>(f - roles_.features.begin())];
      column.type = feature.number() ? "number" : "category";
      if (feature.number()) {
        const Moments& m = moments_[static_cast<std::size_t>(plan_.columns[c].slot)];
        column.detail = told(m.mean + plan_.columns[c].origin, m.deviation);
      } else {
        const LabelCode& code = *feature.labels();
        column.detail =
            listed(code.labels.names(), "labels") +
            (code.embedding_width > 0 ? "; embedding of " + std::to_string(code.embedding_width) : "");
      }
    }
    out_.columns.push_back(std::move(column));
  }
}

}  // namespace bpnet
