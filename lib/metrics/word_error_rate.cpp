#include "metrics/tally.hpp"
#include "spec/table.hpp"
#include "text/edit_distance.hpp"

namespace bpnet::metric_entries {

namespace {

class WordErrorRateSums {
 public:
  explicit WordErrorRateSums(const TargetKind& target) : separator_(&target.separator) {}
  void add(const Judged& batch) {
    for (const Told& told : batch.texts) {
      ErrorRate best;
      for (std::size_t i = 0; i < told.right.size(); ++i) {
        ErrorRate one;
        one.add(told.text, told.right[i], *separator_);
        if (i == 0 || one.value() < best.value()) best = one;
      }
      sums_.sum += static_cast<double>(best.edits);
      sums_.weight += static_cast<double>(best.length);
    }
  }
  void merge(const WordErrorRateSums& other) { sums_.merge(other.sums_); }
  double value() const { return sums_.value(); }
  void clear() { sums_.clear(); }
  std::vector<double> state() const { return {sums_.sum, sums_.weight}; }
  void restore(std::span<const double> state) { sums_ = {state[0], state[1]}; }

 private:
  const std::string* separator_;
  Mean sums_;
};

struct WordErrorRate final : TextMetric {
  bool higher_is_better() const override { return false; }
  std::unique_ptr<Tally> tally(const TargetKind& target) const override {
    return tally_of(WordErrorRateSums(target));
  }
};

}  // namespace

extern const Entry word_error_rate = {"word_error_rate",
                                      "words (or symbols between separators) to insert, delete or replace, "
                                      "for each of the right text nearest",
                                      "wer phoneme_error_rate per token_error_rate WordErrorRate",
                                      "word_error_rate",
                                      "text",
                                      make<WordErrorRate>};

}  // namespace bpnet::metric_entries
