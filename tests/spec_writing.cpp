// Settings as text and JSON, and back.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "spec_toys.hpp"

using namespace toys;

namespace {

/// What is written binds to the same settings: text and JSON agree, twice over.
void round_trip(ToySettings& settings) {
  const std::string text = write_settings(settings);
  INFO(text);
  auto again = bind_text(text);
  REQUIRE(again.error == "");
  CHECK(write_settings(again.settings) == text);
  const nlohmann::json json = settings_to_json(settings);
  CHECK(settings_to_json(again.settings) == json);
  ToySettings from;
  settings_from_json(from, nlohmann::json::parse(json.dump()));
  CHECK(write_settings(from) == text);
  CHECK(settings_to_json(from) == json);
}

}  // namespace

TEST_CASE("all settings in force") {
  auto result = bind_text(wine);
  REQUIRE(result.error == "");
  CHECK(write_settings(result.settings) == R"(name: auto
data:
  file: ../data/wine.csv
  target: cultivar
  missing: ['', NA, 'null', '?']
  header: auto
  columns: {}
  split: {validation: 10%, seed: 42, column: none}
  positions: [1, 2]
  shares: [0.5]
model:
  - dense: {units: 32, activation: relu, bias: true}
  - dropout: {rate: 0.1}
  - output
loss: auto
optimizer:
  adam: {learning_rate: 0.003, beta1: 0.9}
schedule: constant
metrics: auto
train:
  epochs: 100
  batch_size: 16
  seed: 42
  clip_norm: none
  max_time: none
  early_stopping: none
)");
  round_trip(result.settings);
}

TEST_CASE("every kind of option comes back") {
  auto result = bind_text(R"(
name: "1e3"
data:
  file: [a.csv, "b c.csv", "/x/y.csv"]
  target: 'none'
  missing: [null, "no", 'on', 007, "3", "a: b", "a #b", "- x", " x ", "'", '"', "\n", "\t\x1b\u2028", "ä", "*", "&a", "!t", "%", "@", "{x}", "[", "#", "x:", "~", "true", "Auto", ".5", "...", "---", "=", "<<", "\\", "\u00e9\x7f", "it's", ",", "?", "? x", "|", ">", "1_000", "0x10", "12:30", "2020-01-01", "\u0085", "\ufeffx"]
  header: true
  columns: {"pm2.5": number, 'no': {category: {replace: {"1": 'one', x: "", '': 'a: b', "<<": y}, min_count: 3}}, 3: number}
  split: {validation: 0.5 epochs, column: part, seed: 7}
  positions: 4
  shares: [0.1, 1e-3, 0.30000000000000004]
model:
  inputs:
    photo: [{dense: {units: 3, activation: {gelu: {freeze: true}}, name: first}}]
    rest: [residual: [{dense: 2}, relu, {parallel: [[relu], [], [{dense: 7}, gelu]]}]]
  trunk: [output: {rate: 0.5}]
loss: {a: mse, b: {cross_entropy: {label_smoothing: 0.1, class_weights: {z: 2, a: 0.5}}}}
optimizer: {averaged: {sgd: {momentum: 0.9}}}
schedule: {cosine: {warmup: 90 seconds}}
metrics: [f1, accuracy]
train: {batch_size: all, clip_norm: 1e-20, max_time: 2 hours, early_stopping: {patience: 1 epoch}, seed: 9007199254740993}
)");
  REQUIRE(result.error == "");
  round_trip(result.settings);
  const std::string text = write_settings(result.settings);
  CHECK(text.find("name: '1e3'") != std::string::npos);
  CHECK(text.find("target: 'none'") != std::string::npos);
  CHECK(text.find("seed: 9007199254740993") != std::string::npos);
  CHECK(text.find("max_time: 2 hours") != std::string::npos);
  CHECK(text.find("patience: 1 epoch,") != std::string::npos);
  CHECK(text.find("0.30000000000000004") != std::string::npos);
}

TEST_CASE("long lists are cut into lines") {
  std::string text = "model:\n  - residual:\n";
  for (int i = 0; i < 30; ++i)
    text += "    - dense: {units: " + std::to_string(100 + i) + ", activation: relu}\n";
  auto result = bind_text(text);
  REQUIRE(result.error == "");
  round_trip(result.settings);
}

TEST_CASE("random texts come back") {
  std::uint32_t state = 12345;
  const auto next = [&](std::uint32_t n) {
    state = state * 1664525 + 1013904223;
    return (state >> 8) % n;
  };
  const std::vector<std::string> pieces = {"a",        "B",  "0",   "9",    " ", ":", "#",
                                           "-",        "'",  "\"",  "\\",   "{", "}", "[",
                                           "]",        ",",  "&",   "*",    "!", "|", ">",
                                           "%",        "@",  "`",   "?",    "~", "=", ".",
                                           "\n",       "\t", "\r",  "\x01", "ä", "€", "\xF0\x9F\x98\x80",
                                           "\xC2\x85", "no", "1e3", "null"};
  for (int round = 0; round < 2000; ++round) {
    ToySettings settings;
    settings.model = {{"main", {choose(toys::layers, "output")}, {}}};
    const auto random_text = [&] {
      std::string text;
      for (std::uint32_t i = next(6); i-- > 0;)
        text += pieces[next(static_cast<std::uint32_t>(pieces.size()))];
      return text;
    };
    settings.data.missing = {random_text(), random_text()};
    settings.data.file = {random_text()};
    settings.data.columns = {{random_text(), choose(toys::column_types, "number")}};
    const std::string text = write_settings(settings);
    INFO(text);
    const auto again = bind_text(text);
    REQUIRE(again.error == "");
    REQUIRE(again.settings.data.missing == settings.data.missing);
    REQUIRE(again.settings.data.file == settings.data.file);
    REQUIRE(again.settings.data.columns[0].first == settings.data.columns[0].first);
  }
}

TEST_CASE("JSON says everything, off is null") {
  auto result = bind_text(wine);
  const nlohmann::json json = settings_to_json(result.settings);
  CHECK(json["train"]["batch_size"] == 16);
  CHECK(json["train"]["clip_norm"] == nullptr);
  CHECK(json["model"][2]["output"]["rate"] == 1);
  CHECK(json["optimizer"]["adam"]["learning_rate"] == 0.003);
  CHECK(json["data"]["split"]["validation"] == "10%");
  ToySettings settings;
  CHECK_THROWS_WITH_AS(settings_from_json(settings, {{"train", {{"epochs", 0}}}}),
                       doctest::Contains("train.epochs must be 1 or more"), Error);
  CHECK_THROWS_AS(settings_from_json(settings, {{"modle", 1}}), Error);
  CHECK_THROWS_AS(settings_from_json(settings, nullptr), Error);
  CHECK_THROWS_AS(
      settings_from_json(settings, nlohmann::json::parse(std::string(5000, '[') + std::string(5000, ']'))),
      Error);
}

TEST_CASE("options described") {
  ToyDense dense;
  const auto texts = describe(dense);
  REQUIRE(texts.size() == 6);
  CHECK(texts[0].name == "units");
  CHECK(texts[0].type == "whole number");
  CHECK(texts[0].default_value == "required");
  CHECK(texts[0].range == "≥ 1");
  CHECK(texts[0].help == "outputs per row");
  CHECK(texts[1].type == "layer, or none");
  CHECK(texts[1].default_value == "none");
  CHECK(texts[2].default_value == "true");
  CHECK(texts[5].name == "rate");
  ToySettings settings;
  const auto all = describe(settings);
  const auto find = [&](const std::string& name) {
    for (const OptionText& text : all)
      if (text.name == name) return text;
    return OptionText{};
  };
  CHECK(find("train.batch_size").type == "whole number, or all");
  CHECK(find("train.batch_size").default_value == "32");
  CHECK(find("data.split.validation").default_value == "10%");
  CHECK(find("train.early_stopping").default_value == "none");
  CHECK(find("train.early_stopping.patience").default_value == "10 epochs");
  CHECK(find("optimizer").default_value == "adam");
  CHECK(find("train.clip_norm").range == "> 0");
  CHECK(find("train.clip_norm").help == "longer gradients are shortened");
}
