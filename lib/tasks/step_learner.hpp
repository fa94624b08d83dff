#pragma once
// What language models, decoders and taggers share: a network that is asked for a class at every step of a
// text.

#include <functional>
#include <memory>
#include <vector>

#include "tasks/supervised_model.hpp"

namespace bpnet {

class StepLearner : public Learner {
 public:
  Network& network() override { return network_; }
  std::span<const MetricName> metric_names() const override { return names_; }
  ScoreSums new_sums() const override;
  std::vector<TargetKind> targets() const override { return {heads_[0].target}; }
  int logit_width(std::size_t) const override { return heads_[0].width; }
  std::vector<std::string> loss_names() const override { return {loss_name(heads_[0])}; }
  bool judges_steps() const override { return true; }
  void fit(const Rows&, std::span<const std::int64_t>) override;

  LossSum learn(const Rows& rows, std::span<const std::int64_t> batch, const Moment& moment, bool fresh,
                ScoreSums* sums) override;
  void commit() override { last_->commit(); }
  Run& last_learnt() override { return *last_; }
  std::vector<NotFinite> diagnose(const Rows& rows, std::span<const std::int64_t> batch,
                                  const Moment& moment) override;
  void evaluate(const Rows& rows, std::span<const std::int64_t> which, int batch_rows,
                ScoreSums& sums) override;
  Scored score(const Rows& rows, std::span<const std::int64_t> batch, ScoreSums& sums) override;
  std::vector<Told> judged_texts(const Rows& rows, std::span<const std::int64_t> which) override;

 protected:
  using GraphOf = std::function<Graph(std::span<const LossHead>)>;
  /// What an answer at a step may depend on.
  enum class Sight : std::uint8_t { earlier_steps, all_steps };
  /// `longest`: steps of a sample at most. Throws Error(configuration) if the output does not answer every
  /// step of time axis `time`, or sees more than it may.
  StepLearner(const TaskRequest& request, const TargetKind& target, const GraphOf& graph, int time,
              int longest, Sight sight = Sight::earlier_steps);
  /// A run with the inputs of a batch, and what is asked at each of its steps in next(): -1 for nothing.
  virtual Run& gather(const Rows& rows, std::span<const std::int64_t> batch, const Moment& moment,
                      Mode mode) = 0;
  std::span<std::int32_t> next(std::size_t count);
  /// Rows that are evaluated at once, at most.
  std::size_t at_once() const { return batch_rows_; }
  const Loss& loss() const { return *heads_[0].loss; }
  /// What it tells for rows, and what would be right; of learners whose target is a text.
  virtual std::vector<Told> told_texts(const Rows& rows, std::span<const std::int64_t> which);
  /// Positions in `which`, those of short rows first: rows of one batch are about as long.
  static std::vector<std::size_t> by_length(const Rows& rows, std::span<const std::int64_t> which, int time);

 private:
  LossSum compute(Run& run, bool gradient);
  void judge(Run& run, const LossSum& loss, ScoreSums& sums);

  std::vector<LossHead> heads_;
  std::vector<MetricName> names_;
  std::vector<MetricUse> uses_;
  Network network_;
  int time_;
  std::size_t batch_rows_;
  std::vector<std::int32_t> next_;
  std::vector<Real> answers_;
  Judged judged_;
  Run* last_ = nullptr;
};

/// Throws Error(configuration) for what tasks of texts do not have: ensembles, changed pictures.
void refuse_pictures_and_members(const TaskRequest& request);

}  // namespace bpnet
