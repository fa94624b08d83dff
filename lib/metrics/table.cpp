#include "spec/table.hpp"

#include "metrics/tally.hpp"

#define METRICS(X)              \
  X(accuracy)                   \
  X(balanced_accuracy)          \
  X(top_k)                      \
  X(precision)                  \
  X(recall)                     \
  X(f1)                         \
  X(roc_auc)                    \
  X(pr_auc)                     \
  X(matthews)                   \
  X(log_loss)                   \
  X(perplexity)                 \
  X(bits_per_character)         \
  X(bleu)                       \
  X(chrf)                       \
  X(sequence_accuracy)          \
  X(edit_distance)              \
  X(word_error_rate)            \
  X(brier)                      \
  X(expected_calibration_error) \
  X(rmse)                       \
  X(mae)                        \
  X(mape)                       \
  X(smape)                      \
  X(mase)                       \
  X(r2)                         \
  X(explained_variance)         \
  X(spearman)                   \
  X(pinball)                    \
  X(coverage)

namespace bpnet {

BPNET_TABLE(metrics, "metric", "metrics", metric_entries, METRICS)

std::string ClassMetric::objection(const TargetKind& target) const {
  return target.classes ? "" : "needs classes, but '" + target.name + "' is a number";
}

std::string TextMetric::objection(const TargetKind& target) const {
  return target.text ? "" : "needs texts, which the tasks sequence_to_sequence and tagging tell";
}

std::string NumberMetric::objection(const TargetKind& target) const {
  if (!target.classes) return "";
  return "needs a number, but '" + target.name + "' has " + std::to_string(target.class_count()) + " classes";
}

std::vector<const char*> default_metrics(const TargetKind& target) {
  if (!target.classes && target.answers.size() > 1) {
    const bool several = target.answers.size() > 2;  // quantiles: the first answer is the point
    if (target.answers[1].kind == Answer::Kind::deviation) return {"rmse", "mae", "r2", "coverage"};
    return several ? std::vector<const char*>{"pinball", "coverage", "mae"}
                   : std::vector<const char*>{"pinball", "mae"};
  }
  const bool scaled = !target.seasonal.empty() && target.seasonal[0].error > 0;
  if (!target.classes && scaled) return {"mase", "rmse", "mae"};
  if (!target.classes) return {"rmse", "mae", "r2"};
  if (target.text && target.characters.empty()) return {"accuracy", "sequence_accuracy"};
  if (target.text) return {"perplexity", "accuracy"};
  if (!target.characters.empty()) return {"perplexity", "accuracy", "bits_per_character"};
  if (target.class_count() == 2) return {"accuracy", "f1", "roc_auc", "log_loss"};
  return {"accuracy", "f1", "log_loss"};
}

}  // namespace bpnet
