// No text crashes the parser, the binder or the overrides, and none takes long. Mutations of a configuration
// from a fixed seed; under AddressSanitizer this is where it would show.
#include <doctest/doctest.h>

#include "spec_toys.hpp"

namespace {

class Mutator {
 public:
  explicit Mutator(std::uint32_t seed) : state_(seed) {}
  std::uint32_t below(std::size_t n) {
    state_ = state_ * 1664525 + 1013904223;
    return static_cast<std::uint32_t>((state_ >> 8) % n);
  }
  std::string operator()(std::string text) {
    for (std::uint32_t times = 1 + below(4); times-- > 0;) once(text);
    return text;
  }

 private:
  void once(std::string& text) {
    static const std::vector<std::string> pieces = {":",
                                                    ": ",
                                                    " ",
                                                    "\n",
                                                    "\n  ",
                                                    "- ",
                                                    "[",
                                                    "]",
                                                    "{",
                                                    "}",
                                                    ",",
                                                    "\"",
                                                    "'",
                                                    "#",
                                                    " #",
                                                    "&a ",
                                                    "*a",
                                                    "!",
                                                    "!!str ",
                                                    "|",
                                                    ">",
                                                    "%",
                                                    "@",
                                                    "`",
                                                    "?",
                                                    "? ",
                                                    "~",
                                                    "null",
                                                    "\t",
                                                    "\r",
                                                    "\\",
                                                    "---\n",
                                                    "...\n",
                                                    "<<: ",
                                                    "0",
                                                    "-1",
                                                    "1e999",
                                                    "nan",
                                                    "none",
                                                    "auto",
                                                    "dense",
                                                    "units",
                                                    "relu",
                                                    "residual: [",
                                                    "model:",
                                                    "\xFF",
                                                    "\xC2",
                                                    "ä",
                                                    "\xEF\xBB\xBF",
                                                    std::string(1, '\0'),
                                                    "\x1b",
                                                    "=",
                                                    ".",
                                                    "model.1",
                                                    "inputs"};
    const std::size_t at = below(text.size() + 1),
                      length = below(std::min<std::size_t>(text.size() - at, 20) + 1);
    switch (below(5)) {
      case 0:
        text.insert(at, pieces[below(pieces.size())]);
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.replace(at, length, pieces[below(pieces.size())]);
        break;
      case 3:
        text.insert(below(text.size() + 1), text.substr(at, length));
        break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(below(256));
    }
  }
  std::uint32_t state_;
};

const std::string rich = R"(# comment
name: "a \u00e4"
data: &data
  file: [a.csv, 'b.csv']
  target: cultivar
  missing:
    - ""
    - null
    - |
      block
    - >-
      folded
      text
  columns: {a: number, "b.c": {category: {replace: {1: one}, min_count: 2}}}
  split: {validation: 10%, seed: 3}
model:
  inputs: {photo: [{dense: {units: 3, activation: {relu: {freeze: true}}}}], rest: [residual: [relu, {dense: 2}]]}
  trunk:
    - parallel: [[relu], []]
    - dropout: 0.1
    - output: {name: head}
loss: {a: mse, b: {cross_entropy: {class_weights: {x: 1.5}}}}
optimizer: {averaged: {sgd: {momentum: 0.9}}}
schedule: {cosine: {warmup: 5 steps}}
metrics: [f1, accuracy]
train:
  epochs: 3
  batch_size: all
  early_stopping: {patience: 3 epochs}
)";

}  // namespace

TEST_CASE("mutated configurations bind or end in an error that can be printed") {
  REQUIRE(toys::error_of(rich) == "");
  Mutator mutate(20240229);
  int bound = 0;
  for (int round = 0; round < 6000; ++round) {
    const std::string mutant = mutate(round % 2 == 0 ? rich : toys::wine);
    auto result = toys::bind_text(mutant);
    if (!result.error.empty()) continue;
    ++bound;
    const std::string written = write_settings(result.settings);
    INFO(mutant);
    INFO(written);
    REQUIRE(toys::error_of(written) == "");
  }
  CHECK(bound > 200);
}

TEST_CASE("mutated overrides") {
  const std::vector<std::string> keys = {"train.epochs=3",
                                         "model.trunk.2.dropout=0.3",
                                         "data.columns.\"b.c\".category.min_count=3",
                                         "loss.b.cross_entropy.label_smoothing=0.1",
                                         "model.inputs.rest.-1.layers.2.dense.units=3",
                                         "optimizer.averaged.inner.sgd.momentum=0",
                                         "model=[relu, {dense: 3}]",
                                         "metrics.1=accuracy"};
  for (const std::string& key : keys) REQUIRE(toys::error_of(rich, {key}) == "");
  Mutator mutate(7);
  for (int round = 0; round < 4000; ++round) {
    const std::string key = mutate(keys[static_cast<std::size_t>(round) % keys.size()]);
    const std::string error = toys::error_of(rich, {key});
    if (!error.empty()) REQUIRE(error.find("error: ") != std::string::npos);
  }
}

TEST_CASE("every prefix of a configuration") {
  for (std::size_t n = 0; n < rich.size(); ++n) toys::error_of(rich.substr(0, n));
}

TEST_CASE("large and odd texts end soon") {
  const std::size_t most = (1 << 20) - 16;
  for (const std::string piece :
       {"a: ", "a\n", "- ", "[",  "{",   "\"",     "'",     "#\n", "&a ",   "*a ",  "!a ",    "%a\n", "? ",
        ": ",  ", ",  "\t", "\\", "-\n", "a: b\n", "---\n", "x ",  "{a: [", "- - ", "\"\\\n", "|\n "}) {
    std::string text = "model: [output]\nname: ";
    while (text.size() + piece.size() < most) text += piece;
    toys::error_of(text);
    toys::error_of(text.substr(22));
  }
  std::string keys, layers = "model: [", wide = "model: [output]\ntrain: {";
  for (int i = 0; i < 40000; ++i) keys += "k" + std::to_string(i) + ": 1\n";
  for (int i = 0; i < 15000; ++i) layers += "relu: {name: n" + std::to_string(i) + "}, ";
  for (int i = 0; i < 40000; ++i) wide += "epoch" + std::to_string(i) + ": 1, ";
  toys::error_of(keys);
  CHECK(toys::error_of(layers + "output]") == "");
  toys::error_of(wide + "}");
}
