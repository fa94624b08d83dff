#pragma once
// Weights of classes in a loss, by name or `balanced`.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "losses/loss.hpp"

namespace bpnet {

class ClassWeights {
 public:
  void visit(Visitor& v);
  /// Looks the names up. Throws Error(configuration) naming every one that is not a class of the target.
  void bind(const TargetKind& target);
  /// (classes), or null: all 1.
  const Real* data() const { return weights_.empty() ? nullptr : weights_.data(); }

 private:
  // Absent: balanced.
  std::optional<std::vector<std::pair<std::string, double>>> written_ =
      std::vector<std::pair<std::string, double>>();
  std::vector<Real> weights_;
};

/// Weights under which every class counts the same, all rows together as much as before:
/// rows / (classes * rows of the class), as scikit-learn's `balanced`, rows counting by their weights.
std::vector<Real> balanced_weights(const TargetKind& target);

}  // namespace bpnet
