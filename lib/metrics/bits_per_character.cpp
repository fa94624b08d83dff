#include <numbers>

#include "metrics/surprise.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

/// The surprise at tokens in bits, by the number of characters that they stand for. An unknown one stands for
/// nobody knows how many, and to tell that it is one is not to tell them: it counts on neither side.
class BitsPerCharacterSums {
 public:
  explicit BitsPerCharacterSums(const TargetKind& target) : characters_(&target.characters) {}
  void add(const Judged& batch) {
    each_classified(batch, [&](std::size_t row, std::size_t actual, double w) {
      const std::int32_t characters = characters_->empty() ? 1 : (*characters_)[actual];
      if (characters == TargetKind::unknown_characters) return;
      bits_ += w * surprise(batch, row, actual, surest) / std::numbers::ln2;
      count_ += w * characters;
    });
  }
  void merge(const BitsPerCharacterSums& other) {
    bits_ += other.bits_;
    count_ += other.count_;
  }
  double value() const { return bits_ / count_; }
  void clear() { bits_ = count_ = 0; }
  std::vector<double> state() const { return {bits_, count_}; }
  void restore(std::span<const double> state) {
    bits_ = state[0];
    count_ = state[1];
  }

 private:
  const std::vector<std::int32_t>* characters_;
  double bits_ = 0, count_ = 0;
};

struct BitsPerCharacter final : ClassMetric {
  bool higher_is_better() const override { return false; }
  std::unique_ptr<Tally> tally(const TargetKind& target) const override {
    return tally_of(BitsPerCharacterSums(target));
  }
};

}  // namespace

extern const Entry bits_per_character = {
    "bits_per_character",
    "bits that it takes to tell a character of the text; unknown tokens count neither way",
    "bpc bits_per_char",
    "bits_per_character",
    "classes:3",
    make<BitsPerCharacter>};

}  // namespace bpnet::metric_entries
