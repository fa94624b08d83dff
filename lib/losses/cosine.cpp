#include <algorithm>
#include <cassert>

#include "losses/class_loss.hpp"
#include "spec/table.hpp"

namespace bpnet::loss_entries {

namespace {
/// Barz and Denzler 2020. A row's cosines with the classes' axes have squares that add up to one: those are
/// its probabilities, where a class on the far side has none.
struct Cosine final : ClassLoss {
  LossSum compute(const View& logits, const Truth& truth, const View& gradient) const override {
    return loss_sum(math::cosine_error(logits.reals(), logits.rows(), logits.width(), truth.classes.data(),
                                       weights_or_null(truth), weights.data(), gradient.reals()));
  }
  void answer(const View& logits, std::span<Real> out) const override {
    assert(out.size() == logits.elements());
    const auto width = static_cast<std::size_t>(logits.width());
    const Real* outputs = logits.reals();
    for (std::size_t at = 0; at < out.size(); at += width) {
      const auto row = out.subspan(at, width);
      // In units of the greatest: squares neither overflow nor vanish. None above 0: only the order can be
      // kept.
      const Real top = *std::max_element(outputs + at, outputs + at + width);
      Real sum = 0;
      for (std::size_t c = 0; c < width; ++c) {
        const Real z = outputs[at + c], share = top > 0 ? std::max(z / top, Real{0}) : top / z;
        row[c] = z == top ? Real{1} : share * share;
        sum += row[c];
      }
      for (Real& p : row) p /= sum;
    }
  }
};
}  // namespace

extern const Entry cosine = {"cosine",
                             "1 minus the cosine between outputs and class, for few rows",
                             "CosineEmbeddingLoss CosineSimilarity cosine_similarity cosine_loss",
                             "cosine",
                             "classes:3",
                             make<Cosine>};

}  // namespace bpnet::loss_entries
