#pragma once
// An optimizer for each stack of layers, written `optimizer: {encoder: sgd, decoder: {adam: 0.01}}`.

#include <memory>
#include <string>
#include <vector>

#include "optimizers/optimizer.hpp"

namespace bpnet {

class OptimizerByStack final : public Optimizer {
 public:
  /// Names of stacks with their optimizers, none of which looks_again().
  explicit OptimizerByStack(const ChoiceMap& written);
  std::vector<std::string> arrays() const override;
  void prepare(std::span<const Segment> segments, std::size_t count) override;
  void step(const Weights& weights, std::span<Real> state, const Rates& rates,
            const Evaluate& again) override;
  double base_rate() const override { return parts_.front().own->base_rate(); }
  std::string rate_key() const override;

 private:
  struct Part {
    std::string stack, name;
    std::shared_ptr<Optimizer> own;
    std::vector<Segment> segments;  // those of other stacks are frozen
  };
  std::vector<Part> parts_;
};

/// The optimizer that is written for all weights, or an OptimizerByStack.
std::shared_ptr<Optimizer> optimizer_of(const ChoiceMap& written);

}  // namespace bpnet
