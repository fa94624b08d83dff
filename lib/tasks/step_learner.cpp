#include "tasks/step_learner.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace bpnet {

namespace {
constexpr int evaluated_steps = 8192;  // at once

/// The last layer on the way to node `to` that makes one row of the steps of a time axis; nullptr: none does.
const Node* draws_together(const Graph& graph, int to, int time) {
  const auto nodes = graph.nodes();
  for (std::size_t n = static_cast<std::size_t>(to) + 1; n-- > 0;) {
    if (nodes[n].is_input() || nodes[n].port().time == time || !graph.depends(to, static_cast<int>(n)))
      continue;
    for (const int in : nodes[n].inputs)
      if (graph.port(in).time == time) return &nodes[n];
  }
  return nullptr;
}
}  // namespace

StepLearner::StepLearner(const TaskRequest& request, const TargetKind& target, const GraphOf& graph, int time,
                         int longest, Sight sight)
    : heads_(loss_heads(request, {&target, 1}, std::vector<TargetScale>(1))),
      uses_(metric_uses(request, heads_, names_)),
      network_(graph(heads_), request.precision),
      time_(time),
      batch_rows_(static_cast<std::size_t>(std::max(1, evaluated_steps / longest))) {
  if (sight == Sight::earlier_steps) require_looking_back(network_.graph(), time);
  const auto out = static_cast<std::size_t>(network_.graph().served()[0]);
  if (network_.graph().nodes()[out].port().time != time) {
    const Node* together = draws_together(network_.graph(), static_cast<int>(out), time);
    throw Error(Fault::configuration, together ? together->place : request.model_place,
                "the output answers for a whole text, and is to tell every step of it",
                {"leave out what draws the steps together (temporal_pool, output: last)"});
  }
  if (network_.fits())
    throw Error(Fault::configuration, request.model_place,
                "a layer that looks at the rows before training (whitening) has none in a text",
                {"leave it out"});
}

ScoreSums StepLearner::new_sums() const {
  ScoreSums sums;
  for (const MetricUse& use : uses_) sums.tallies.push_back(use.metric->tally(heads_[0].target));
  return sums;
}

void StepLearner::fit(const Rows&, std::span<const std::int64_t>) { assert(!network_.fits()); }

std::span<std::int32_t> StepLearner::next(std::size_t count) {
  next_.resize(count);
  return next_;
}

LossSum StepLearner::learn(const Rows& rows, std::span<const std::int64_t> batch, const Moment& moment,
                           bool fresh, ScoreSums* sums) {
  Run& run = gather(rows, batch, moment, Mode::training);
  run.forward(moment);
  const LossSum loss = compute(run, true);
  if (sums) judge(run, loss, *sums);
  run.backward(fresh);
  last_ = &run;
  return loss;
}

std::vector<NotFinite> StepLearner::diagnose(const Rows& rows, std::span<const std::int64_t> batch,
                                             const Moment& moment) {
  Run& run = gather(rows, batch, moment, Mode::training);
  return run.diagnose(moment, [&] { compute(run, true); });
}

std::vector<Told> StepLearner::told_texts(const Rows&, std::span<const std::int64_t>) {
  assert(false);
  return {};
}

std::vector<Told> StepLearner::judged_texts(const Rows& rows, std::span<const std::int64_t> which) {
  const bool wanted =
      std::any_of(names_.begin(), names_.end(), [](const MetricName& name) { return name.reads_texts; });
  return wanted ? told_texts(rows, which) : std::vector<Told>();
}

std::vector<std::size_t> StepLearner::by_length(const Rows& rows, std::span<const std::int64_t> which,
                                                int time) {
  std::vector<int> lengths(which.size());
  rows.lengths(time, which, lengths);
  std::vector<std::size_t> order(which.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return lengths[a] < lengths[b]; });
  return order;
}

void StepLearner::evaluate(const Rows& rows, std::span<const std::int64_t> which, int batch_rows,
                           ScoreSums& sums) {
  std::vector<std::int64_t> sorted;
  for (const std::size_t i : by_length(rows, which, time_)) sorted.push_back(which[i]);
  const std::size_t most = std::min(static_cast<std::size_t>(batch_rows), batch_rows_);
  for (const auto& batch : in_batches(sorted, most)) score(rows, batch, sums);
  const std::vector<Told> told = judged_texts(rows, which);
  Judged judged;
  judged.texts = told;
  for (std::size_t u = 0; u < uses_.size(); ++u)
    if (names_[u].reads_texts) sums.tallies[u]->add(judged);
}

Scored StepLearner::score(const Rows& rows, std::span<const std::int64_t> batch, ScoreSums& sums) {
  Run& run = gather(rows, batch, {}, Mode::inference);
  run.forward({});
  judge(run, compute(run, false), sums);
  return {{&judged_, 1}, {}};
}

LossSum StepLearner::compute(Run& run, bool gradient) {
  return heads_[0].loss->compute(run.outputs()[0], {next_, {}, {}},
                                 gradient ? run.output_gradients()[0] : View{});
}

void StepLearner::judge(Run& run, const LossSum& loss, ScoreSums& sums) {
  sums.loss += loss;
  const View& logits = run.outputs()[0];
  const std::size_t width = heads_[0].target.answers.size();
  answers_.resize(static_cast<std::size_t>(logits.rows()) * width);
  heads_[0].loss->answer(logits, answers_);
  judged_ = {logits.rows(), static_cast<int>(width), answers_, next_, {}, {}};
  for (std::size_t u = 0; u < uses_.size(); ++u)
    if (!names_[u].reads_texts) sums.tallies[u]->add(judged_);
}

void refuse_pictures_and_members(const TaskRequest& request) {
  std::vector<Problem> problems;
  const auto refuse = [&](bool given, const Place& place, const char* message) {
    if (given) problems.push_back({place, message, {"leave it out"}});
  };
  refuse(request.members > 1, request.ensemble_place,
         "train.ensemble: models that tell texts, or labels of their steps, have none");
  refuse(!request.augment.empty(), request.augment_place,
         "train.augment changes pictures, and a text has none");
  refuse(request.test_average != TestAverage::none, request.test_average_place,
         "train.test_average is of pictures, and a text has none");
  if (!problems.empty()) throw Error(Fault::configuration, std::move(problems));
}

}  // namespace bpnet
