#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct TopKSums : Mean {
  explicit TopKSums(std::int64_t count) : k(static_cast<double>(count)) {}
  double k;

  void add(const Judged& batch) {
    const auto width = static_cast<std::size_t>(batch.width);
    each_classified(batch, [&](std::size_t row, std::size_t actual, double w) {
      const auto answer = batch.answers.subspan(row * width, width);
      std::size_t before = 0;  // of equals the first, as accuracy has it
      for (std::size_t c = 0; c < width; ++c)
        before += answer[c] > answer[actual] || (c < actual && answer[c] == answer[actual]);
      add_row(static_cast<double>(before) < k ? 1 : 0, w);
    });
  }
  void clear() { *this = TopKSums(static_cast<std::int64_t>(k)); }
};

struct TopK final : ClassMetric {
  std::int64_t k = 2;

  void visit(Visitor& v) override { v("k", k, at_least(1), "how many of the most probable classes count"); }
  std::string variant() const override { return std::to_string(k); }
  std::string objection(const TargetKind& target) const override {
    if (std::string why = ClassMetric::objection(target); !why.empty()) return why;
    if (k < target.class_count()) return "";
    return "with k: " + std::to_string(k) + " every answer is right, as '" + target.name + "' has " +
           std::to_string(target.class_count()) + " classes";
  }
  bool higher_is_better() const override { return true; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(TopKSums(k)); }
};

}  // namespace

extern const Entry top_k = {
    "top_k",
    "share of the rows whose class is among the k most probable ones",
    "top_k_accuracy top_k_accuracy_score TopKCategoricalAccuracy top5 top3 SparseTopKCategoricalAccuracy",
    "top_k: 2",
    "classes:3",
    make<TopK>};

}  // namespace bpnet::metric_entries
