#include <limits>

#include "metrics/tally.hpp"
#include "spec/table.hpp"
#include "text/bleu.hpp"

namespace bpnet::metric_entries {

namespace {

struct Sums : Bleu {
  std::int64_t texts = 0;
  using Bleu::add;
  void add(const Judged& batch) {
    for (const Told& told : batch.texts) add(told.text, told.right.front());
    texts += static_cast<std::int64_t>(batch.texts.size());
  }
  void merge(const Sums& other) {
    Bleu::merge(other);
    texts += other.texts;
  }
  double value() const { return texts > 0 ? Bleu::value() : std::numeric_limits<double>::quiet_NaN(); }
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
