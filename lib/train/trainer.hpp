#pragma once
// The training loop: steps, evaluations, the choice of the best model, early stopping, divergence.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <vector>

#include "averages/average.hpp"
#include "core/memory.hpp"
#include "model/model_file.hpp"
#include "optimizers/optimizer.hpp"
#include "schedules/schedule.hpp"
#include "tasks/task.hpp"
#include "train/batches.hpp"
#include "train/layer_norms.hpp"
#include "train/observer.hpp"
#include "train/regularise.hpp"
#include "train/settings.hpp"

namespace bpnet {

/// What the outside may ask for while training runs; set from signal handlers.
struct Control {
  std::atomic<int> stop{0};             // a signal's number: finish the step, then end
  std::atomic<bool> checkpoint{false};  // save now and go on
};

/// The whole training: how many steps it and an epoch of these batches have.
Progress planned(const TrainSettings& train, std::int64_t batches);

class Trainer {
 public:
  /// Settings must be checked (check_training). The learner's network is initialised from train.seed.
  Trainer(const Settings& settings, const Dataset& dataset, Learner& learner);

  /// Takes tensors of the same name and shape as first weights; before the first step.
  TakenTensors start_from(const SafetensorsFile& file);

  /// Trains to the end, or to what Control or the settings say. `save` writes a checkpoint from this trainer.
  RunEnd run(std::span<Observer* const> observers, Control& control, const std::function<void()>& save);

  /// One optimizer step on the next full batch, in the order of the file unless run() drew another, without
  /// looking at the result: what `bpnet time` times.
  void bare_full_step();

  /// Counters, sums and everything else a checkpoint holds beside arrays.
  nlohmann::json state() const;
  void restore(const nlohmann::json& state);

  // Arrays, for checkpoints.
  /// Scores of the training rows since the last evaluation.
  std::span<const std::unique_ptr<Tally>> tallies() const { return sums_.tallies; }
  std::span<Real> optimizer_state() const { return optimizer_state_.as<Real>(); }
  std::vector<std::string> optimizer_arrays() const { return optimizer_->arrays(); }
  /// Of the averaged weights; empty without train.average.
  std::span<Real> average_values() { return average_values_; }
  std::span<Real> average_buffers() { return average_buffers_; }
  std::span<Real> best_values() { return best_values_; }
  std::span<Real> best_buffers() { return best_buffers_; }

  const RunStart& plan() const { return plan_; }
  const Batches& batches() const { return batches_; }
  const Evaluation& best() const { return best_; }
  std::int64_t step() const { return step_; }
  /// All steps are done, or an earlier part of the run ended by early stopping or max_time.
  bool finished() const {
    const auto& limit = settings_.train.max_time;
    return step_ >= plan_.steps || ended_early_ || (limit && seconds_before_ >= limit->value);
  }
  double seconds() const;

 private:
  struct StepOutcome {
    bool finite = true;
    double gradient_norm = 0, learning_rate = 0;
  };
  StepOutcome take_step(bool scores);
  struct Slope {  // of the batches of the step at hand, in the network's gradients
    bool finite = true;
    double loss = 0, norm = 0;
    double mean = 0, scale = 0;  // what makes the gradients those of the loss, and clipped
  };
  Slope find_slope(ScoreSums* sums);
  Slope slope_here(bool scores);
  void follow_average();
  void swap_average();
  /// The batches whose gradients make the step at hand.
  template <class F>  // (rows, moment), false ends it
  void for_each_batch(F f) const {
    const TrainSettings& train = settings_.train;
    const std::int64_t begin = step_ % plan_.steps_per_epoch * train.accumulate;
    const std::int64_t end = std::min(batches_.count(), begin + train.accumulate);
    std::uint64_t pass = 0;
    for (std::int64_t at = begin; at < end; ++at, ++pass) {
      const Moment moment{static_cast<std::uint64_t>(train.seed), static_cast<std::uint64_t>(step_), pass,
                          batches_.positions(at), static_cast<std::uint64_t>(step_ / plan_.steps_per_epoch)};
      if (at + 1 < batches_.count()) dataset_.rows->expect(batches_.batch(at + 1));
      if (!f(batches_.batch(at), moment)) return;
    }
  }
  void begin_epoch();
  Evaluation evaluate();
  Scores scores_of(const ScoreSums& sums) const;
  Scores score(Part part);
  double watched(const Evaluation& evaluation) const;
  bool better(double a, double b, double margin) const;
  void keep_if_best(Evaluation& evaluation);
  void keep_weights();
  bool out_of_patience() const;
  std::vector<Problem> explain_divergence();
  bool may_roll_back() const;
  /// To the best weights so far, with the optimizer as at a first step; returns what to tell.
  Problem roll_back(std::vector<Problem> why);
  std::int64_t steps_in(const Length& length) const;
  Progress progress() const { return {step_, plan_.steps, plan_.steps_per_epoch}; }
  bool evaluation_due() const;

  const Settings& settings_;
  const Dataset& dataset_;
  Learner& learner_;
  std::shared_ptr<Optimizer> optimizer_;
  std::shared_ptr<Schedule> schedule_;
  std::shared_ptr<Average> average_;  // null: none
  Penalty penalty_;
  Bounding bounding_;
  Evaluate again_;
  LayerNorms layer_norms_;
  Slope looked_;              // by again_
  bool slope_known_ = false;  // looked_ is of the step at hand
  RunStart plan_;
  bool watch_loss_ = true, keep_last_ = false, higher_is_better_ = false;
  std::size_t watched_metric_ = 0;

  int rollbacks_ = 0;          // after divergences; each halves the rate
  std::int64_t begun_at_ = 0;  // step at which the optimizer began anew
  Memory optimizer_state_;
  std::vector<Real> best_values_, best_buffers_, average_values_, average_buffers_;
  Batches batches_;
  std::int64_t drawn_epoch_ = -1;

  // State.
  std::int64_t step_ = 0;
  ScoreSums sums_;  // since the last evaluation
  ScoreSums looked_sums_;
  double norm_sum_ = 0;
  std::int64_t norm_count_ = 0;
  double last_rate_ = 0;
  double last_mean_ = 0;  // Slope::mean of the last step
  Evaluation best_;
  bool has_best_ = false, ended_early_ = false;
  double improved_value_ = 0;  // for early stopping: the last improvement by min_delta or more
  std::int64_t improved_step_ = 0;
  double seconds_before_ = 0;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace bpnet
