#include "losses/fit.hpp"
#include "spec/table.hpp"

namespace bpnet::loss_entries {

namespace {
struct LogCosh final : NumberLoss {
  LossSum compute(const View& logits, const Truth& truth, const View& gradient) const override {
    return loss_sum(math::log_cosh_error(logits.reals(), logits.rows(), truth.values.data(),
                                         weights_or_null(truth), gradient.reals()));
  }
};
}  // namespace

extern const Entry log_cosh = {"log_cosh",
                               "squared for small errors, absolute for large ones, smooth everywhere",
                               "LogCosh logcosh log_cosh_loss LogCoshLoss",
                               "log_cosh",
                               "number",
                               make<LogCosh>};

}  // namespace bpnet::loss_entries
