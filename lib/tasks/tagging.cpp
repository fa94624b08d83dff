// A label for each step of a text or a sequence.

#include <algorithm>
#include <array>
#include <cassert>

#include "data/encoding.hpp"
#include "spec/table.hpp"
#include "tasks/step_learner.hpp"
#include "tasks/step_runs.hpp"
#include "text/symbols.hpp"

namespace bpnet {

namespace {

constexpr const char* tags_stack = "tags";
constexpr int time_of_text = 1;

/// What the network reads, and the labels: ids of a tokenizer, less those that stand for no symbol.
struct TagPorts {
  std::vector<InputPort> all;  // in the order of Encoding::inputs
  std::size_t read = 0, tags = 0;
  std::shared_ptr<const Tokenizer> labels;
  std::size_t labels_group = 0;  // in TableEncoding::groups
  TargetKind target;
};

TagPorts tag_ports(const TableEncoding& encoding) {
  TagPorts out;
  out.all.assign(encoding.inputs().begin(), encoding.inputs().end());
  for (std::size_t i = 0; i < out.all.size(); ++i) (out.all[i].stack == tags_stack ? out.tags : out.read) = i;
  assert(out.all.size() == 2 && out.all[out.read].port.time == time_of_text);
  std::vector<std::int64_t> counts;
  for (const GroupColumns& group : encoding.groups) {
    if (!group.tags) continue;
    out.labels_group = static_cast<std::size_t>(&group - encoding.groups.data());
    out.labels = group.text->tokenizer;
    if (!group.text->counts.empty())
      counts.assign(group.text->counts.begin() + Tokenizer::first, group.text->counts.end());
    out.target.name = encoding.features[group.features.front()].name;
  }
  out.target.classes = out.target.text = true;
  out.target.separator = out.labels->separator();
  for (std::int32_t id = Tokenizer::first; id < out.labels->size(); ++id)
    out.target.labels.push_back(out.labels->decode(id));
  if (out.target.labels.size() < 2)
    throw Error(Fault::data, "data.target: '" + out.target.name + "' has " +
                                 (out.target.labels.empty() ? "no label" : "one label only") +
                                 " in the training rows: there is nothing to learn");
  out.target.counts = std::move(counts);
  out.target.counts.resize(out.target.labels.size());
  return out;
}

Graph tagging_graph(const TaskRequest& request, const InputPort& read, int width) {
  Graph graph({{"", width}});
  const int in = graph.add_input(read.stack + "." + read.name, read.port);
  for (const Stack& stack : request.model) graph.add_stack(stack, in);
  graph.finish(request.model_place);
  return graph;
}

class Tagger final : public StepLearner {
 public:
  Tagger(const TaskRequest& request, std::shared_ptr<const TableEncoding> encoding)
      : Tagger(request, encoding, tag_ports(*encoding)) {}
  const Encoding& encoding() const override { return *encoding_; }

  bool tells_texts() const override { return true; }
  std::vector<std::string> tell(const Rows& rows, std::span<const std::int64_t> which) override {
    constexpr std::size_t most = 128;  // rows at once
    std::vector<std::string> out(which.size());
    const std::vector<std::size_t> order = by_length(rows, which, time_of_text);
    const auto classes = ports_.target.labels.size();
    std::vector<std::int64_t> batch;
    std::vector<Real> answers;
    std::vector<std::int32_t> ids;
    for (std::size_t at = 0; at < order.size(); at += most) {
      batch.clear();
      for (std::size_t i = at; i < std::min(order.size(), at + most); ++i) batch.push_back(which[order[i]]);
      Run& run = read(rows, batch, Mode::inference);
      run.forward({});
      const View& logits = run.outputs()[0];
      answers.resize(static_cast<std::size_t>(logits.rows()) * classes);
      loss().answer(logits, answers);
      for (std::size_t r = 0; r < batch.size(); ++r) {
        ids.clear();
        const Real* step = &answers[r * static_cast<std::size_t>(logits.steps) * classes];
        const int steps = rows.has_steps(time_of_text, batch[r]) ? run.lengths(time_of_text)[r] : 0;
        for (int t = 0; t < steps; ++t, step += classes)
          ids.push_back(Tokenizer::first +
                        static_cast<std::int32_t>(std::max_element(step, step + classes) - step));
        out[order[at + r]] = ports_.labels->decode(ids);
      }
    }
    return out;
  }

 protected:
  Run& gather(const Rows& rows, std::span<const std::int64_t> batch, const Moment&, Mode mode) override {
    Run& run = read(rows, batch, mode);
    const auto steps = static_cast<std::size_t>(run.inputs()[0].steps);
    const auto asked = next(batch.size() * steps);
    for (std::size_t r = 0; r < batch.size(); ++r)
      for (std::size_t t = 0; t < steps; ++t) {
        const std::int32_t id = tags_[r * steps + t];
        const bool used =
            t < static_cast<std::size_t>(run.lengths(time_of_text)[r]) && id >= Tokenizer::first;
        asked[r * steps + t] = used ? id - Tokenizer::first : -1;
      }
    return run;
  }
  /// What is right is the file's own text, which may have labels that no training row has, as far as the
  /// model reads the row.
  std::vector<Told> told_texts(const Rows& rows, std::span<const std::int64_t> which) override {
    const std::vector<std::string> told = tell(rows, which);
    std::vector<Told> out(which.size());
    for (std::size_t i = 0; i < which.size(); ++i) {
      out[i].text = told[i];
      int steps = 0;
      rows.lengths(time_of_text, {&which[i], 1}, {&steps, 1});
      out[i].right = {with_one_joint(*ports_.labels, rows.text(ports_.labels_group, which[i]),
                                     static_cast<std::size_t>(steps))};
    }
    return out;
  }

 private:
  Tagger(const TaskRequest& request, std::shared_ptr<const TableEncoding> encoding, TagPorts ports)
      : StepLearner(
            request, ports.target,
            [&](std::span<const LossHead> heads) {
              return tagging_graph(request, ports.all[ports.read], heads[0].width);
            },
            time_of_text, ports.all[ports.read].longest, Sight::all_steps),
        encoding_(std::move(encoding)),
        ports_(std::move(ports)),
        runs_(network(), {&ports_.all[ports_.read], 1}) {
    network().graph().require_steps(time_of_text, ports_.all[ports_.read].longest);
  }

  /// A run with the inputs of a batch, and their labels in tags_.
  Run& read(const Rows& rows, std::span<const std::int64_t> batch, Mode mode) {
    Run& run = runs_.of(rows, batch, mode);
    fill(rows, batch, run.inputs()[0]);
    return run;
  }
  void fill(const Rows& rows, std::span<const std::int64_t> batch, const View& in) {
    tags_.resize(static_cast<std::size_t>(in.rows()));
    std::array<View, 2> views;
    views[ports_.read] = in;
    View& tags = views[ports_.tags];
    tags.port = ports_.all[ports_.tags].port;
    tags.samples = in.samples;
    tags.steps = in.steps;
    tags.data = reinterpret_cast<std::byte*>(tags_.data());
    rows.gather(batch, views);
  }

  std::shared_ptr<const TableEncoding> encoding_;
  TagPorts ports_;
  StepRuns runs_;
  std::vector<std::int32_t> tags_;
};

struct Tagging final : Task {
  void visit(Visitor&) override {}
  DataRequest request(const TaskRequest& request) const override {
    DataRequest out;
    InputGroup read, tags;
    read.stack = "main";
    read.columns = {"*"};
    for (const Stack& stack : request.model)
      read.codes = !stack.layers.empty() && stack.layers[0].name() == "embedding";
    tags.stack = out.target_stack = tags_stack;
    tags.codes = tags.tags = true;
    out.groups = {std::move(read), std::move(tags)};
    return out;
  }
  std::unique_ptr<Learner> learner(const TaskRequest& request,
                                   std::shared_ptr<const Encoding> encoding) const override {
    refuse_pictures_and_members(request);
    return std::make_unique<Tagger>(request,
                                    std::dynamic_pointer_cast<const TableEncoding>(std::move(encoding)));
  }
};

}  // namespace

namespace task_entries {
extern const Entry tagging = {"tagging",
                              "learns a label for each step of a text or a sequence: parts of speech, names",
                              "sequence_labeling sequence_labelling token_classification ner pos_tagging",
                              "tagging",
                              "",
                              make<Tagging>};
}

}  // namespace bpnet
