#include "train/trainer.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "math/elements.hpp"
#include "model/model_memory.hpp"
#include "optimizers/by_stack.hpp"
#include "tasks/rows_at_once.hpp"

namespace bpnet {

namespace {
constexpr std::int64_t evaluation_rows = 512;

std::int64_t rounded_up(std::int64_t n, std::int64_t by) { return (n + by - 1) / by; }
}  // namespace

Progress planned(const TrainSettings& train, std::int64_t batches) {
  const std::int64_t epoch = rounded_up(batches, train.accumulate);
  return {0, train.steps ? *train.steps : *train.epochs * epoch, epoch};
}

Trainer::Trainer(const Settings& settings, const Dataset& dataset, Learner& learner)
    : settings_(settings),
      dataset_(dataset),
      learner_(learner),
      optimizer_(optimizer_of(settings.optimizer)),
      schedule_(settings.schedule.as<Schedule>()),
      average_(settings.train.average.as<Average>()),
      penalty_{settings.train.l1, settings.train.l2},
      bounding_(learner.network().weights().segments),
      layer_norms_(learner.network().weights().segments),
      batches_(*dataset.rows, dataset.part(Part::training), settings.train.batch_size,
               settings.train.batch_tokens, settings.train.seed, learner.learns_streams()),
      sums_(learner.new_sums()),
      looked_sums_(learner.new_sums()) {
  const TrainSettings& train = settings.train;
  plan_.name = settings.name;
  for (std::size_t p = 0; p < 3; ++p) plan_.rows[p] = static_cast<std::int64_t>(dataset.parts[p].size());
  const Progress all = planned(train, batches_.count());
  plan_.steps_per_epoch = all.steps_per_epoch;
  plan_.steps = all.steps;
  plan_.epochs = rounded_up(plan_.steps, plan_.steps_per_epoch);
  plan_.parameters = learner.network().parameter_count();
  for (const MetricName& metric : learner.metric_names()) plan_.metrics.push_back(metric.name);
  plan_.layers = layer_norms_.layers();
  plan_.has_validation = plan_.rows[1] > 0;
  plan_.has_test = plan_.rows[2] > 0;

  keep_last_ = train.best == "last" || !plan_.has_validation;
  for (std::size_t m = 0; m < plan_.metrics.size(); ++m) {
    if (plan_.metrics[m] != train.best) continue;
    watch_loss_ = false;
    watched_metric_ = m;
    higher_is_better_ = learner.metric_names()[m].higher_is_better;
  }

  learner.network().initialise(static_cast<std::uint64_t>(train.seed));
  learner.fit(*dataset.rows, dataset.part(Part::training));
  const Weights weights = learner.network().weights();
  bounding_.apply(weights.values);
  optimizer_->prepare(weights.segments, weights.values.size());
  again_ = [this] {
    looked_sums_.clear();
    looked_ = find_slope(optimizer_->searches() ? &looked_sums_ : nullptr);
    return Look{looked_.loss, looked_.scale, looked_.finite};
  };
  demand_memory(weights.values.size_bytes() * (optimizer_->arrays().size() + (average_ ? 2 : 1)),
                "the optimizer's state and the best weights take", "");
  optimizer_state_ = Memory(weights.values.size_bytes() * optimizer_->arrays().size());
  const auto buffers = learner.network().buffer_values();
  best_values_.assign(weights.values.begin(), weights.values.end());
  best_buffers_.assign(buffers.begin(), buffers.end());
  if (average_) {
    average_values_ = best_values_;
    average_buffers_ = best_buffers_;
  }
}

TakenTensors Trainer::start_from(const SafetensorsFile& file) {
  assert(step_ == 0);
  Network& network = learner_.network();
  TakenTensors taken = take_tensors(file, network);
  bounding_.apply(network.weights().values);
  const auto values = network.weights().values, buffers = network.buffer_values();
  best_values_.assign(values.begin(), values.end());
  best_buffers_.assign(buffers.begin(), buffers.end());
  if (average_) {
    average_values_ = best_values_;
    average_buffers_ = best_buffers_;
  }
  return taken;
}

void Trainer::begin_epoch() {
  const std::int64_t epoch = step_ / plan_.steps_per_epoch;
  if (epoch == drawn_epoch_) return;
  // All rows a step, and what is seen at the end of one is the beginning of the next: also after a pause.
  if (optimizer_->searches()) return;
  batches_.draw(epoch);
  drawn_epoch_ = epoch;
}

Trainer::Slope Trainer::find_slope(ScoreSums* sums) {
  const Weights weights = learner_.network().weights();
  LossSum loss;
  for_each_batch([&](std::span<const std::int64_t> batch, const Moment& moment) {
    loss += learner_.learn(*dataset_.rows, batch, moment, moment.pass == 0, sums);
    return true;
  });
  penalty_.add_to_gradients(weights, loss.weight);
  const double squares = math::sum_of_squares(weights.gradients.data(), weights.gradients.size());
  Slope slope;
  slope.finite = std::isfinite(loss.sum) && std::isfinite(squares);
  if (!slope.finite) return slope;
  slope.scale = slope.mean = loss.weight > 0 ? 1 / loss.weight : 0;
  slope.loss = loss.sum * slope.scale + penalty_.value(weights);
  slope.norm = std::sqrt(squares) * slope.scale;
  if (settings_.train.clip_norm && slope.norm > *settings_.train.clip_norm)
    slope.scale *= *settings_.train.clip_norm / slope.norm;
  return slope;
}

Trainer::Slope Trainer::slope_here(bool scores) {
  if (!slope_known_) return find_slope(scores ? &sums_ : nullptr);
  if (scores) {
    sums_.loss += looked_sums_.loss;
    for (std::size_t m = 0; m < sums_.tallies.size(); ++m) sums_.tallies[m]->merge(*looked_sums_.tallies[m]);
  }
  return looked_;
}

Trainer::StepOutcome Trainer::take_step(bool scores) {
  const Slope slope = slope_here(scores);
  StepOutcome outcome;
  outcome.finite = slope.finite;
  if (!outcome.finite) return outcome;
  outcome.gradient_norm = slope.norm;
  learner_.commit();
  const Rates rates = {schedule_->factor(progress()) * std::pow(0.5, rollbacks_), slope.scale,
                       step_ - begun_at_ + 1, slope.loss};
  outcome.learning_rate = rates.factor * optimizer_->base_rate();
  const Weights weights = learner_.network().weights();
  last_mean_ = slope.mean;
  // Else the gradients stay what they are until the next step, and are measured if an evaluation comes.
  if (optimizer_->looks_again()) layer_norms_.measure(weights, last_mean_);
  try {
    optimizer_->step(weights, optimizer_state_.as<Real>(), rates, again_);
  } catch (const Diverged&) {
    outcome.finite = false;
    return outcome;
  }
  bounding_.apply(weights.values);
  // Running statistics are of the batch learnt last, which is to be the one that makes the step.
  slope_known_ = optimizer_->looked_last_where_it_stands() && learner_.network().buffer_values().empty();
  ++step_;
  if (average_) follow_average();
  return outcome;
}

void Trainer::bare_full_step() {
  const auto full = [this](std::int64_t at) {
    return static_cast<std::int64_t>(batches_.batch(at).size()) == batches_.most();
  };
  // By tokens, batches differ anyway; of the others small ones are passed over, if any is full.
  for (std::int64_t i = 0; !settings_.train.batch_tokens && i < plan_.steps_per_epoch; ++i) {
    const std::int64_t begin = step_ % plan_.steps_per_epoch * settings_.train.accumulate;
    const std::int64_t end = begin + settings_.train.accumulate;
    if (end <= batches_.count() && full(begin) && full(end - 1)) break;
    ++step_;
  }
  take_step(false);
}

double Trainer::seconds() const {
  return seconds_before_ + std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
}

std::int64_t Trainer::steps_in(const Length& length) const {
  return std::max<std::int64_t>(1, steps_of(length, progress()));
}

bool Trainer::evaluation_due() const {
  return step_ >= plan_.steps || step_ % steps_in(settings_.train.evaluate) == 0;
}

RunEnd Trainer::run(std::span<Observer* const> observers, Control& control,
                    const std::function<void()>& save) {
  started_ = std::chrono::steady_clock::now();
  plan_.first_epoch = step_ / plan_.steps_per_epoch;
  plan_.finished = finished();
  for (Observer* o : observers) o->start(plan_);
  const Length& every = settings_.train.checkpoint.every;
  const bool by_time = every.unit == Length::Unit::seconds;
  double saved_at = seconds();
  const auto checkpoint = [&] {
    save();
    for (Observer* o : observers) o->checkpoint(step_);
    saved_at = seconds();
  };
  RunEnd end;
  const std::int64_t first = step_;
  while (!finished()) {
    begin_epoch();
    const StepOutcome outcome = take_step(true);
    if (!outcome.finite) {
      end.problems = explain_divergence();
      if (!may_roll_back()) {
        end.ending = Ending::diverged;
        break;
      }
      const Problem told = roll_back(std::move(end.problems));
      end.problems.clear();
      for (Observer* o : observers) o->warning(told);
      continue;
    }
    norm_sum_ += outcome.gradient_norm;
    ++norm_count_;
    last_rate_ = outcome.learning_rate;
    for (Observer* o : observers)
      o->step(step_, (step_ - 1) % plan_.steps_per_epoch + 1, plan_.steps_per_epoch);
    const bool out_of_time = settings_.train.max_time && seconds() >= settings_.train.max_time->value;
    if (evaluation_due() || out_of_time) {
      Evaluation evaluation = evaluate();
      keep_if_best(evaluation);
      schedule_->observe(watched(evaluation), higher_is_better_, progress());
      ended_early_ = settings_.train.stop_early && out_of_patience();
      for (Observer* o : observers) o->evaluation(evaluation);
    }
    const bool due = by_time ? seconds() - saved_at >= every.value : step_ % steps_in(every) == 0;
    if ((due && settings_.train.checkpoints) || control.checkpoint.exchange(false)) checkpoint();
    if (const int signal = control.stop.load()) {
      end.ending = Ending::interrupted;
      end.signal = signal;
      break;
    }
    if (out_of_time && !finished()) {
      end.ending = Ending::max_time;
      break;
    }
  }
  if (ended_early_) end.ending = Ending::early;
  end.best = best_;
  end.seconds = seconds();
  if (end.ending != Ending::diverged && step_ > first) checkpoint();
  for (Observer* o : observers) o->end(end);
  return end;
}

Scores Trainer::scores_of(const ScoreSums& sums) const {
  Scores scores;
  scores.empty = sums.loss.weight <= 0;
  scores.loss = sums.loss.mean();
  for (std::size_t m = 0; m < sums.tallies.size(); ++m)
    scores.metrics.emplace_back(plan_.metrics[m], sums.tallies[m]->value());
  return scores;
}

Scores Trainer::score(Part part) {
  const auto rows = dataset_.part(part);
  if (rows.empty()) return {};
  ScoreSums sums = learner_.new_sums();
  learner_.evaluate(*dataset_.rows, rows, static_cast<int>(rows_at_once(learner_.network(), evaluation_rows)),
                    sums);
  return scores_of(sums);
}

Evaluation Trainer::evaluate() {
  Evaluation e;
  e.step = step_;
  e.epoch = rounded_up(step_, plan_.steps_per_epoch);
  e.learning_rate = last_rate_;
  e.train = scores_of(sums_);
  e.gradient_norm = norm_count_ > 0 ? norm_sum_ / static_cast<double>(norm_count_) : 0;
  if (!optimizer_->looks_again()) layer_norms_.measure(learner_.network().weights(), last_mean_);
  e.layer_norms = layer_norms_.values();
  swap_average();
  e.validation = score(Part::validation);
  e.test = score(Part::test);
  e.weights_hash = learner_.network().hash();
  swap_average();
  e.seconds = seconds();
  sums_.clear();
  norm_sum_ = 0;
  norm_count_ = 0;
  return e;
}

double Trainer::watched(const Evaluation& e) const {
  const Scores& scores = e.validation.empty ? e.train : e.validation;
  return watch_loss_ ? scores.loss : scores.metrics[watched_metric_].second;
}

bool Trainer::better(double a, double b, double margin) const {
  if (std::isnan(b)) return !std::isnan(a);
  return higher_is_better_ ? a > b + margin : a < b - margin;
}

void Trainer::keep_if_best(Evaluation& evaluation) {
  const double value = watched(evaluation);
  if (!has_best_ || better(value, improved_value_, settings_.train.early_stopping.min_delta)) {
    improved_value_ = value;
    improved_step_ = step_;
  }
  evaluation.best = keep_last_ || !has_best_ || better(value, watched(best_), 0);
  if (!evaluation.best) return;
  best_ = evaluation;
  keep_weights();
}

void Trainer::keep_weights() {
  has_best_ = true;
  swap_average();
  const auto values = learner_.network().weights().values;
  const auto buffers = learner_.network().buffer_values();
  std::copy(values.begin(), values.end(), best_values_.begin());
  std::copy(buffers.begin(), buffers.end(), best_buffers_.begin());
  swap_average();
}

bool Trainer::out_of_patience() const {
  return step_ - improved_step_ >= steps_in(settings_.train.early_stopping.patience);
}

}  // namespace bpnet
