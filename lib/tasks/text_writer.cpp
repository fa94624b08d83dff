#include "tasks/text_writer.hpp"

#include <algorithm>
#include <vector>

#include "data/text_rows.hpp"
#include "model/network.hpp"

namespace bpnet {

namespace {

class LanguageWriter final : public TextWriter {
 public:
  LanguageWriter(Network& network, const TextWindows& encoding)
      : network_(network),
        encoding_(encoding),
        chunk_(static_cast<std::size_t>(std::max(1, encoding.context() / 2))),
        bounded_(std::any_of(network.graph().nodes().begin(), network.graph().nodes().end(),
                             [](const Node& node) { return node.plan.counts_steps; })),
        least_(encoding.targets()[0].counts[Tokenizer::end] > 0 ? Tokenizer::end : Tokenizer::first) {}

  std::int64_t begin(std::string_view prompt) override {
    text_.clear();
    encoding_.tokenizer().encode(prompt, text_);
    if (text_.empty()) encoding_.tokenizer().encode("\n", text_);
    if (text_.empty()) text_.push_back(most_frequent());
    const auto unknown = std::count(text_.begin(), text_.end(), Tokenizer::unknown);
    run(1).restart();
    read_from(first_to_read(static_cast<std::size_t>(encoding_.context()) - 1));
    return prompt.empty() ? 0 : unknown;
  }

  std::optional<std::string> next(Sampler& sampler) override {
    const View& logits = run(1).outputs()[0];
    const std::int32_t token = sampler.draw({logits.reals(), logits.elements()}, least_, text_.size());
    if (token == Tokenizer::end) return std::nullopt;
    const std::string_view joint = encoding_.tokenizer().joint_before(text_, token);
    text_.push_back(token);
    if (bounded_ && run(1).position() >= encoding_.context()) {
      run(1).restart();
      read_from(first_to_read(chunk_ + 1));
    } else {
      read_from(text_.size() - 1);
    }
    return std::string(joint) + encoding_.tokenizer().decode(token);
  }

 private:
  std::int32_t most_frequent() const {
    const auto& counts = encoding_.targets()[0].counts;
    return static_cast<std::int32_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
  }
  // Where to begin so that at most `most` tokens are read.
  std::size_t first_to_read(std::size_t most) const {
    most = std::clamp<std::size_t>(most, 1, static_cast<std::size_t>(encoding_.context()));
    return bounded_ && text_.size() > most ? text_.size() - most : 0;
  }
  // Many tokens go through the network at once. The last one does by itself: its answer is what counts.
  void read_from(std::size_t at) {
    while (at < text_.size()) {
      const std::size_t count = text_.size() - at > chunk_ ? chunk_ : 1;
      Run& reading = run(count);
      std::copy_n(&text_[at], count, reading.inputs()[0].integers());
      reading.forward({});
      at += count;
    }
  }
  Run& run(std::size_t steps) {
    return network_.run({1, {static_cast<int>(steps)}, encoding_.context()}, Mode::generating);
  }

  Network& network_;
  const TextWindows& encoding_;
  std::size_t chunk_;  // tokens that are read at once
  bool bounded_;
  std::int32_t least_;  // a text that was one has no end to learn
  std::vector<std::int32_t> text_;
};

}  // namespace

void require_looking_back(const Graph& graph, int time) {
  std::vector<Problem> problems;
  for (const Node& node : graph.nodes()) {
    if (!node.plan.looks_ahead || graph.nodes()[static_cast<std::size_t>(node.inputs[0])].port().time != time)
      continue;
    const bool known = std::any_of(problems.begin(), problems.end(), [&](const Problem& p) {
      return p.place.line == node.place.line && p.place.column == node.place.column;
    });
    if (known) continue;
    Problem p;
    p.place = node.place;
    p.message = node.path + " looks ahead: it would see at each step what it is to tell";
    p.help = {"say causal: true of attention and conv1d, and bidirectional: false of recurrent layers"};
    problems.push_back(std::move(p));
  }
  if (!problems.empty()) throw Error(Fault::configuration, std::move(problems));
}

std::unique_ptr<TextWriter> write_by_language_model(Network& network, const TextWindows& encoding) {
  return std::make_unique<LanguageWriter>(network, encoding);
}

}  // namespace bpnet
