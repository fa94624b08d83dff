#include <algorithm>

#include "core/random.hpp"
#include "data/text_rows.hpp"
#include "spec/table.hpp"
#include "tasks/step_learner.hpp"

namespace bpnet {

namespace {

/// One network that tells, behind each token of a window, what comes next.
class LanguageLearner final : public StepLearner {
 public:
  LanguageLearner(const TaskRequest& request, std::shared_ptr<const TextWindows> encoding, bool carries)
      : StepLearner(
            request, encoding->targets()[0],
            [&](std::span<const LossHead> heads) { return supervised_graph(request, *encoding, heads); }, 1,
            encoding->context()),
        encoding_(std::move(encoding)),
        carries_(carries) {
    network().graph().require_steps(1, encoding_->context());
  }
  const Encoding& encoding() const override { return *encoding_; }
  bool learns_streams() const override { return carries_; }
  std::span<Real> carried(int samples) override {
    if (!carries_) return {};
    return network().run(extent(static_cast<std::size_t>(samples), Mode::training), Mode::training).carried();
  }
  /// Streams of windows that follow each other, many enough to be quick and few enough to be long; then the
  /// windows that are left, one by one.
  std::vector<std::vector<std::int64_t>> in_batches(std::span<const std::int64_t> which,
                                                    std::size_t most) override {
    if (!carries_) return StepLearner::in_batches(which, most);
    constexpr std::size_t most_streams = 32, shortest = 64;
    const std::size_t streams = std::clamp<std::size_t>(which.size() / shortest, 1,
                                                        std::min(most_streams, at_once())),
                      steps = which.size() / streams;
    std::vector<std::int64_t> windows(which.begin(), which.end());
    std::sort(windows.begin(), windows.end());
    scored_.clear();
    std::vector<std::vector<std::int64_t>> out(steps);
    for (std::size_t step = 0; step < steps; ++step)
      for (std::size_t stream = 0; stream < streams; ++stream)
        out[step].push_back(windows[stream * steps + step]);
    for (std::size_t i = streams * steps; i < windows.size(); ++i) out.push_back({windows[i]});
    return out;
  }
  std::unique_ptr<TextWriter> writer() override { return write_by_language_model(network(), *encoding_); }

 protected:
  Run& gather(const Rows& rows, std::span<const std::int64_t> batch, const Moment& moment,
              Mode mode) override {
    const int context = encoding_->context();
    Run& run = network().run(extent(batch.size(), mode), mode);
    if (carries_ && mode == Mode::training) carry_on(run, moment);
    if (carries_ && mode == Mode::inference) follow(run, batch);
    // Each epoch cuts the training text elsewhere, the first one as it is; what is carried on allows no cut.
    int shift = 0;
    if (mode == Mode::training && moment.epoch > 0 && !carries_)
      shift = static_cast<int>(Draw::of(moment.seed, stream_of("cut of windows"), moment.epoch)
                                   .index(0, 0, static_cast<std::uint64_t>(context)));
    dynamic_cast<const TextRows&>(rows).windows(batch, shift, run.inputs()[0], run.lengths(1),
                                                next(batch.size() * static_cast<std::size_t>(context)));
    return run;
  }

 private:
  Extent extent(std::size_t samples, Mode mode) const {
    Extent out{static_cast<int>(samples), {encoding_->context()}};
    out.carries = carries_ && (mode == Mode::training || mode == Mode::inference);
    return out;
  }

  // An epoch begins with zeros; a step that is looked at again begins as it did before.
  void carry_on(Run& run, const Moment& moment) {
    const std::span<Real> carried = run.carried();
    if (moment.pass > 0) return;
    if (moment.step == carried_step_) {
      std::copy(before_.begin(), before_.end(), carried.begin());
      return;
    }
    if (moment.samples.front() == 0) std::fill(carried.begin(), carried.end(), Real{0});
    carried_step_ = moment.step;
    before_.assign(carried.begin(), carried.end());
  }

  // Windows behind those that were scored last go on where these ended, others begin with zeros.
  void follow(Run& run, std::span<const std::int64_t> batch) {
    const bool next =
        std::equal(batch.begin(), batch.end(), scored_.begin(), scored_.end(),
                   [](std::int64_t window, std::int64_t before) { return window == before + 1; });
    if (!next) std::fill(run.carried().begin(), run.carried().end(), Real{0});
    scored_.assign(batch.begin(), batch.end());
  }

  std::shared_ptr<const TextWindows> encoding_;
  bool carries_;
  std::vector<std::int64_t> scored_;
  std::vector<Real> before_;  // of the step at hand
  std::uint64_t carried_step_ = ~std::uint64_t{0};
};

/// What comes next in a text, told at each of its tokens by those before.
struct LanguageModel final : Task {
  std::optional<std::int64_t> context;
  bool carry = false;
  std::optional<Choice> tokenizer;

  void visit(Visitor& v) override {
    v.optional("context", context, "auto", between(1, 1 << 20),
               "tokens that a window of the text has; auto: max_length of data.columns.text, else 128");
    v.optional("tokenizer", tokenizer, "auto", std::cref(tokenizers),
               "what a token is; auto: that of data.columns.text, else characters");
    v("carry", carry,
      "recurrent layers go on from window to window, in the order of the text; gradients end at a window's "
      "beginning (truncated backpropagation through time)");
  }
  bool wants_target() const override { return false; }
  DataRequest request(const TaskRequest&) const override {
    DataRequest out;
    out.text = DataRequest::Text{tokenizer ? tokenizer->as<TokenizerType>() : nullptr, context};
    return out;
  }
  std::unique_ptr<Learner> learner(const TaskRequest& request,
                                   std::shared_ptr<const Encoding> encoding) const override {
    refuse_pictures_and_members(request);
    auto made = std::make_unique<LanguageLearner>(
        request, std::dynamic_pointer_cast<const TextWindows>(std::move(encoding)), carry);
    const auto nodes = made->network().graph().nodes();
    if (carry && std::any_of(nodes.begin(), nodes.end(), [](const Node& n) { return n.plan.counts_steps; }))
      throw Error(
          Fault::configuration, request.model_place,
          "task.language_model.carry is for recurrent layers, and the model has attention or positions",
          {"leave carry out, or take rnn, lstm or gru"});
    return made;
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
