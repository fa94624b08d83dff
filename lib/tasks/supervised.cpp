#include <algorithm>
#include <limits>
#include <numeric>

#include "math/elements.hpp"
#include "spec/table.hpp"
#include "tasks/augmenting.hpp"
#include "tasks/members.hpp"
#include "tasks/mixed_loss.hpp"
#include "tasks/step_runs.hpp"
#include "tasks/supervised_model.hpp"
#include "tasks/test_average.hpp"

namespace bpnet {

namespace {

class SupervisedLearner final : public Learner {
 public:
  SupervisedLearner(const TaskRequest& request, std::shared_ptr<const Encoding> encoding)
      : encoding_(std::move(encoding)),
        heads_(loss_heads(request, encoding_->targets(), encoding_->scales())),
        uses_(metric_uses(request, heads_, names_)),
        network_(supervised_graph(request, *encoding_, heads_), request.precision),
        runs_(network_, encoding_->inputs()),
        members_(request.members, request.shared, heads_.size()),
        augmenting_(request.augment, request.augment_place, encoding_->inputs()),
        copies_(request.test_average, request.test_average_place, encoding_->inputs()) {
    batches_.resize(heads_.size());
    judged_.resize(heads_.size());
  }

  Network& network() override { return network_; }
  const Encoding& encoding() const override { return *encoding_; }
  std::span<const MetricName> metric_names() const override { return names_; }
  ScoreSums new_sums() const override {
    ScoreSums sums;
    for (const MetricUse& use : uses_) sums.tallies.push_back(use.metric->tally(heads_[use.target].target));
    return sums;
  }
  std::vector<TargetKind> targets() const override {
    std::vector<TargetKind> out;
    for (const LossHead& head : heads_) out.push_back(head.target);
    return out;
  }
  int logit_width(std::size_t target) const override { return heads_[target].width; }
  std::vector<std::string> loss_names() const override {
    std::vector<std::string> out;
    for (const LossHead& head : heads_) out.push_back(loss_name(head));
    return out;
  }

  void fit(const Rows& rows, std::span<const std::int64_t> training) override {
    constexpr std::size_t most = 10000, elements = std::size_t{1} << 26;  // evenly spaced rows of more
    std::size_t widest = 1;
    for (const Node& node : network_.graph().nodes())
      widest = std::max(widest, static_cast<std::size_t>(node.port().width()));
    std::vector<std::int64_t> some(
        std::min({most, std::max<std::size_t>(1, elements / widest), training.size()}));
    for (std::size_t i = 0; i < some.size(); ++i) some[i] = training[i * training.size() / some.size()];
    if (some.empty()) return;
    network_.fit(runs_.extent(rows, some), [&](Run& run) {
      runs_.set_lengths(rows, some, run);
      rows.gather(some, run.inputs());
    });
  }

  LossSum learn(const Rows& rows, std::span<const std::int64_t> batch, const Moment& moment, bool fresh,
                ScoreSums* sums) override {
    Run& run = prepare_to_learn(rows, batch, moment);
    run.forward(moment);
    const LossSum loss = compute_losses(run, true);
    if (sums) {
      sums->loss += loss;
      judge(run, *sums);
    }
    run.backward(fresh);
    last_ = &run;
    return members_.objective(loss);
  }
  void commit() override { last_->commit(); }
  Run& last_learnt() override { return *last_; }

  std::vector<NotFinite> diagnose(const Rows& rows, std::span<const std::int64_t> batch,
                                  const Moment& moment) override {
    Run& run = prepare_to_learn(rows, batch, moment);
    return run.diagnose(moment, [&] { compute_losses(run, true); });
  }

  void evaluate(const Rows& rows, std::span<const std::int64_t> which, int batch_rows,
                ScoreSums& sums) override {
    for (std::size_t at = 0; at < which.size(); at += static_cast<std::size_t>(batch_rows)) {
      const auto batch = which.subspan(at, std::min(static_cast<std::size_t>(batch_rows), which.size() - at));
      if (const std::size_t next = at + batch.size(); next < which.size())
        rows.expect(which.subspan(next, std::min(batch.size(), which.size() - next)));
      Run& run = answer_all(rows, batch);
      sums.loss += compute_losses(run, false);
      judge(run, sums);
    }
  }

  Scored score(const Rows& rows, std::span<const std::int64_t> batch, ScoreSums& sums) override {
    Run& run = answer_all(rows, batch);
    sums.loss += compute_losses(run, false);
    judge(run, sums);
    Scored out{judged_, {}};
    for (std::size_t t = 0; t < heads_.size(); ++t) out.losses.push_back(row_losses(run, t));
    return out;
  }

  Inferred infer(const Rows& rows, std::span<const std::int64_t> batch) override {
    Run& run = runs_.of(rows, batch, Mode::inference);
    copies_.forward(rows, batch, run);
    Inferred out{run.inputs(), members_.mean_logits(run), {}};
    for (std::size_t t = 0; t < heads_.size(); ++t) out.answers.push_back(answer(run, t));
    return out;
  }
  SeenPictures pictures(const Rows& rows, std::span<const std::int64_t> batch,
                        const Moment* moment) override {
    return augmenting_.pictures(rows, batch, moment);
  }
  const Run& explain(const Rows& rows, std::int64_t row, std::size_t target, std::size_t label) override {
    Run& run = runs_.of(rows, {&row, 1}, Mode::explaining);
    rows.gather({&row, 1}, run.inputs());
    run.forward({});
    for (const View& gradient : run.output_gradients()) math::fill(0, gradient.elements(), gradient.reals());
    for (int m = 0; m < members_.count(); ++m) {
      const View gradient = members_.gradient(run, m, target);
      output_slopes(heads_[target], label, members_.logits(run, m, target),
                    {gradient.reals(), gradient.elements()});
      members_.write_gradient(run, m, target);
    }
    run.backward(false);
    return run;
  }

 private:
  struct HeadBatch {  // truths and answers of the batch at hand
    std::vector<std::int32_t> classes;
    std::vector<Real> values, unit_values, answers, losses;  // values: as the loss wants them
  };

  template <class T>
  static std::span<T> room(std::vector<T>& in, std::size_t size) {
    if (in.size() < size) in.resize(size);
    return std::span(in).first(size);
  }

  // Gathers inputs, as training sees them, and truths.
  Run& prepare_to_learn(const Rows& rows, std::span<const std::int64_t> batch, const Moment& moment) {
    Run& run = runs_.of(rows, batch, Mode::training);
    gather_truths(rows, batch);
    mixed_loss_.begin(augmenting_.gather(rows, batch, run.inputs(), moment), weights_);
    return run;
  }

  // Gathers truths, and fills the outputs.
  Run& answer_all(const Rows& rows, std::span<const std::int64_t> batch) {
    Run& run = runs_.of(rows, batch, Mode::inference);
    gather_truths(rows, batch);
    mixed_loss_.begin({}, weights_);
    copies_.forward(rows, batch, run);
    return run;
  }

  void gather_truths(const Rows& rows, std::span<const std::int64_t> batch) {
    weights_ = {};
    if (rows.weighted()) {
      const auto weights = room(weight_memory_, batch.size());
      rows.weights(batch, weights.data());
      weights_ = weights;
    }
    for (std::size_t t = 0; t < heads_.size(); ++t) {
      HeadBatch& head = batches_[t];
      if (heads_[t].target.classes) {
        rows.classes(t, batch, room(head.classes, batch.size()).data());
        continue;
      }
      const auto values = room(head.values, batch.size());
      rows.values(t, batch, values.data());
      rescale(heads_[t].standard, heads_[t].scale, values);
    }
  }

  // From one scale of a target to another. The column's own unit is {0, 1}.
  static double rescaled(const TargetScale& from, const TargetScale& to, Real x) {
    return (static_cast<double>(x) * from.deviation + (from.mean - to.mean)) / to.deviation;
  }
  static void rescale(const TargetScale& from, const TargetScale& to, std::span<Real> values) {
    if (from == to) return;
    for (Real& x : values) x = static_cast<Real>(rescaled(from, to, x));
  }

  Truth truth(std::size_t t, int rows) const {
    const auto n = static_cast<std::size_t>(rows);
    const HeadBatch& head = batches_[t];
    if (heads_[t].target.classes) return {std::span(head.classes).first(n), {}, weights_};
    return {{}, std::span(head.values).first(n), weights_};
  }

  LossSum compute_losses(Run& run, bool gradients) {
    LossSum all;
    for (int m = 0; m < members_.count(); ++m) all += member_losses(run, m, gradients);
    return all;
  }

  // One head: the sums of its loss. Several: the heads' means added up, with the weight of the batch's rows.
  LossSum member_losses(Run& run, int member, bool gradients) {
    const int rows = run.extent().samples;
    const auto of = [&](std::size_t t) {
      return mixed_loss_.compute(*heads_[t].loss, members_.logits(run, member, t), truth(t, rows),
                                 gradients ? members_.gradient(run, member, t) : View{});
    };
    const auto done = [&](std::size_t t) {
      if (gradients) members_.write_gradient(run, member, t);
    };
    if (heads_.size() == 1) {
      const LossSum one = of(0);
      done(0);
      return one;
    }
    LossSum all{0, weights_.empty() ? static_cast<double>(rows)
                                    : std::accumulate(weights_.begin(), weights_.end(), 0.0)};
    for (std::size_t t = 0; t < heads_.size(); ++t) {
      const LossSum one = of(t);
      const double weight = heads_[t].loss->weight;
      all.sum += weight * one.mean() * all.weight;
      if (gradients && one.weight > 0) {
        const View gradient = members_.gradient(run, member, t);
        math::scale(static_cast<Real>(weight * all.weight / one.weight), gradient.elements(),
                    gradient.reals());
      }
      done(t);
    }
    return all;
  }

  // Answers of a head in the column's unit, less its origin: a deviation is scaled only.
  std::span<const Real> answer(Run& run, std::size_t t) {
    const auto& kinds = heads_[t].target.answers;
    const auto out =
        room(batches_[t].answers, static_cast<std::size_t>(run.outputs()[t].rows()) * kinds.size());
    members_.answer(run, t, *heads_[t].loss, kinds, out);
    if (heads_[t].target.classes) return out;
    const TargetScale scale = heads_[t].scale, spread = {0, scale.deviation};
    for (std::size_t at = 0; at < out.size(); at += kinds.size())
      for (std::size_t k = 0; k < kinds.size(); ++k)
        if (kinds[k].kind == Answer::Kind::deviation)
          rescale(spread, {}, out.subspan(at + k, 1));
        else
          rescale(scale, {heads_[t].target.origin(), 1}, out.subspan(at + k, 1));
    return out;
  }

  // Answers beside truths, per target.
  void compare(Run& run) {
    const int rows = run.extent().samples;
    for (std::size_t t = 0; t < heads_.size(); ++t) {
      const Truth is = truth(t, rows);
      Judged& of = judged_[t];
      of = {rows,      static_cast<int>(heads_[t].target.answers.size()), answer(run, t), is.classes, {},
            is.weights};
      if (heads_[t].target.classes) continue;
      const auto values = room(batches_[t].unit_values, is.values.size());
      std::copy(is.values.begin(), is.values.end(), values.begin());
      of.origin = heads_[t].target.origin();
      rescale(heads_[t].scale, {of.origin, 1}, values);
      of.values = values;
    }
  }

  void judge(Run& run, ScoreSums& sums) {
    compare(run);
    for (std::size_t u = 0; u < uses_.size(); ++u)
      for (std::size_t t = 0; t < uses_[u].targets; ++t) sums.tallies[u]->add(judged_[uses_[u].target + t]);
  }

  // The loss of each row by itself, of an ensemble the mean over its members.
  std::span<const Real> row_losses(Run& run, std::size_t t) {
    const auto rows = static_cast<std::size_t>(run.extent().samples);
    const Truth all = truth(t, run.extent().samples);
    const auto out = room(batches_[t].losses, rows);
    std::fill(out.begin(), out.end(), Real{0});
    for (int m = 0; m < members_.count(); ++m) {
      View logits = members_.logits(run, m, t);
      logits.samples = 1;
      for (std::size_t r = 0; r < rows; ++r, logits.data += logits.port.bytes()) {
        const LossSum one = heads_[t].loss->compute(logits, of_row(all, r), {});
        out[r] += one.weight > 0 ? static_cast<Real>(one.mean() / members_.count())
                                 : std::numeric_limits<Real>::quiet_NaN();
      }
    }
    return out;
  }

  static Truth of_row(const Truth& all, std::size_t row) {
    return {all.classes.empty() ? all.classes : all.classes.subspan(row, 1),
            all.values.empty() ? all.values : all.values.subspan(row, 1),
            all.weights.empty() ? all.weights : all.weights.subspan(row, 1)};
  }

  std::shared_ptr<const Encoding> encoding_;
  std::vector<LossHead> heads_;
  std::vector<MetricName> names_;
  std::vector<MetricUse> uses_;
  Network network_;
  StepRuns runs_;
  Members members_;
  Augmenting augmenting_;
  MixedLoss mixed_loss_;
  TestCopies copies_;
  std::vector<HeadBatch> batches_;
  std::vector<Judged> judged_;
  std::vector<Real> weight_memory_;
  std::span<const Real> weights_;  // of the batch at hand; empty: all 1
  Run* last_ = nullptr;
};

/// Rows with features and targets: classification and regression.
struct Supervised final : Task {
  std::vector<StackFault> stack_faults(std::span<const Stack> stacks,
                                       const std::string& name) const override {
    const std::string written =
        "write a list of layers, or inputs: {COLUMN: [...], rest: [...]} and trunk: [..., output]";
    std::vector<StackFault> faults;
    const auto is_last = [](const Stack& s) { return s.name == "main" || s.name == "trunk"; };
    const auto is_known = [&](const Stack& s) { return is_last(s) || s.name.starts_with("inputs."); };
    if (!stacks.empty() && std::none_of(stacks.begin(), stacks.end(), is_known))
      return {{"", "task " + name + " wants one list of layers, or inputs and trunk; got " + form_of(stacks),
               written}};
    bool ends = stacks.empty();
    for (const Stack& stack : stacks) {
      ends |= is_last(stack);
      if (!is_last(stack) && std::any_of(stack.layers.begin(), stack.layers.end(),
                                         [](const Choice& layer) { return layer.name() == "output"; }))
        faults.push_back({stack.name, "model." + stack.name + " has an output, which only the trunk can have",
                          "put output at the end of the trunk, which reads all inputs side by side"});
      if (!is_known(stack))
        faults.push_back({stack.name, "model has no stack '" + stack.name + "' in task " + name, written});
    }
    if (stacks.size() == 1 && stacks[0].name == "trunk")
      faults.push_back({"trunk", "a trunk reads inputs, and the model has none", written});
    if (!ends)
      faults.push_back({"", "a model with inputs needs a trunk",
                        "add 'trunk: [..., output]', which reads all inputs side by side"});
    return faults;
  }
  DataRequest request(const TaskRequest& request) const override {
    DataRequest out;
    for (const Stack& stack : request.model) {
      if (stack.name == "trunk") continue;
      InputGroup group;
      group.stack = stack.name;
      const std::string column = stack.name == "main" ? "rest" : stack.name.substr(stack.name.find('.') + 1);
      group.columns = {column == "rest" ? "*" : column};
      group.codes = !stack.layers.empty() && stack.layers[0].name() == "embedding";
      out.groups.push_back(std::move(group));
    }
    std::vector<int> seasons;
    for (const Choice& metric : request.metrics)
      if (const int season = metric.as<Metric>()->season_wanted(); season > 0) seasons.push_back(season);
    if (!seasons.empty()) out.seasons = std::move(seasons);
    for (const auto& [target, choice] : request.loss) {
      TargetKind classes, number;
      classes.classes = true;
      classes.labels = {"a", "b", "c"};
      TargetKind two = classes;
      two.labels.pop_back();
      const auto loss = choice.as<Loss>();
      const bool fits_classes = loss->objection(classes).empty() || loss->objection(two).empty();
      if (fits_classes != loss->objection(number).empty()) out.hints.push_back({target, fits_classes});
    }
    return out;
  }
  std::unique_ptr<Learner> learner(const TaskRequest& request,
                                   std::shared_ptr<const Encoding> encoding) const override {
    try {
      return std::make_unique<SupervisedLearner>(request, encoding);
    } catch (const Error&) {
      std::vector<Problem> all = model_problems(request, *encoding);
      if (all.size() < 2) throw;
      throw Error(Fault::configuration, std::move(all));
    }
  }
};

}  // namespace

namespace task_entries {
extern const Entry supervised = {
    "supervised",
    "learns a column, or several, from the others: classification and regression",
    "classification regression classifier regressor",
    "supervised",
    "",
    make<Supervised>};
}

}  // namespace bpnet
