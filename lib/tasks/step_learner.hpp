#pragma once
// What language models and decoders share: a network that is asked for a token at every step of a text.

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
  std::vector<std::string> loss_names() const override { return {heads_[0].choice.name()}; }
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

 protected:
  using GraphOf = std::function<Graph(std::span<const LossHead>)>;
  /// `longest`: steps of a sample at most. Throws Error(configuration) if the output does not answer every
  /// step of time axis `time`, or sees later ones.
  StepLearner(const TaskRequest& request, const TargetKind& target, const GraphOf& graph, int time,
              int longest);
  /// A run with the inputs of a batch, and what is asked at each of its steps in next(): -1 for nothing.
  virtual Run& gather(const Rows& rows, std::span<const std::int64_t> batch, const Moment& moment,
                      Mode mode) = 0;
  std::span<std::int32_t> next(std::size_t count);
  std::span<const MetricUse> uses() const { return uses_; }

 private:
  LossSum compute(Run& run, bool gradient);
  void judge(Run& run, const LossSum& loss, ScoreSums& sums);
  std::vector<std::int64_t> by_length(const Rows& rows, std::span<const std::int64_t> which) const;

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
