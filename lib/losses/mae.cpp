#include "losses/fit.hpp"
#include "spec/table.hpp"

namespace bpnet::loss_entries {

namespace {
struct Mae final : NumberLoss {
  LossSum compute(const View& logits, const Truth& truth, const View& gradient) const override {
    return loss_sum(math::absolute_error(logits.reals(), logits.rows(), truth.values.data(),
                                         weights_or_null(truth), gradient.reals()));
  }
};
}  // namespace

extern const Entry mae = {"mae",
                          "mean absolute error, for numbers with a few far off",
                          "L1Loss l1 mean_absolute_error MeanAbsoluteError absolute_error",
                          "mae",
                          "number",
                          make<Mae>};

}  // namespace bpnet::loss_entries
