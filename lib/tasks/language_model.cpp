#include "core/random.hpp"
#include "data/text_rows.hpp"
#include "spec/table.hpp"
#include "tasks/step_learner.hpp"

namespace bpnet {

namespace {

/// One network that tells, behind each token of a window, what comes next.
class LanguageLearner final : public StepLearner {
 public:
  LanguageLearner(const TaskRequest& request, std::shared_ptr<const TextWindows> encoding)
      : StepLearner(
            request, encoding->targets()[0],
            [&](std::span<const LossHead> heads) { return supervised_graph(request, *encoding, heads); }, 1,
            encoding->context()),
        encoding_(std::move(encoding)) {}
  const Encoding& encoding() const override { return *encoding_; }
  std::unique_ptr<TextWriter> writer() override { return write_by_language_model(network(), *encoding_); }

 protected:
  Run& gather(const Rows& rows, std::span<const std::int64_t> batch, const Moment& moment,
              Mode mode) override {
    const int context = encoding_->context();
    Run& run = network().run({static_cast<int>(batch.size()), {context}}, mode);
    // Each epoch cuts the training text elsewhere, the first one as it is.
    int shift = 0;
    if (mode == Mode::training && moment.epoch > 0)
      shift = static_cast<int>(Draw::of(moment.seed, stream_of("cut of windows"), moment.epoch)
                                   .index(0, 0, static_cast<std::uint64_t>(context)));
    dynamic_cast<const TextRows&>(rows).windows(batch, shift, run.inputs()[0], run.lengths(1),
                                                next(batch.size() * static_cast<std::size_t>(context)));
    return run;
  }

 private:
  std::shared_ptr<const TextWindows> encoding_;
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
  bool takes_stack(std::string_view name) const override { return name == "main"; }
  std::optional<double> clip_norm() const override { return 1; }
  DataRequest request(const TaskRequest&) const override {
    DataRequest out;
    out.text = DataRequest::Text{tokenizer.as<TokenizerType>(), static_cast<int>(context)};
    return out;
  }
  std::unique_ptr<Learner> learner(const TaskRequest& request,
                                   std::shared_ptr<const Encoding> encoding) const override {
    refuse_pictures_and_members(request);
    return std::make_unique<LanguageLearner>(
        request, std::dynamic_pointer_cast<const TextWindows>(std::move(encoding)));
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
