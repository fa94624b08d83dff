#include "metrics/tally.hpp"
#include "spec/table.hpp"
#include "text/edit_distance.hpp"

namespace bpnet::metric_entries {

namespace {

struct WordErrorRateSums : Mean {
  void add(const Judged& batch) {
    for (const Told& told : batch.texts) {
      ErrorRate best;
      for (std::size_t i = 0; i < told.right.size(); ++i) {
        ErrorRate one;
        one.add(told.text, told.right[i]);
        if (i == 0 || one.value() < best.value()) best = one;
      }
      sum += static_cast<double>(best.edits);
      weight += static_cast<double>(best.length);
    }
  }
};

struct WordErrorRate final : TextMetric {
  bool higher_is_better() const override { return false; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(WordErrorRateSums{}); }
};

}  // namespace

extern const Entry word_error_rate = {"word_error_rate",
                                      "words (or other symbols between blanks) to insert, delete or replace, "
                                      "for each of the right text nearest",
                                      "wer phoneme_error_rate per token_error_rate WordErrorRate",
                                      "word_error_rate",
                                      "text",
                                      make<WordErrorRate>};

}  // namespace bpnet::metric_entries
