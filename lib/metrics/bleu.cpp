#include "text/bleu.hpp"
#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct Sums : Bleu {
  using Bleu::add;
  void add(const Judged& batch) {
    for (const Told& told : batch.texts) add(told.text, told.right.front());
  }
  void clear() { *this = {}; }
};

struct BleuScore final : TextMetric {
  bool higher_is_better() const override { return true; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(Sums{}); }
};

}  // namespace

extern const Entry bleu = {"bleu",
                           "n-grams of the texts that stand in the first right one, 0 to 100, as sacrebleu "
                           "counts (Papineni et al. 2002)",
                           "BLEU sacrebleu",
                           "bleu",
                           "text",
                           make<BleuScore>};

}  // namespace bpnet::metric_entries
