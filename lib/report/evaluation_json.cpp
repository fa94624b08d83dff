#include "report/evaluation_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/hash.hpp"

namespace bpnet {

using nlohmann::ordered_json;

ordered_json json_number(double value) { return std::isfinite(value) ? ordered_json(value) : ordered_json(); }

ordered_json scores_json(const Scores& scores) {
  if (scores.empty) return nullptr;
  ordered_json out = {{"loss", json_number(scores.loss)}};
  for (const auto& [name, value] : scores.metrics) out[name] = json_number(value);
  return out;
}

ordered_json evaluation_json(const Evaluation& e) {
  ordered_json out = {{"epoch", e.epoch},
                      {"step", e.step},
                      {"seconds", json_number(e.seconds)},
                      {"learning_rate", json_number(e.learning_rate)}};
  if (!e.train.empty) out["train"] = scores_json(e.train);
  if (!e.validation.empty) out["validation"] = scores_json(e.validation);
  if (!e.test.empty) out["test"] = scores_json(e.test);
  out["gradient_norm"] = json_number(e.gradient_norm);
  out["weights_hash"] = hex(e.weights_hash);
  return out;
}

}  // namespace bpnet
