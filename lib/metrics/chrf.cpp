#include "text/chrf.hpp"
#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct Sums : Chrf {
  using Chrf::add;
  void add(const Judged& batch) {
    for (const Told& told : batch.texts) add(told.text, told.right.front());
  }
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
