// What a checkpoint holds of a trainer beside its arrays.

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/hash.hpp"
#include "train/trainer.hpp"

namespace bpnet {

namespace {

using nlohmann::json;

// JSON has no infinities; a double that is one is kept as a word.
json number(double x) {
  if (std::isfinite(x)) return x;
  return std::isnan(x) ? "nan" : x > 0 ? "inf" : "-inf";
}

double number(const json& from) {
  if (from.is_number()) return from.get<double>();
  const auto word = from.get<std::string>();
  return word == "nan" ? std::nan("") : word == "inf" ? HUGE_VAL : -HUGE_VAL;
}

json to_json(std::span<const double> xs) {
  json out = json::array();
  for (double x : xs) out.push_back(number(x));
  return out;
}

std::vector<double> numbers(const json& from) {
  std::vector<double> out;
  for (const json& x : from) out.push_back(number(x));
  return out;
}

json scores_to_json(const Scores& scores) {
  json out = {{"empty", scores.empty}, {"loss", number(scores.loss)}, {"metrics", json::array()}};
  for (const auto& [name, value] : scores.metrics) out["metrics"].push_back({name, number(value)});
  return out;
}

Scores scores_from_json(const json& from) {
  Scores scores;
  scores.empty = from.at("empty").get<bool>();
  scores.loss = number(from.at("loss"));
  for (const json& pair : from.at("metrics"))
    scores.metrics.emplace_back(pair.at(0).get<std::string>(), number(pair.at(1)));
  return scores;
}

json evaluation_to_json(const Evaluation& e) {
  return {{"epoch", e.epoch},
          {"step", e.step},
          {"seconds", number(e.seconds)},
          {"learning_rate", number(e.learning_rate)},
          {"train", scores_to_json(e.train)},
          {"validation", scores_to_json(e.validation)},
          {"test", scores_to_json(e.test)},
          {"gradient_norm", number(e.gradient_norm)},
          {"weights_hash", e.weights_hash}};
}

Evaluation evaluation_from_json(const json& from) {
  Evaluation e;
  e.epoch = from.at("epoch").get<std::int64_t>();
  e.step = from.at("step").get<std::int64_t>();
  e.seconds = number(from.at("seconds"));
  e.learning_rate = number(from.at("learning_rate"));
  e.train = scores_from_json(from.at("train"));
  e.validation = scores_from_json(from.at("validation"));
  e.test = scores_from_json(from.at("test"));
  e.gradient_norm = number(from.at("gradient_norm"));
  e.weights_hash = from.at("weights_hash").get<std::uint64_t>();
  e.best = true;
  return e;
}

}  // namespace

json Trainer::state() const {
  return {{"step", step_},
          {"ended_early", ended_early_},
          {"seconds", seconds()},
          {"loss_sum", number(sums_.loss.sum)},
          {"loss_weight", number(sums_.loss.weight)},
          {"norm_sum", number(norm_sum_)},
          {"norm_count", norm_count_},
          {"last_rate", number(last_rate_)},
          {"schedule", to_json(schedule_->state())},
          {"has_best", has_best_},
          {"best", evaluation_to_json(best_)},
          {"improved_value", number(improved_value_)},
          {"improved_step", improved_step_},
          {"rollbacks", rollbacks_},
          {"begun_at", begun_at_}};
}

void Trainer::restore(const json& state) {
  step_ = state.at("step").get<std::int64_t>();
  ended_early_ = state.at("ended_early").get<bool>();
  seconds_before_ = number(state.at("seconds"));
  sums_.loss = {number(state.at("loss_sum")), number(state.at("loss_weight"))};
  norm_sum_ = number(state.at("norm_sum"));
  norm_count_ = state.at("norm_count").get<std::int64_t>();
  last_rate_ = number(state.at("last_rate"));
  schedule_->restore(numbers(state.at("schedule")));
  has_best_ = state.at("has_best").get<bool>();
  best_ = evaluation_from_json(state.at("best"));
  improved_value_ = number(state.at("improved_value"));
  improved_step_ = state.at("improved_step").get<std::int64_t>();
  rollbacks_ = state.at("rollbacks").get<int>();
  begun_at_ = state.at("begun_at").get<std::int64_t>();
}

}  // namespace bpnet
