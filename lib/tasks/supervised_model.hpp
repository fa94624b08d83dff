#pragma once
// Supervised models: graph, losses and metrics from settings and encoding.

#include <memory>
#include <vector>

#include "tasks/task.hpp"

namespace bpnet {

/// One target's loss, with its own options and classes.
struct LossHead {
  Choice choice;
  std::shared_ptr<Loss> loss;
  TargetKind target;            // with the loss's answers
  TargetScale standard, scale;  // of Rows::values, and the one the loss wants
  int width = 0;
};
/// Of the loss in force: of usual, the one it takes.
std::string loss_name(const LossHead& head);

/// A metric of one target, or of all steps ahead of a column, as if they were rows.
struct MetricUse {
  std::shared_ptr<Metric> metric;
  std::size_t target = 0, targets = 1;
};

/// How the output that stands for a class, or the number a head answers, depends on its logits (1, width).
void output_slopes(const LossHead& head, std::size_t label, const View& logits, std::span<Real> out);

std::vector<LossHead> loss_heads(const TaskRequest& request, std::span<const TargetKind> targets,
                                 std::span<const TargetScale> scales);
/// Uses in the order of `names`, the main metric first.
std::vector<MetricUse> metric_uses(const TaskRequest& request, std::span<const LossHead> heads,
                                   std::vector<MetricName>& names);
/// Input nodes in the order of encoding.inputs(), embeddings behind embedded columns, stacks, trunk.
Graph supervised_graph(const TaskRequest& request, const Encoding& encoding, std::span<const LossHead> heads);

/// What the three throw of a request that one of them refused: each for itself, so that all is told at once.
std::vector<Problem> model_problems(const TaskRequest& request, const Encoding& encoding);

}  // namespace bpnet
