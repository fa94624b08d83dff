#include "losses/fit.hpp"
#include "spec/table.hpp"

namespace bpnet::loss_entries {

namespace {
struct Mse final : NumberLoss {
  LossSum compute(const View& logits, const Truth& truth, const View& gradient) const override {
    return loss_sum(math::squared_error(logits.reals(), logits.rows(), truth.values.data(),
                                        weights_or_null(truth), gradient.reals()));
  }
};
}  // namespace

extern const Entry mse = {
    "mse",
    "mean squared error, for numbers",
    "MSELoss mean_squared_error MeanSquaredError l2 L2Loss squared_error quadratic l2_loss",
    "mse",
    "number",
    make<Mse>};

}  // namespace bpnet::loss_entries
