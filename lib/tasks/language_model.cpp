#include <algorithm>
#include <cassert>

#include "core/random.hpp"
#include "data/text_rows.hpp"
#include "spec/table.hpp"
#include "tasks/supervised_model.hpp"
#include "tasks/text_writer.hpp"

namespace bpnet {

namespace {

[[noreturn]] void fail(const Place& place, const char* message, const char* way_out) {
  Problem p;
  p.place = place;
  p.message = message;
  p.help = {way_out};
  throw Error(Fault::configuration, {p});
}

/// One network that tells, behind each token of a window, what comes next.
class LanguageLearner final : public Learner {
 public:
  LanguageLearner(const TaskRequest& request, std::shared_ptr<const Encoding> encoding)
      : encoding_(std::dynamic_pointer_cast<const TextWindows>(std::move(encoding))),
        heads_(loss_heads(request, *encoding_)),
        uses_(metric_uses(request, heads_, names_)),
        network_(supervised_graph(request, *encoding_, heads_), request.precision),
        batch_rows_(std::max(1, evaluated_tokens / encoding_->context())) {
    const int out = network_.graph().served()[0];
    if (network_.graph().nodes()[static_cast<std::size_t>(out)].port().time == 0)
      fail(request.model_place,
           "the output of a language model answers every step of a text, not all at once",
           "leave out what draws the steps together (temporal_pool, output: last)");
  }

  Network& network() override { return network_; }
  const Encoding& encoding() const override { return *encoding_; }
  std::span<const MetricName> metric_names() const override { return names_; }
  ScoreSums new_sums() const override {
    ScoreSums sums;
    for (const MetricUse& use : uses_) sums.tallies.push_back(use.metric->tally(heads_[0].target));
    return sums;
  }
  std::vector<TargetKind> targets() const override { return {heads_[0].target}; }
  int logit_width(std::size_t) const override { return heads_[0].width; }
  std::vector<std::string> loss_names() const override { return {heads_[0].choice.name()}; }
  bool judges_steps() const override { return true; }
  void fit(const Rows&, std::span<const std::int64_t>) override { assert(!network_.fits()); }

  LossSum learn(const Rows& rows, std::span<const std::int64_t> batch, const Moment& moment, bool fresh,
                ScoreSums* sums) override {
    Run& run = gather(rows, batch, moment, Mode::training);
    run.forward(moment);
    const LossSum loss = compute(run, true);
    if (sums) judge(run, loss, *sums);
    run.backward(fresh);
    last_ = &run;
    return loss;
  }
  void commit() override { last_->commit(); }
  Run& last_learnt() override { return *last_; }

  std::vector<NotFinite> diagnose(const Rows& rows, std::span<const std::int64_t> batch,
                                  const Moment& moment) override {
    Run& run = gather(rows, batch, moment, Mode::training);
    return run.diagnose(moment, [&] { compute(run, true); });
  }

  void evaluate(const Rows& rows, std::span<const std::int64_t> which, int batch_rows,
                ScoreSums& sums) override {
    const auto most = static_cast<std::size_t>(std::min(batch_rows, batch_rows_));
    for (std::size_t at = 0; at < which.size(); at += most)
      score(rows, which.subspan(at, std::min(most, which.size() - at)), sums);
  }
  Scored score(const Rows& rows, std::span<const std::int64_t> batch, ScoreSums& sums) override {
    Run& run = gather(rows, batch, {}, Mode::inference);
    run.forward({});
    judge(run, compute(run, false), sums);
    return {{&judged_, 1}, {}};
  }
  std::unique_ptr<TextWriter> writer() override { return write_by_language_model(network_, *encoding_); }

 private:
  static constexpr int evaluated_tokens = 8192;  // at once

  Run& gather(const Rows& rows, std::span<const std::int64_t> batch, const Moment& moment, Mode mode) {
    const int context = encoding_->context();
    Run& run = network_.run({static_cast<int>(batch.size()), {context}}, mode);
    next_.resize(batch.size() * static_cast<std::size_t>(context));
    // Each epoch cuts the training text elsewhere, the first one as it is.
    int shift = 0;
    if (mode == Mode::training && moment.epoch > 0)
      shift = static_cast<int>(Draw::of(moment.seed, stream_of("cut of windows"), moment.epoch)
                                   .index(0, 0, static_cast<std::uint64_t>(context)));
    dynamic_cast<const TextRows&>(rows).windows(batch, shift, run.inputs()[0], run.lengths(1), next_);
    return run;
  }

  LossSum compute(Run& run, bool gradient) {
    return heads_[0].loss->compute(run.outputs()[0], {next_, {}, {}},
                                   gradient ? run.output_gradients()[0] : View{});
  }

  void judge(Run& run, const LossSum& loss, ScoreSums& sums) {
    sums.loss += loss;
    const View& logits = run.outputs()[0];
    const std::size_t width = heads_[0].target.answers.size();
    answers_.resize(static_cast<std::size_t>(logits.rows()) * width);
    heads_[0].loss->answer(logits, answers_);
    judged_ = {logits.rows(), static_cast<int>(width), answers_, next_, {}, {}};
    for (std::size_t u = 0; u < uses_.size(); ++u) sums.tallies[u]->add(judged_);
  }

  std::shared_ptr<const TextWindows> encoding_;
  std::vector<LossHead> heads_;
  std::vector<MetricName> names_;
  std::vector<MetricUse> uses_;
  Network network_;
  int batch_rows_;
  std::vector<std::int32_t> next_;  // of the batch at hand
  std::vector<Real> answers_;
  Judged judged_;
  Run* last_ = nullptr;
};

/// What comes next in a text, told at each of its tokens by those before.
struct LanguageModel final : Task {
  std::int64_t context = 128;
  Choice tokenizer = choose(tokenizers, "characters");

  void visit(Visitor& v) override {
    v("context", context, between(1, 1 << 20), "tokens that a window of the text has");
    v("tokenizer", tokenizer, tokenizers, "what a token is");
  }
  bool wants_target() const override { return false; }
  std::optional<double> clip_norm() const override { return 1; }
  DataRequest request(const TaskRequest&) const override {
    DataRequest out;
    out.text = DataRequest::Text{tokenizer.as<TokenizerType>(), static_cast<int>(context)};
    return out;
  }
  std::unique_ptr<Learner> learner(const TaskRequest& request,
                                   std::shared_ptr<const Encoding> encoding) const override {
    for (const Stack& stack : request.model)
      if (stack.name != "main")
        fail(stack.place, "a language model has one stack of layers", "write model: as one list");
    if (request.members > 1) fail(request.model_place, "a language model has no ensemble", "leave it out");
    if (!request.augment.empty())
      fail(request.augment_place, "train.augment changes pictures, and a text has none", "leave it out");
    if (request.test_average != TestAverage::none)
      fail(request.test_average_place, "train.test_average is of pictures, and a text has none",
           "leave it out");
    return std::make_unique<LanguageLearner>(request, std::move(encoding));
  }
};

}  // namespace

namespace task_entries {
extern const Entry language_model = {
    "language_model",
    "learns to tell what comes next in a text, and so to write: bpnet generate",
    "lm gpt char_rnn text_generation causal_lm",
    "language_model: {context: 64, tokenizer: characters}",
    "",
    make<LanguageModel>};
}

}  // namespace bpnet
