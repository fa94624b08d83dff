#pragma once
// A small configuration with every kind of option, for the tests of lib/spec.

#include <optional>

#include "spec/spec.hpp"

namespace toys {

using namespace bpnet;

template <class T>
std::unique_ptr<Options> make() {
  return std::make_unique<T>();
}

extern const Table layers, losses, optimizers, schedules, metrics, column_types;

struct ToyLayer : Options {
  std::string name;
  bool freeze = false;
  double rate = 1;
  void visit_common(Visitor& v) override {
    v("name", name, "the layer's name");
    v("freeze", freeze, "keep the parameters as they are");
    v("rate", rate, at_least(0), "factor on the learning rate");
  }
};
struct ToyDense : ToyLayer {
  std::int64_t units = 0;
  Choice activation;
  bool bias = true;
  void visit(Visitor& v) override {
    v("units", units, between(1, 1 << 24), "outputs per row");
    v("activation", activation, layers, "layer put behind it");
    v("bias", bias, "add a learnt bias");
  }
};
struct ToyDropout : ToyLayer {
  double share = 0.5;
  void visit(Visitor& v) override { v("rate", share, share_below_one(), "share set to zero"); }
};
struct ToyRelu : ToyLayer {};
struct ToyResidual : ToyLayer {
  std::vector<Choice> list;
  bool projection = false;
  void visit(Visitor& v) override {
    v("layers", list, layers, "the layers the input skips");
    v("projection", projection, "let the input through a dense layer");
  }
};
struct ToyParallel : ToyLayer {
  std::vector<std::vector<Choice>> branches;
  enum class Merge : std::uint8_t { concat, add } merge = Merge::concat;
  void visit(Visitor& v) override {
    static constexpr const char* words[] = {"concat", "add"};
    v("branches", branches, layers, "lists of layers");
    v("merge", merge, words, "how the branches are joined");
  }
};
struct ToyLoss : Options {
  double label_smoothing = 0;
  std::vector<std::pair<std::string, double>> class_weights;
  void visit(Visitor& v) override {
    v("label_smoothing", label_smoothing, share_below_one(), "share given to all classes");
    v("class_weights", class_weights, above(0), "factor on the loss of a class");
  }
};
struct ToyAdam : Options {
  double learning_rate = 0.001, beta1 = 0.9;
  void visit(Visitor& v) override {
    v("learning_rate", learning_rate, above(0), "step size");
    v("beta1", beta1, share_below_one(), "decay of the mean");
  }
};
struct ToySgd : Options {
  double learning_rate = 0.01, momentum = 0;
  bool nesterov = false;
  void visit(Visitor& v) override {
    v("learning_rate", learning_rate, above(0), "step size");
    v("momentum", momentum, share_below_one(), "share of the last step");
    v("nesterov", nesterov, "look ahead");
  }
};
struct ToyAveraged : Options {
  Choice inner = choose(optimizers, "adam");
  void visit(Visitor& v) override { v("inner", inner, optimizers, "the optimizer averaged over"); }
};
struct ToySchedule : Options {
  Length warmup{0, Length::Unit::steps};
  void visit_common(Visitor& v) override { v("warmup", warmup, "linear rise in front"); }
};
struct ToyCosine : ToySchedule {
  double last = 0;
  void visit(Visitor& v) override { v("last", last, between(0, 1), "factor in the end"); }
};
struct ToyMetric : Options {};
struct ToyNumber : Options {
  enum class Scale : std::uint8_t { standard, none } scale = Scale::standard;
  void visit(Visitor& v) override {
    static constexpr const char* words[] = {"standard", "none"};
    v("scale", scale, words, "how values are scaled");
  }
};
struct ToyCategory : Options {
  std::vector<std::pair<std::string, std::string>> replace;
  std::int64_t min_count = 1;
  void visit(Visitor& v) override {
    v("replace", replace, "cells read as others");
    v("min_count", min_count, at_least(1), "rarer classes are one");
  }
};

struct ToySplit : Options {
  Length validation{10, Length::Unit::percent};
  std::int64_t seed = 42;
  std::string column;
  void visit(Visitor& v) override {
    v("validation", validation, "share of the rows");
    v("seed", seed, at_least(0), "draws rows");
    bool present = !column.empty();
    v.begin_optional({"column", "a column that says it"}, present, "none");
    v("column", column, "a column that says it");
    v.end_optional();
  }
};
struct ToyData : Options {
  std::vector<std::string> file, target, missing = {"", "NA", "null", "?"};
  enum class Header : std::uint8_t { automatic, yes, no } header = Header::automatic;
  ChoiceMap columns;
  ToySplit split;
  std::vector<std::int64_t> positions = {1, 2};
  std::vector<double> shares = {0.5};
  void visit(Visitor& v) override {
    static constexpr const char* words[] = {"auto", "true", "false"};
    v("file", file, "files, one after another");
    bool present = !target.empty();
    v.begin_optional({"target", "columns to tell"}, present, "none");
    v("target", target, "columns to tell");
    v.end_optional();
    v("missing", missing, "cells that are missing");
    v("header", header, words, "whether the first row names the columns");
    v.choice_map({"columns", "types of columns"}, columns, column_types);
    v("split", split, "which rows are which");
    v("positions", positions, at_least(1), "positions");
    v("shares", shares, between(0, 1), "shares");
  }
};
struct ToyStopping : Options {
  Length patience{10, Length::Unit::epochs};
  double min_delta = 0;
  void visit(Visitor& v) override {
    v("patience", patience, "how long ago the best may be");
    v("min_delta", min_delta, at_least(0), "smaller improvements do not count");
  }
};
struct ToyTrain : Options {
  std::int64_t epochs = 100, seed = 42;
  std::optional<std::int64_t> batch_size = 32;
  std::optional<double> clip_norm;
  std::optional<Length> max_time;
  bool stop_early = false;
  ToyStopping early_stopping;
  void visit(Visitor& v) override {
    v("epochs", epochs, between(1, 1e9), "passes over the rows");
    v.optional("batch_size", batch_size, "all", between(1, 1 << 30), "rows of a step");
    v("seed", seed, at_least(0), "draws weights");
    v.optional("clip_norm", clip_norm, "none", above(0), "longer gradients are shortened");
    v.optional("max_time", max_time, "none", "training ends after it");
    v.begin_optional({"early_stopping", "end when nothing improves"}, stop_early, "none");
    v("early_stopping", early_stopping, "end when nothing improves");
    v.end_optional();
  }
};
struct ToySettings : Options {
  std::string name = "auto";
  ToyData data;
  std::vector<Stack> model;
  ChoiceMap loss;
  Choice optimizer = choose(optimizers, "adam"), schedule = choose(schedules, "constant");
  std::vector<Choice> metrics;
  ToyTrain train;
  void visit(Visitor& v) override {
    v("name", name, "name of the run");
    v("data", data, "files and columns");
    v.stacks({"model", "the layers"}, model, layers);
    bool present = !loss.empty();
    v.begin_optional({"loss", "what gets small"}, present, "auto");
    v.choice_or_map({"loss", "what gets small"}, loss, losses);
    v.end_optional();
    v("optimizer", optimizer, optimizers, "how weights follow gradients");
    v("schedule", schedule, schedules, "how the learning rate changes");
    present = !metrics.empty();
    v.begin_optional({"metrics", "what is reported"}, present, "auto");
    v("metrics", metrics, toys::metrics, "what is reported");
    v.end_optional();
    v("train", train, "the loop");
  }
};

/// A text that binds, and the start of most tests.
inline const std::string wine = R"(# Which cultivar is a wine from?
data:
  file: ../data/wine.csv
  target: cultivar
model:
  - dense: {units: 32, activation: relu}
  - dropout: 0.1
  - output
optimizer:
  adam: {learning_rate: 0.003}
train:
  epochs: 100
  batch_size: 16
)";

struct Result {
  ToySettings settings;
  Bound bound;
  std::string error;  // as printed; empty when it binds
};
inline Result bind_text(const std::string& text, std::vector<std::string> overrides = {}) {
  Result result;
  try {
    result.bound = bind_settings(result.settings, "wine.yaml", text, overrides);
  } catch (const Error& error) {
    result.error = error.what();
  }
  return result;
}
inline std::string error_of(const std::string& text, std::vector<std::string> overrides = {}) {
  return bind_text(text, std::move(overrides)).error;
}
/// The text with one line of it replaced.
inline std::string wine_with(const std::string& from, const std::string& to) {
  std::string text = wine;
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace toys
