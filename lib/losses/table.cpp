#include "spec/table.hpp"
#include "losses/loss.hpp"

#define LOSSES(X)         \
  X(usual)                \
  X(cross_entropy)        \
  X(binary_cross_entropy) \
  X(focal)                \
  X(hinge)                \
  X(cosine)               \
  X(mse)                  \
  X(mae)                  \
  X(huber)                \
  X(log_cosh)             \
  X(quantile)             \
  X(gaussian_nll)         \
  X(poisson)

namespace bpnet {

BPNET_TABLE(losses, "loss", "losses", loss_entries, LOSSES)

const char* default_loss(const TargetKind& target) {
  if (!target.classes) return "mse";
  return target.class_count() == 2 ? "binary_cross_entropy" : "cross_entropy";
}

}  // namespace bpnet
