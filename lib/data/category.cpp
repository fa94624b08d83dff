#include "data/category.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "spec/table.hpp"

namespace bpnet {

namespace {

constexpr const char* encode_words[] = {"auto", "one_hot", "embedding"};

/// A usual rule of thumb for the width of an embedding.
int usual_width(int labels) {
  return static_cast<int>(std::min(50.0, std::max(1.0, std::round(1.6 * std::pow(labels, 0.56)))));
}

}  // namespace

void Category::visit(Visitor& v) {
  v("encode", encode, encode_words,
    "one_hot: an input for each label; embedding: a learnt vector; auto: one_hot up to 16 labels");
  v("min_count", min_count, at_least(1), "labels in fewer training rows share one");
  v.optional("positive", positive, "auto",
             "of a target: the label to put last, which of two is the positive one");
  v("replace", replace, "cells to read as another text: {from: to}");
}

LabelCode LabelCode::fit(const Category& type, const LabelColumn& column,
                         std::span<const std::int64_t> training, NumberMarks marks) {
  LabelCode code;
  const LabelCounts counts = count_labels(column, training);
  code.labels = Labels::fit(column.texts, counts, marks, type.min_count);
  if (counts.missing > 0) code.labels.add_missing(counts.missing);
  code.replace = type.replace;
  const bool embed = type.encode == Category::Encode::embedding ||
                     (type.encode == Category::Encode::automatic && code.labels.size() > one_hot_at_most);
  if (embed) code.embedding_width = usual_width(code.labels.size());
  return code;
}

nlohmann::json LabelCode::to_json() const {
  return {{"labels", labels.to_json()}, {"embedding_width", embedding_width}, {"replace", replace}};
}

LabelCode LabelCode::from_json(const nlohmann::json& json) {
  LabelCode code;
  code.labels = Labels::from_json(json.at("labels"));
  json.at("embedding_width").get_to(code.embedding_width);
  json.at("replace").get_to(code.replace);
  return code;
}

namespace column_type_entries {
extern const Entry category = {"category",
                               "one of a number of labels",
                               "categorical class classes enum factor label string nominal",
                               "category: {encode: auto, min_count: 1}",
                               "",
                               make<Category>};
}

}  // namespace bpnet
