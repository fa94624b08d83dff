#pragma once
// The whole YAML file as one struct.

#include <optional>

#include "data/settings.hpp"
#include "spec/options.hpp"
#include "tasks/task.hpp"

namespace bpnet {

struct EarlyStopping : Options {
  Length patience{10, Length::Unit::epochs};
  double min_delta = 0;
  void visit(Visitor&) override;
};

struct CheckpointSettings : Options {
  Length every{30, Length::Unit::seconds};
  std::int64_t keep = 2;
  void visit(Visitor&) override;
};

struct EnsembleSettings : Options {
  std::int64_t members = 0;  // required
  bool shared = false;
  void visit(Visitor&) override;
  bool takes_value() const override { return true; }
};

struct TrainSettings : Options {
  std::optional<std::int64_t> epochs = 100;     // none when steps are given
  std::optional<std::int64_t> steps;            // instead of epochs
  std::optional<std::int64_t> batch_size = 32;  // none: all rows
  std::optional<std::int64_t> batch_tokens;     // instead of batch_size
  std::int64_t seed = 42;
  Length evaluate{1, Length::Unit::epochs};
  std::string best = "loss";  // loss, METRIC or last
  bool stop_early = false;    // early_stopping: none, or
  EarlyStopping early_stopping;
  std::optional<double> clip_norm;
  std::int64_t accumulate = 1;
  bool several = false;  // ensemble: none, or
  EnsembleSettings ensemble;
  Choice average;  // none: the weights themselves
  double l1 = 0, l2 = 0;
  std::string start_from;  // a run or model file; empty: none
  std::vector<Choice> augment;
  TestAverage test_average = TestAverage::none;
  Precision precision = Precision::float32;
  std::optional<Length> max_time;
  enum class OnDivergence : std::uint8_t { stop, rollback } on_divergence = OnDivergence::stop;
  bool checkpoints = true;  // checkpoint: none (only one at the end), or
  CheckpointSettings checkpoint;
  void visit(Visitor&) override;
};

struct Settings : Options {
  std::string name = "auto";
  Choice task;
  DataSettings data;
  std::vector<Stack> model;
  ChoiceMap loss;       // "" when one serves all targets; empty: auto
  ChoiceMap optimizer;  // "" when one serves all stacks
  Choice schedule;
  std::vector<Choice> metrics;  // empty: auto
  TrainSettings train;
  Settings();
  void visit(Visitor&) override;
};

}  // namespace bpnet
