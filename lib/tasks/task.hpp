#pragma once
// The contract of tasks: what a model is trained to do. A Task is a description; with data it makes a
// Learner.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.hpp"
#include "metrics/metric.hpp"
#include "model/network.hpp"
#include "tasks/text_writer.hpp"

namespace bpnet {

/// Over which copies of a picture answers are averaged.
enum class TestAverage : std::uint8_t { none, mirror, mirror_shift };

/// What the settings say that a task needs.
struct TaskRequest {
  std::span<const Stack> model;
  const ChoiceMap& loss;            // "" when one serves all targets; empty: auto
  std::span<const Choice> metrics;  // empty: auto
  Place model_place, loss_place, metrics_place;
  int members = 1;      // of an ensemble
  bool shared = false;  // they share weights
  std::span<const Choice> augment = {};
  TestAverage test_average = TestAverage::none;
  Place augment_place = {}, test_average_place = {};
  Precision precision = Precision::float32;
  Place ensemble_place = {};
  bool trained = false;  // its weights are there: only what cannot be computed is refused
};

/// A metric as it is named in logs.
struct MetricName {
  std::string name;  // "accuracy", or "<target>_accuracy" of several targets
  bool higher_is_better = false, chooses = true;
  std::size_t target = 0, targets = 1;  // the first, and how many: all steps ahead of a column
  bool reads_texts = false;
};

/// Values of a tally, in order, with the loss in front.
struct ScoreSums {
  LossSum loss;
  std::vector<std::unique_ptr<Tally>> tallies;
  void clear() {
    loss = {};
    for (const auto& tally : tallies) tally->clear();
  }
};

/// What inference left, valid until the next call.
struct Inferred {
  std::span<const View> inputs, logits;
  /// Per target, (rows, answers of the target): probabilities of classes in order, or numbers in the column's
  /// unit, less TargetKind::origin().
  std::vector<std::span<const Real>> answers;
};

/// A scored batch, valid until the next call.
struct Scored {
  std::span<const Judged> judged;             // per target
  std::vector<std::span<const Real>> losses;  // per target and row; NaN where it has no target
};

/// Pictures of some rows as a network is given them, but for the standardising of channels.
struct SeenPictures {
  Shape shape;               // height, width, channels; no axes: the model has no picture among its inputs
  std::vector<Real> values;  // (rows, shape), 0 to 1
};

/// A network with its losses and metrics, at work on rows.
class Learner {
 public:
  virtual ~Learner() = default;
  virtual Network& network() = 0;
  virtual const Encoding& encoding() const = 0;
  virtual std::span<const MetricName> metric_names() const = 0;
  virtual ScoreSums new_sums() const = 0;

  /// Shows the layers that fit (Plan::fits) the training rows, before the first step.
  virtual void fit(const Rows& rows, std::span<const std::int64_t> training) = 0;
  /// Forward, loss and backward of a batch. The gradient is of the sum; dividing by the weight is the
  /// caller's. Gradients are assigned when `fresh`, else added to. Adds to `sums` when it is not null.
  virtual LossSum learn(const Rows& rows, std::span<const std::int64_t> batch, const Moment& moment,
                        bool fresh, ScoreSums* sums) = 0;
  /// A batch goes on where the one before ended: samples are streams of rows that follow each other.
  virtual bool learns_streams() const { return false; }
  /// State that batches have left for the next one; of the same size for every batch, and part of a
  /// checkpoint.
  virtual std::span<Real> carried(int /*samples*/) { return {}; }
  /// Running statistics of the last batch learnt.
  virtual void commit() = 0;
  /// The run that the last batch was learnt with.
  virtual Run& last_learnt() = 0;
  /// Where a number that is not finite first appears when the batch is learnt once more.
  virtual std::vector<NotFinite> diagnose(const Rows& rows, std::span<const std::int64_t> batch,
                                          const Moment& moment) = 0;
  /// Adds these rows' losses and metrics, in batches of at most `batch_rows`.
  virtual void evaluate(const Rows& rows, std::span<const std::int64_t> which, int batch_rows,
                        ScoreSums& sums) = 0;
  /// All rows that are to be scored, in the batches in which score() is to be called with them; of at most
  /// `most` rows where their number is free.
  virtual std::vector<std::vector<std::int64_t>> in_batches(std::span<const std::int64_t> which,
                                                            std::size_t most);
  /// The same for one batch, and shows what was scored.
  virtual Scored score(const Rows& rows, std::span<const std::int64_t> batch, ScoreSums& sums) = 0;
  /// What metrics that read whole texts are to be added, which score() leaves out of evaluate(); nothing
  /// where there are none.
  virtual std::vector<Told> judged_texts(const Rows& rows, std::span<const std::int64_t> which);
  virtual Inferred infer(const Rows& rows, std::span<const std::int64_t> batch);
  /// Of the first input that is a picture: as training sees the rows at a moment, or, without one, as they
  /// are.
  virtual SeenPictures pictures(const Rows& rows, std::span<const std::int64_t> batch, const Moment* moment);
  /// Values and gradients of all nodes for one row, as inference computes it: backward from the output of a
  /// class, or from the number if the target is one. Valid until the next call.
  virtual const Run& explain(const Rows& rows, std::int64_t row, std::size_t target, std::size_t label);
  /// Writes texts with this model.
  virtual std::unique_ptr<TextWriter> writer();
  /// Its answers are texts: what it tells for each of these rows.
  virtual bool tells_texts() const { return false; }
  virtual std::vector<std::string> tell(const Rows& rows, std::span<const std::int64_t> which);
  /// What is judged is not a row but each of its steps: of rows one by one nothing is told.
  virtual bool judges_steps() const { return false; }
  /// With the answers of the losses that serve them.
  virtual std::vector<TargetKind> targets() const = 0;
  /// Logits per row of a target, of which an ensemble tells the mean.
  virtual int logit_width(std::size_t target) const = 0;
  /// Name of the loss that serves each target.
  virtual std::vector<std::string> loss_names() const = 0;
};

/// What is wrong with the stacks that a model has: with one of them, or ("") with the model.
struct StackFault {
  std::string stack, message, help;
};
/// "one list of layers", or "encoder and decoder".
std::string form_of(std::span<const Stack> stacks);
/// Of a task whose models have just the stacks `names`, in YAML as `written`.
std::vector<StackFault> faults_unless(std::span<const char* const> names, std::span<const Stack> stacks,
                                      const std::string& task, const std::string& written);

struct Task : Options {
  /// Whether data.target is to name a column.
  virtual bool wants_target() const { return true; }
  /// `name`: the task's. As it stands, of tasks whose models are one list of layers.
  virtual std::vector<StackFault> stack_faults(std::span<const Stack> stacks, const std::string& name) const;
  /// What it wants of the data, before there is any.
  virtual DataRequest request(const TaskRequest& request) const = 0;
  /// Builds the graph. Throws Error(configuration) with places.
  virtual std::unique_ptr<Learner> learner(const TaskRequest& request,
                                           std::shared_ptr<const Encoding> encoding) const = 0;
};

extern const Table tasks;

}  // namespace bpnet
