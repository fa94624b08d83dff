#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "data/category.hpp"
#include "data/csv_number.hpp"

namespace bpnet {

namespace {

struct Label {
  std::string name;
  double value = 0;
  std::int64_t count = 0, first_row = 0;
};

bool all_plain_numbers(std::vector<Label>& labels, NumberMarks marks) {
  for (Label& label : labels) {
    const auto value = parse_number(label.name, marks);
    if (!value || zero_padded(label.name)) return false;
    label.value = *value == 0 ? 0 : *value;  // -0 and 0 are one label
  }
  return !labels.empty();
}

/// Labels of equal value become one, called as the first of them.
std::vector<Label> merge_equal(std::vector<Label> labels) {
  std::sort(labels.begin(), labels.end(), [](const Label& a, const Label& b) {
    return a.value != b.value ? a.value < b.value : a.first_row < b.first_row;
  });
  std::vector<Label> merged;
  for (Label& label : labels) {
    if (!merged.empty() && merged.back().value == label.value)
      merged.back().count += label.count;
    else
      merged.push_back(std::move(label));
  }
  return merged;
}

}  // namespace

LabelCounts count_labels(const LabelColumn& column, std::span<const std::int64_t> training) {
  LabelCounts out;
  out.counts.assign(column.texts.size(), 0);
  out.first_rows.assign(column.texts.size(), std::numeric_limits<std::int64_t>::max());
  for (const std::int64_t row : training) {
    const std::int32_t code = column.codes[static_cast<std::size_t>(row)];
    if (code < 0) {
      ++out.missing;
      continue;
    }
    const auto k = static_cast<std::size_t>(code);
    if (out.counts[k]++ == 0) out.first_rows[k] = row;
  }
  return out;
}

Labels Labels::fit(const Dictionary& texts, const LabelCounts& counts, NumberMarks marks,
                   std::int64_t min_count) {
  std::vector<Label> found;
  for (std::size_t k = 0; k < texts.size(); ++k)
    if (counts.counts[k] > 0) found.push_back({texts[k], 0, counts.counts[k], counts.first_rows[k]});
  Labels out;
  out.marks_ = marks;
  out.by_value_ = all_plain_numbers(found, marks);
  if (out.by_value_)
    found = merge_equal(std::move(found));
  else
    std::sort(found.begin(), found.end(), [](const Label& a, const Label& b) { return a.name < b.name; });
  std::int64_t rare = 0;
  for (Label& label : found) {
    if (label.count < min_count) {
      rare += label.count;
      out.rare_texts_.push_back(std::move(label.name));
      continue;
    }
    out.names_.push_back(std::move(label.name));
    out.counts_.push_back(label.count);
  }
  if (rare > 0) {
    out.rare_ = out.size();
    out.names_.emplace_back(rare_label);
    out.counts_.push_back(rare);
  }
  out.index();
  return out;
}

void Labels::add_missing(std::int64_t count) {
  missing_ = size();
  names_.emplace_back(missing_label);
  counts_.push_back(count);
}

bool Labels::move_last(std::string_view label) {
  const std::int32_t at = find(label);
  if (at < 0) return false;
  std::rotate(names_.begin() + at, names_.begin() + at + 1, names_.end());
  std::rotate(counts_.begin() + at, counts_.begin() + at + 1, counts_.end());
  index();
  return true;
}

std::int32_t Labels::find(std::string_view text) const {
  if (const auto found = positions_.find(std::string(text)); found != positions_.end()) return found->second;
  if (!by_value_) return -1;
  const auto value = parse_number(text, marks_);
  if (!value) return -1;
  const auto found = values_.find(*value);
  return found == values_.end() ? -1 : found->second;
}

void Labels::index() {
  positions_.clear();
  values_.clear();
  for (std::int32_t i = 0; i < size(); ++i)
    if (i != missing_ && i != rare_) index(names_[static_cast<std::size_t>(i)], i);
  for (const std::string& text : rare_texts_) index(text, rare_);
}

void Labels::index(const std::string& text, std::int32_t position) {
  positions_.emplace(text, position);
  if (!by_value_) return;
  if (const auto value = parse_number(text, marks_)) values_.emplace(*value, position);
}

nlohmann::json Labels::to_json() const {
  return {{"names", names_},     {"counts", counts_}, {"by_value", by_value_},    {"decimal", marks_.text()},
          {"missing", missing_}, {"rare", rare_},     {"rare_texts", rare_texts_}};
}

Labels Labels::from_json(const nlohmann::json& json) {
  Labels out;
  json.at("names").get_to(out.names_);
  json.at("counts").get_to(out.counts_);
  json.at("by_value").get_to(out.by_value_);
  json.at("missing").get_to(out.missing_);
  json.at("rare").get_to(out.rare_);
  json.at("rare_texts").get_to(out.rare_texts_);
  const auto decimal = json.at("decimal").get<std::string>();
  if (decimal.empty() || out.counts_.size() != out.names_.size() || out.missing_ >= out.size() ||
      out.rare_ >= out.size() || (out.rare_ < 0) != out.rare_texts_.empty())
    throw nlohmann::json::other_error::create(501, "labels do not fit together", &json);
  out.marks_ = NumberMarks::of(decimal);
  out.index();
  return out;
}

}  // namespace bpnet
