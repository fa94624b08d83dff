// What a person reads who made a slip.
#include <doctest/doctest.h>

#include "spec_toys.hpp"

using toys::error_of;
using toys::wine_with;

namespace {
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
}  // namespace

TEST_CASE("two slips are told at once, each with its place and the way out") {
  std::string text = wine_with("learning_rate", "learning_rte");
  text.replace(text.find("batch_size: 16"), 14, "batch_size: -16");
  CHECK(error_of(text) ==
        "wine.yaml:10:10: error: optimizer.adam has no option 'learning_rte'\n"
        "   10 |   adam: {learning_rte: 0.003}\n"
        "      |          ^~~~~~~~~~~~\n"
        "  did you mean 'learning_rate'? (number > 0, default 0.001)\n"
        "wine.yaml:13:15: error: train.batch_size must be 1 or more, or all; got -16\n");
}

TEST_CASE("names in a list of layers") {
  CHECK(error_of(wine_with("- output", "- Linear: 3")) ==
        "wine.yaml:8:5: error: model.3: there is no layer 'Linear'\n"
        "    8 |   - Linear: 3\n"
        "      |     ^~~~~~\n"
        "  did you mean 'dense'?\n");
  CHECK(error_of(wine_with("- output", "- dense:\n    units: 32")) ==
        "wine.yaml:9:5: error: model.3: two names in one item, 'dense' and 'units'\n"
        "    9 |     units: 32\n"
        "      |     ^~~~~\n"
        "  indent 'units' to make it an option of dense\n");
  CHECK(has(error_of(wine_with("- output", "- dense: 32\n    bias: false")),
            "write dense: {units: 32, bias: false}"));
  CHECK(has(error_of(wine_with("- output", "- relu:\n    output:")), "put '- ' before output"));
  CHECK(has(error_of(wine_with("- output", "- {type: dense, units: 3}")), "write dense: {units: 3}"));
  CHECK(has(error_of(wine_with("- output", "- relu\n    output")),
            "over several lines: is the indentation right?"));
  CHECK(has(error_of(wine_with("- output", "- dense:32")), "put a space after the colon: dense: 32"));
  CHECK(has(error_of(wine_with("- output", "- qwertz")),
            "the layers are dense, dropout, relu, gelu, output, residual, parallel"));
  CHECK(has(error_of(wine_with("- output", "-")), "8:3: error: model.3 names no layer"));
  CHECK(has(error_of(wine_with("- output", "- relu: 3")), "model.3.relu takes no value; got 3"));
  CHECK(has(error_of(wine_with("- output", "- [relu]")), "model.3 must be one layer; got a list"));
  CHECK(has(error_of(wine_with("- output", "- residual: [relu, {dens: 3}]")),
            "model.3.residual.layers.2: there is no layer 'dens'"));
  CHECK(has(error_of(wine_with("- output", "- parallel: [[relu], gelu]")),
            "model.3.parallel.branches.2 must be a list of layers; got 'gelu'\n  put the branch in [...]"));
}

TEST_CASE("what is missing is told at the name that lacks it") {
  CHECK(error_of(wine_with("- output", "- dense")) ==
        "wine.yaml:8:5: error: model.3.dense needs units (whole number ≥ 1)\n"
        "    8 |   - dense\n"
        "      |     ^~~~~\n");
  CHECK(error_of("name: a\n") == "wine.yaml: error: a configuration needs model (list of layers)\n");
  // a misspelt option is one slip, not two
  const std::string once = error_of(wine_with("- output", "- dense: {neurons: 3}"));
  CHECK(has(once, "did you mean 'units'? (whole number ≥ 1)"));
  CHECK_FALSE(has(once, "needs"));
}

TEST_CASE("keys that belong elsewhere, and other tools' words") {
  const auto root = [](const std::string& line) { return error_of(toys::wine + line + "\n"); };
  CHECK(root("epochs: 3") ==
        "wine.yaml:14:1: error: there is no option 'epochs' at the top level\n"
        "   14 | epochs: 3\n"
        "      | ^~~~~~\n"
        "  epochs belongs in train\n");
  CHECK(has(root("seed: 3"), "seed belongs in data.split or train"));
  CHECK(has(root("n_epochs: 3"), "did you mean 'epochs'? epochs belongs in train"));
  CHECK(
      has(root("lr: 3"),
          "did you mean 'learning_rate'? learning_rate belongs in optimizer: {adam: {learning_rate: ...}}"));
  CHECK(has(root("momentum: 3"), "momentum belongs in optimizer: {sgd: {momentum: ...}}"));
  CHECK(has(root("batchsize: 3"), "did you mean 'batch_size'? batch_size belongs in train"));
  CHECK(has(root("units: 3"), "units is an option of dense"));
  CHECK(has(root("zzz: 3"), "the options are name, data, model, loss, optimizer, schedule, metrics, train"));
  CHECK(has(root("learning_rte: 3"), "at the top level"));
  CHECK(has(error_of(wine_with("epochs", "max_iter")),
            "did you mean 'epochs'? (whole number ≥ 1, default 100)"));
  CHECK(has(error_of(wine_with("learning_rate", "lr")),
            "did you mean 'learning_rate'? (number > 0, default 0.001)"));
  CHECK(has(error_of(wine_with("learning_rate", "momentum")),
            "momentum belongs in optimizer: {sgd: {momentum: ...}}"));
}

TEST_CASE("values") {
  const auto train = [](const std::string& line) { return error_of(wine_with("epochs: 100", line)); };
  CHECK(has(train("epochs: 32.5"), "12:11: error: train.epochs must be a whole number; got 32.5"));
  CHECK(has(train("epochs: 1_000"), "numbers have no separators for thousands: 1000"));
  CHECK(has(train("epochs: 1,000"), "numbers have no separators for thousands: 1000"));
  CHECK(has(train("epochs: 1,000,000"), "numbers have no separators for thousands: 1000000"));
  for (const char* odd : {"1,00", "1,0000", "1,000,", ",1", "1,", "1,,000", "1,000,00", ","})
    CHECK(has(train("epochs: '1" + std::string(odd) + "'"), "must be a whole number"));
  CHECK(has(train("epochs: 1,00"), "must be a whole number; got '1,00'"));
  CHECK(has(train("epochs: '100'"), "without quotes: 100"));
  CHECK(has(train("epochs: 100 epochs"), "say 100"));
  CHECK(has(train("epochs:"), "train.epochs has no value"));
  CHECK(has(train("epochs: none"), "leave the option out for its default"));
  CHECK(has(train("epochs: [1]"), "must be a whole number; got a list"));
  CHECK(has(train("epochs: {a: 1}"), "must be a whole number; got a map with 'a'"));
  CHECK(has(train("epochs: 0x10"), "must be a whole number"));
  CHECK(has(train("epochs: 99999999999999999999"), "must be 1000000000 or less"));
  CHECK(has(train("epochs: 2e9"), "must be 1000000000 or less; got 2e9"));
  CHECK(has(train("clip_norm: null"), "must be a number, or none; got 'null'\n  say none"));
  CHECK(has(train("clip_norm: .inf"), "only finite numbers are taken"));
  CHECK(has(train("clip_norm: nan"), "only finite numbers are taken"));
  CHECK(has(train("clip_norm: 1e999"), "must be a number, or none"));
  CHECK(has(train("clip_norm: 0"), "must be more than 0, or none; got 0"));
  CHECK(has(train("max_time: 5 min"),
            "must be a length such as 5 epochs, or none; got '5 min'\n  say 5 minutes"));
  CHECK(has(train("early_stopping: {patience: 10}"), "say 10 epochs"));
  CHECK(has(train("early_stopping: {patience: 10epochs}"), "say 10 epochs"));
  CHECK(has(train("early_stopping: {patience: 0.5 steps}"), "must be a whole number of steps"));
  CHECK(has(train("early_stopping: {patience: -1 epochs}"), "must be 0 or more"));
  CHECK(has(train("early_stopping: {patience: 3 weeks}"), "lengths are 5 epochs, 500 steps"));
  CHECK(has(train("early_stopping: 3"), "train.early_stopping must be options by name, or none; got 3"));
  CHECK(has(error_of(wine_with("0.1", "0,003")),
            "model.2.dropout.rate must be a number; got '0,003'\n  use a point: 0.003"));
  CHECK(has(error_of(wine_with("0.1", "{rate: 0,003}")), "use a point: 0.003"));
  CHECK(has(error_of(wine_with("0.1", "10%")), "say 0.1"));
  CHECK(has(error_of(wine_with("0.1", "1")), "model.2.dropout.rate must be less than 1; got 1"));
  CHECK(
      has(error_of(wine_with("relu}", "relu, bias: yes}")), "must be true or false; got 'yes'\n  say true"));
  const auto data = [](const std::string& line) { return error_of(wine_with("target: cultivar", line)); };
  CHECK(
      has(data("header: tru"), "data.header must be auto, true or false; got 'tru'\n  did you mean 'true'?"));
  CHECK(has(data("target: ~"), "data.target must be text, or none; got '~'\n  say none"));
  CHECK(has(data("split: {validation: 10}"), "must be a length such as 10%; got 10\n  say 10%"));
  CHECK(has(data("split: {validation: 0.2}"), "say 20%"));
  CHECK(has(data("split: {validation: 120%}"), "must be 100% or less"));
  CHECK(has(data("columns: {a: nubmer}"), "data.columns.a: there is no column type 'nubmer'"));
  CHECK(has(data("columns: {\"a.b\": 3}"), "data.columns.\"a.b\": there is no column type '3'"));
  CHECK(has(data("columns: number"), "data.columns must be a map {name: column type}; got 'number'"));
  CHECK(has(data("positions: [1, 0]"), "data.positions.2 must be 1 or more; got 0"));
  CHECK(has(data("shares: [1, 2, x]"), "data.shares.2 must be 1 or less; got 2"));
  CHECK(has(data("shares: [1, 2, x]"), "data.shares.3 must be a number; got 'x'"));
  CHECK(has(data("missing: [a, , b]"), "data.missing.2 is empty"));
  CHECK(has(data("columns: {a: {category: {replace: [a]}}}"), "must be a map {from: to}; got a list"));
}

TEST_CASE("a choice that stands alone") {
  const auto root = [](const std::string& line) { return error_of(toys::wine + line + "\n"); };
  CHECK(has(root("loss: cross_entropi"), "loss: there is no loss 'cross_entropi'"));
  CHECK(has(root("loss: {cross_entropi: {label_smoothing: 0.1}}"), "did you mean 'cross_entropy'?"));
  CHECK(has(root("loss: {a: mse, b: mze}"), "loss.b: there is no loss 'mze'"));
  CHECK(has(root("loss: {cross_entropy: {class_weights: {a: 0}}}"),
            "loss.cross_entropy.class_weights.a must be more than 0; got 0"));
  CHECK(has(root("schedule: none"), "schedule: there is no schedule 'none'"));
  CHECK(has(root("metrics: {accuracy: , f1: }"), "metrics must be a list of metrics, or auto; got a map"));
  CHECK(has(error_of(wine_with("adam:", "adma:")), "optimizer: there is no optimizer 'adma'"));
  CHECK(has(error_of(wine_with("adam:", "SGD:")), "did you mean 'sgd'?"));
}

TEST_CASE("stacks of layers") {
  CHECK(has(error_of("model: output\n"),
            "model must be a list of layers; got 'output'\n  each layer begins with '- '"));
  CHECK(has(error_of("model: {dense: 3}\n"), "each layer begins with '- '"));
  CHECK(has(error_of("model: {encoder: {dense: 3}}\n"), "model.encoder must be a list of layers"));
  CHECK(has(error_of("model: []\n"), "model must be a list of at least one layer; got an empty list"));
  CHECK(has(error_of("model: {a.b: [relu]}\n"), "'a.b' is no name for a list of layers"));
  const std::string twice = error_of("model:\n- relu: {name: a}\n- gelu: {name: a}\n");
  CHECK(twice ==
        "wine.yaml:3:16: error: model.2.gelu.name is 'a' like that of the layer in line 2\n  names in one "
        "list differ\n");
  CHECK(has(error_of("model: [{relu: {name: '2'}}]\n"), "must be a word without points; got '2'"));
}

TEST_CASE("the number of problems told is bounded, and so is what is shown of them") {
  std::string text = "model: [output]\ntrain:\n";
  for (int i = 0; i < 3000; ++i)
    text += "  option_" + std::to_string(i) + ": " + std::string(200, 'x') + "\n";
  toys::ToySettings settings;
  try {
    bind_settings(settings, "f", text, {});
    FAIL("bound");
  } catch (const bpnet::Error& error) {
    CHECK(error.problems().size() == 1000);
  }
  CHECK(error_of("model: [output]\nname: [" + std::string(1000, 'x') + "]\n").size() < 300);
  CHECK(error_of("model: [output]\n" + std::string(3000, 'x') + ": 1\n").size() < 600);
}

TEST_CASE("what a message shows cannot command the terminal") {
  const std::string text = error_of("model: [output]\ntrain: {epochs: \"\\x1b[2J\"}\n");
  CHECK(has(text, "got '?[2J'"));
}
