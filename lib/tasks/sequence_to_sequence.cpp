#include "tasks/sequence_to_sequence.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "data/text_rows.hpp"
#include "spec/table.hpp"
#include "tasks/step_learner.hpp"
#include "text/symbols.hpp"

namespace bpnet {

namespace {

constexpr int read_time = 1, told_time = 2;

TargetKind target_of(const ToldPorts& ports) {
  TargetKind out = token_target(*ports.of_told->tokenizer, ports.target);
  out.text = true;
  out.separator = ports.of_told->tokenizer->separator();
  out.counts = ports.of_told->counts;
  out.counts.resize(out.labels.size());
  return out;
}

class ToldLearner final : public StepLearner {
 public:
  ToldLearner(const TaskRequest& request, std::shared_ptr<const TableEncoding> encoding, Decoding decoding)
      : ToldLearner(request, encoding, told_ports(*encoding), decoding) {}

  const Encoding& encoding() const override { return *encoding_; }

  bool tells_texts() const override { return true; }
  std::vector<std::string> tell(const Rows& rows, std::span<const std::int64_t> which) override {
    std::vector<std::string> out(which.size());
    tell_each(rows, which, [&](std::size_t i, std::string text) { out[i] = std::move(text); });
    return out;
  }

 protected:
  Run& gather(const Rows& rows, std::span<const std::int64_t> batch, const Moment&, Mode mode) override {
    const auto count = batch.size();
    lengths_.resize(count);
    rows.lengths(read_time, batch, lengths_);
    const int read = *std::max_element(lengths_.begin(), lengths_.end());
    rows.lengths(told_time, batch, lengths_);
    const int told = 1 + *std::max_element(lengths_.begin(), lengths_.end());
    Run& run = network().run({static_cast<int>(count), {read, told}}, mode);
    rows.gather(batch, run.inputs());
    rows.lengths(read_time, batch, run.lengths(read_time));
    const auto steps = static_cast<std::size_t>(told);
    const auto asked = next(count * steps);
    std::int32_t* in = run.inputs()[1].integers();
    for (std::size_t r = 0; r < count; ++r, in += steps) {
      const auto length = static_cast<std::size_t>(lengths_[r]);
      std::int32_t* out = &asked[r * steps];
      std::copy_n(in, length, out);
      out[length] = Tokenizer::end;
      std::fill(out + length + 1, out + steps, -1);
      std::copy_backward(in, in + length, in + length + 1);
      in[0] = Tokenizer::begin;
      run.lengths(told_time)[r] = lengths_[r] + 1;
    }
    return run;
  }
  // Rows with the same text to read are one, and what any of them tells in the file is right.
  std::vector<Told> told_texts(const Rows& rows, std::span<const std::int64_t> which) override {
    const auto& groups = encoding_->groups;
    const auto told = static_cast<std::size_t>(
        std::find_if(groups.begin(), groups.end(), [](const GroupColumns& g) { return g.told; }) -
        groups.begin());
    std::vector<Told> out;
    std::map<std::string, std::size_t> seen;
    std::vector<std::int64_t> first;
    for (const std::int64_t row : which) {
      const auto [at, fresh] = seen.try_emplace(rows.text(1 - told, row), out.size());
      if (fresh) {
        out.emplace_back();
        first.push_back(row);
      }
      out[at->second].right.push_back(with_one_joint(*ports_.of_told->tokenizer, rows.text(told, row)));
    }
    tell_each(rows, first, [&](std::size_t i, std::string text) { out[i].text = std::move(text); });
    return out;
  }

 private:
  ToldLearner(const TaskRequest& request, std::shared_ptr<const TableEncoding> encoding, ToldPorts ports,
              Decoding decoding)
      : StepLearner(
            request, target_of(ports),
            [&](std::span<const LossHead> heads) { return told_graph(request, ports, heads[0].width); },
            told_time, std::max(ports.read.longest, ports.told.longest + 1)),
        encoding_(std::move(encoding)),
        ports_(std::move(ports)),
        decoding_(decoding),
        decoder_(network(), decoding) {
    network().graph().require_steps(read_time, ports_.read.longest);
    network().graph().require_steps(told_time, std::max(ports_.told.longest + 1, decoding.longest));
    if (ports_.of_told->ngrams > 1)
      throw Error(Fault::configuration, request.model_place,
                  "ngrams are for texts that are read, and '" + ports_.target + "' is to be told",
                  {"leave ngrams and buckets out of its column"});
  }

  // Calls found(i, text) for each of the rows, those with texts of like lengths at once.
  template <class Found>
  void tell_each(const Rows& rows, std::span<const std::int64_t> which, Found found) {
    const std::size_t most = static_cast<std::size_t>(std::max(1, 128 / decoding_.beam));
    std::vector<int> lengths(which.size());
    rows.lengths(read_time, which, lengths);
    const std::vector<std::size_t> order = by_length(rows, which, read_time);
    std::vector<std::int64_t> repeated;
    for (std::size_t at = 0; at < order.size();) {
      const std::size_t end = std::min(order.size(), at + most);
      const int longest = lengths[order[end - 1]];
      const auto texts = decoder_.run(static_cast<int>(end - at), longest, [&](Run& run, int beam) {
        repeated.clear();
        for (std::size_t i = at; i < end; ++i)
          repeated.insert(repeated.end(), static_cast<std::size_t>(beam), which[order[i]]);
        rows.gather(repeated, run.inputs());
        rows.lengths(read_time, repeated, run.lengths(read_time));
      });
      for (std::size_t i = at; i < end; ++i)
        found(order[i], ports_.of_told->tokenizer->decode(texts[i - at]));
      at = end;
    }
  }

  std::shared_ptr<const TableEncoding> encoding_;
  ToldPorts ports_;
  Decoding decoding_;
  Decoder decoder_;
  std::vector<int> lengths_;
};

/// A text is read, and another told.
struct SequenceToSequence final : Task {
  std::int64_t beam = 1, max_length = 100;
  double length_penalty = 1;
  bool shared_vocabulary = false;

  void visit(Visitor& v) override {
    v("beam", beam, between(1, 1000), "texts that are followed at once when one is told");
    v("length_penalty", length_penalty, at_least(0),
      "of a beam: exponent of the length that the score of a text is divided by; more favours longer ones");
    v("max_length", max_length, between(1, 1 << 16), "tokens that a text that is told may have");
    v("shared_vocabulary", shared_vocabulary, "both texts have the same tokens");
  }
  std::vector<StackFault> stack_faults(std::span<const Stack> stacks,
                                       const std::string& name) const override {
    static constexpr const char* names[] = {"encoder", "decoder"};
    return faults_unless(names, stacks, name,
                         "write encoder: [embedding, ...] and decoder: [embedding, ..., output]");
  }
  DataRequest request(const TaskRequest& request) const override {
    DataRequest out;
    for (const char* name : {"encoder", "decoder"}) {
      InputGroup group;
      group.stack = name;
      group.columns = {"*"};
      for (const Stack& stack : request.model)
        if (stack.name == name) group.codes = !stack.layers.empty() && stack.layers[0].name() == "embedding";
      out.groups.push_back(std::move(group));
    }
    out.target_stack = "decoder";
    out.told_at_most = max_length;
    out.shared_vocabulary = shared_vocabulary;
    return out;
  }
  std::unique_ptr<Learner> learner(const TaskRequest& request,
                                   std::shared_ptr<const Encoding> encoding) const override {
    refuse_pictures_and_members(request);
    return std::make_unique<ToldLearner>(
        request, std::dynamic_pointer_cast<const TableEncoding>(std::move(encoding)),
        Decoding{static_cast<int>(beam), length_penalty, static_cast<int>(max_length) + 1});
  }
};

}  // namespace

namespace task_entries {
extern const Entry sequence_to_sequence = {
    "sequence_to_sequence",
    "learns to tell a text from another one: translation, spelling to sounds",
    "seq2seq translation encoder_decoder nmt",
    "sequence_to_sequence: {beam: 5, length_penalty: 0.6}",
    "",
    make<SequenceToSequence>};
}

}  // namespace bpnet
