#include <algorithm>
#include <cmath>
#include <set>

#include "data/junk.hpp"
#include "data/loading.hpp"
#include "data/order_statistics.hpp"
#include "data/words.hpp"
#include "math/columns.hpp"
#include "math/threads.hpp"
#include "spec/spec.hpp"

namespace bpnet {

namespace {

using Kind = ReadColumn::Kind;
using As = ColumnUse::As;
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
/// read again less its mean; not if it holds one number and its first rows, seen in full, say the same.
void Loading::keep_offsets() {
  constexpr double far = 256;
  bool again = false;
  for (std::size_t c = 0; c < plan_.columns.size(); ++c) {
    ReadColumn& column = plan_.columns[c];
    if (column.kind != Kind::number || roles_.pixel_of[c] >= 0) continue;
    const Moments& m = moments_[static_cast<std::size_t>(column.slot)];
    if (std::abs(m.mean) <= far * m.deviation || (m.deviation == 0 && guesses_[c].one_number)) continue;
    column.origin = m.mean;
    again = true;
  }
  if (!again) return;
  raw_ = {};
  raw_ = read_table(sources_, plan_, settings_.csv.missing);
  moments_ = moments();
}

/// Days since 1970 are kept in full beside the table; in it they count from a day in the middle of the
/// training rows.
void Loading::count_days_from_means() {
  for (std::size_t c = 0; c < plan_.columns.size(); ++c) {
    const ReadColumn& column = plan_.columns[c];
    if (column.kind != Kind::date || forms_[c].days_columns().empty()) continue;
    const std::vector<double>& days = raw_.exacts[static_cast<std::size_t>(column.key)];
    double sum = 0, count = 0;
    for (const std::int64_t row : part(Part::training))
      if (const double x = days[static_cast<std::size_t>(row)]; !std::isnan(x)) sum += x, ++count;
    if (count == 0) continue;
    const double from = std::floor(sum / count);
    forms_[c].count_days_from(from);
    for (const int part : forms_[c].days_columns())
      for (std::int64_t r = 0; r < raw_.rows; ++r)
        raw_.numbers.row(r)[column.slot + part] =
            static_cast<float>(days[static_cast<std::size_t>(r)] - from);
  }
}

void Loading::fit() {
  count_days_from_means();
  moments_ = moments();
  keep_offsets();
  encoding_->csv = settings_.csv;
  encoding_->lines = files_.front().file.lines();
  if (roles_.weight) encoding_->weight = roles_.names[*roles_.weight];
  if (!dialect().header)
    encoding_->positions.assign(roles_.names.begin(),
                                roles_.names.begin() + static_cast<std::ptrdiff_t>(roles_.in_file));
  fit_features();
  if (roles_.weight) check_weights();
  for (const std::size_t c : roles_.targets) encoding_->target_columns.push_back(fit_target(c));
  fit_groups();
  fit_texts();
  fit_tags();
  count_told();
  remark_replacements();
  warn_of_like_labels(*encoding_, out_.warnings);
  remark_unseen();
  report();
}

void Loading::fit_features() {
  std::vector<std::size_t> in_order;  // features whose numbers are to be put in order
  for (std::size_t f = 0; f < roles_.features.size(); ++f) {
    const std::size_t c = roles_.features[f];
    FeatureColumn feature;
    feature.name = roles_.names[c];
    const ReadColumn& column = plan_.columns[c];
    const auto slot = static_cast<std::size_t>(column.slot);
    if (uses_[c].as == As::number) {
      const Number type = roles_.options<Number>(c);
      if (type.needs_order())
        in_order.push_back(f);
      else
        feature.code = NumberCode::fit(type, moments_[slot], column.origin, {});
    } else if (uses_[c].as == As::date) {
      const auto wide = static_cast<std::size_t>(column.date->width());
      feature.code =
          DateCode::fit(roles_.options<Date>(c), forms_[c], std::span(moments_).subspan(slot, wide));
    } else if (uses_[c].as == As::image) {
      ImageCode& code = image_codes_[c];
      fit_channels(*pictures_[c], part(Part::training), roles_.options<Image>(c).scale, code);
      feature.code = std::move(code);
    } else if (is_text(c)) {
      feature.code = TextFeature();
    } else if (uses_[c].as == As::sequence) {
      feature.code =
          SequenceCode::fit(roles_.options<Sequence>(c), dialect().numbers, texts_of(c, Part::training));
    } else {
      Category type = roles_.options<Category>(c);
      if (settings_.windows) type.encode = Category::Encode::one_hot;
      feature.code = LabelCode::fit(type, labels_of(c), part(Part::training), dialect().numbers);
    }
    encoding_->features.push_back(std::move(feature));
  }
  fit_in_order(in_order);
}

/// As many columns at a time as there are threads, as each takes memory.
void Loading::fit_in_order(std::span<const std::size_t> features) {
  constexpr double work_of_a_number = 100;
  const auto training = part(Part::training);
  std::vector<std::vector<double>> numbers(static_cast<std::size_t>(math::threads()));
  for (auto& sorted : numbers)
    if (!features.empty()) sorted.reserve(training.size());
  for (std::size_t first = 0; first < features.size(); first += numbers.size()) {
    const auto some = features.subspan(first, std::min(numbers.size(), features.size() - first));
    const auto column_of = [&](std::size_t i) { return plan_.columns[roles_.features[some[i]]]; };
    math::parallel(static_cast<std::ptrdiff_t>(some.size()),
                   work_of_a_number * static_cast<double>(some.size() * training.size()),
                   [&](std::ptrdiff_t i) {
                     const auto k = static_cast<std::size_t>(i);
                     sort_numbers(raw_.numbers, column_of(k).slot, training, numbers[k]);
                   });
    for (std::size_t i = 0; i < some.size(); ++i)
      encoding_->features[some[i]].code = NumberCode::fit(
          roles_.options<Number>(roles_.features[some[i]]),
          moments_[static_cast<std::size_t>(column_of(i).slot)], column_of(i).origin, numbers[i]);
  }
}

void Loading::fit_groups() {
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    GroupColumns group{request_.groups[g].stack,
                       {},
                       request_.groups[g].codes,
                       request_.groups[g].told,
                       request_.groups[g].tags};
    for (const std::size_t c : groups_[g])
      group.features.push_back(static_cast<std::size_t>(
          std::find(roles_.features.begin(), roles_.features.end(), c) - roles_.features.begin()));
    encoding_->groups.push_back(std::move(group));
  }
}

/// Replacements of cells that are nowhere, most likely written otherwise than they are.
void Loading::remark_replacements() {
  for (const auto& [name, choice] : settings_.columns)
    if (choice.as<Category>()) remark_replacements(name, choice);
}

void Loading::remark_replacements(const std::string& name, const Choice& choice) {
  constexpr std::size_t most = 1000;  // labels to look for a near one in
  const auto type = choice.as<Category>();
  std::vector<std::string> labels;
  std::vector<char> used(type->replace.size(), 0);
  for (std::size_t c = 0; c < roles_.in_file; ++c) {
    if (plan_.columns[c].kind != Kind::label || roles_.written<Category>(c) != type.get()) continue;
    const Dictionary& texts = labels_of(c).texts;
    for (std::size_t k = 0; k < texts.size() && labels.size() < most; ++k) labels.push_back(texts[k]);
    for (const auto& findings : raw_.findings)
      for (std::size_t i = 0; i < findings[c].replaced.size(); ++i) used[i] |= findings[c].replaced[i];
  }
  if (labels.empty()) return;
  std::vector<std::string> cells = labels;
  for (std::size_t i = 0; i < used.size(); ++i)  // what comes of a replacement may be in none
    if (used[i]) std::erase(cells, type->replace[i].second);
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (used[i]) continue;
    const std::string& from = type->replace[i].first;
    const auto near = near_words(from, cells);
    Problem p{
        choice.place,
        "data.columns." + in_yaml(name) + ": replace speaks of " + in_quotes(from) + ", and no cell is that",
        {},
        Severity::warning};
    p.help = {near.empty() ? "there " + std::string(labels.size() == 1 ? "is " : "are ") +
                                 listed(labels, labels.size() == 1 ? "label" : "labels")
                           : "did you mean " + in_quotes(near[0]) + "?"};
    out_.warnings.push_back(std::move(p));
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

void Loading::describe(const FeatureColumn& feature, std::size_t c, ColumnReport& column) const {
  if (feature.number()) {
    const Moments& m = moments_[static_cast<std::size_t>(plan_.columns[c].slot)];
    column.type = "number";
    column.detail = told(m.mean + plan_.columns[c].origin, m.deviation);
  } else if (const DateCode* date = feature.date()) {
    column.type = "date";
    column.detail = date->parts_text();
  } else if (const ImageCode* image = feature.image()) {
    describe_pictures(*image, c, column);
  } else if (feature.text() || feature.sequence()) {
    describe_steps(feature, c, column);
  } else {
    const LabelCode& code = *feature.labels();
    column.type = "category";
    column.detail = listed(code.labels.names(), "labels");
    if (code.embedding_width > 0) column.detail += "; embedding of " + std::to_string(code.embedding_width);
  }
}

void Loading::report() {
  for (std::size_t c = 0; c < roles_.names.size(); ++c) {
    ColumnReport column;
    column.name = roles_.names[c];
    column.why = roles_.why_ignored[c].empty() ? uses_[c].why : roles_.why_ignored[c];
    if (const auto known = known_.find(column.name); known != known_.end()) column.why = known->second;
    if (plan_.columns[c].kind != Kind::skip && roles_.split != c) column.missing = uses_[c].facts.missing;
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
      describe(feature, c, column);
    } else if (roles_.pixel_of[c] >= 0) {
      column.type = "pixel";
    } else if (roles_.weight == c || roles_.group == c || roles_.order == c) {
      column.type = roles_.weight == c ? "weight" : roles_.group == c ? "group" : "order";
      column.why = roles_.weight == c  ? "data.weight"
                   : settings_.windows ? (roles_.group == c ? "data.series.by" : order_key())
                                       : "data.split." + column.type;
    }
    out_.columns.push_back(std::move(column));
  }
}

}  // namespace bpnet
