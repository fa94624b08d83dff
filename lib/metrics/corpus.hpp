#pragma once
// Scores of a whole corpus, made from a struct of counts with add(hypothesis, references), merge and value.

#include <limits>

#include "metrics/tally.hpp"

namespace bpnet {

/// Each text beside the right ones. Not a number before any text.
template <class Counts>
struct CorpusScore final : TextMetric {
  struct Sums : Counts {
    std::int64_t texts = 0;
    using Counts::add;
    void add(const Judged& batch) {
      for (const Told& told : batch.texts) add(told.text, told.right);
      texts += static_cast<std::int64_t>(batch.texts.size());
    }
    void merge(const Sums& other) {
      Counts::merge(other);
      texts += other.texts;
    }
    double value() const { return texts > 0 ? Counts::value() : std::numeric_limits<double>::quiet_NaN(); }
    void clear() { *this = {}; }
  };
  bool higher_is_better() const override { return true; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(Sums{}); }
};

}  // namespace bpnet
