#pragma once
// Scores as JSON: the lines of `train --json`, and parts of result.json.

#include <nlohmann/json_fwd.hpp>

#include "train/observer.hpp"

namespace bpnet {

/// A number that is not finite becomes null: JSON has none of them.
nlohmann::ordered_json json_number(double value);
/// {"loss": 0.1, "accuracy": 0.9}; null if there were no rows.
nlohmann::ordered_json scores_json(const Scores& scores);
/// {"epoch", "step", "seconds", "learning_rate", "train", "validation", "test", "gradient_norm",
/// "weights_hash"}; parts without rows are left out.
nlohmann::ordered_json evaluation_json(const Evaluation& e);

}  // namespace bpnet
