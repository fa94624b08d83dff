#include <limits>

#include "metrics/tally.hpp"
#include "spec/table.hpp"
#include "text/chrf.hpp"

namespace bpnet::metric_entries {

namespace {

struct Sums : Chrf {
  std::int64_t texts = 0;
  using Chrf::add;
  void add(const Judged& batch) {
    for (const Told& told : batch.texts) add(told.text, told.right.front());
    texts += static_cast<std::int64_t>(batch.texts.size());
  }
  void merge(const Sums& other) {
    Chrf::merge(other);
    texts += other.texts;
  }
  double value() const { return texts > 0 ? Chrf::value() : std::numeric_limits<double>::quiet_NaN(); }
  void clear() { *this = {}; }
};

struct ChrfScore final : TextMetric {
  bool higher_is_better() const override { return true; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(Sums{}); }
};

}  // namespace

extern const Entry chrf = {
    "chrf",
    "n-grams of characters shared with the first right text, 0 to 100, as sacrebleu counts (Popovic 2015)",
    "chrF chrf2",
    "chrf",
    "text",
    make<ChrfScore>};

}  // namespace bpnet::metric_entries
