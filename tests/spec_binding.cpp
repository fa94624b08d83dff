// Settings that bind: values, forms of a choice, places.
#include <doctest/doctest.h>

#include "spec_toys.hpp"

using namespace toys;

TEST_CASE("a whole configuration") {
  const auto [settings, bound, error] = bind_text(wine);
  REQUIRE(error == "");
  CHECK(settings.data.file == std::vector<std::string>{"../data/wine.csv"});
  CHECK(settings.data.target == std::vector<std::string>{"cultivar"});
  REQUIRE(settings.model.size() == 1);
  CHECK(settings.model[0].name == "main");
  const auto& layers_of = settings.model[0].layers;
  REQUIRE(layers_of.size() == 3);
  CHECK(layers_of[0].as<ToyDense>()->units == 32);
  CHECK(layers_of[0].as<ToyDense>()->activation.name() == "relu");
  CHECK(layers_of[1].as<ToyDropout>()->share == 0.1);
  CHECK(layers_of[2].name() == "output");
  CHECK(layers_of[2].place.line == 8);
  CHECK(settings.optimizer.as<ToyAdam>()->learning_rate == 0.003);
  CHECK(settings.optimizer.as<ToyAdam>()->beta1 == 0.9);
  CHECK(settings.schedule.name() == "constant");
  CHECK(settings.train.batch_size == 16);
  CHECK(settings.loss.empty());
  CHECK(settings.metrics.empty());
}

TEST_CASE("places of values, and of the nearest key that was written") {
  const Bound bound = bind_text(wine).bound;
  const auto at = [&](const char* key) {
    const Place place = bound.place_of(key);
    return std::pair(place.line, place.column);
  };
  CHECK(at("train.batch_size") == std::pair(13, 15));
  CHECK(at("train.seed") == std::pair(12, 3));
  CHECK(at("model.2.dropout.rate") == std::pair(7, 14));
  CHECK(at("model.2.dropout") == std::pair(7, 5));
  CHECK(at("model.1.dense.bias") == std::pair(6, 5));
  CHECK(at("optimizer.adam.learning_rate") == std::pair(10, 25));
  CHECK(at("loss") == std::pair(0, 0));
  CHECK(bound.place_of("loss").file == "wine.yaml");
  CHECK(bound.place_of("data.columns.\"a.b\"").line == 3);
}

TEST_CASE("numbers as people write them") {
  const auto epochs = [](const std::string& text) {
    const auto result = bind_text(wine_with("epochs: 100", "epochs: " + text));
    CHECK(result.error == "");
    return result.settings.train.epochs;
  };
  CHECK(epochs("010") == 10);
  CHECK(epochs("+5") == 5);
  CHECK(epochs("1e3") == 1000);
  CHECK(epochs("12.0") == 12);
  const auto rate = [](const std::string& text) {
    const auto result = bind_text(wine_with("0.003", text));
    CHECK(result.error == "");
    return result.settings.optimizer.as<ToyAdam>()->learning_rate;
  };
  CHECK(rate("1e-3") == 1e-3);
  CHECK(rate(".5") == 0.5);
  CHECK(rate("5") == 5);
  CHECK(rate("1.") == 1);
  CHECK(rate("2E-4") == 2e-4);
}

TEST_CASE("lengths") {
  const auto patience = [](const std::string& text) {
    const auto result = bind_text(wine_with("epochs: 100", "early_stopping: {patience: " + text + "}"));
    CHECK(result.error == "");
    CHECK(result.settings.train.stop_early);
    return result.settings.train.early_stopping.patience;
  };
  using Unit = Length::Unit;
  CHECK(patience("5 epochs") == Length{5, Unit::epochs});
  CHECK(patience("1 epoch") == Length{1, Unit::epochs});
  CHECK(patience("0.5 epochs") == Length{0.5, Unit::epochs});
  CHECK(patience("500 steps") == Length{500, Unit::steps});
  CHECK(patience("'10%'") == Length{10, Unit::percent});
  CHECK(patience("10 %") == Length{10, Unit::percent});
  CHECK(patience("30 seconds") == Length{30, Unit::seconds});
  CHECK(patience("10 minutes") == Length{600, Unit::seconds});
  CHECK(patience("1 hour") == Length{3600, Unit::seconds});
}

TEST_CASE("words that switch an option off") {
  const auto result =
      bind_text(wine_with("batch_size: 16", "batch_size: all\n  clip_norm: none\n  early_stopping: none") +
                "loss: auto\nmetrics: auto\n");
  REQUIRE(result.error == "");
  CHECK_FALSE(result.settings.train.batch_size);
  CHECK_FALSE(result.settings.train.clip_norm);
  CHECK_FALSE(result.settings.train.stop_early);
  // in quotes it is text like any other
  CHECK(bind_text(wine_with("target: cultivar", "target: none")).settings.data.target.empty());
  CHECK(bind_text(wine_with("target: cultivar", "target: 'none'")).settings.data.target ==
        std::vector<std::string>{"none"});
  CHECK(bind_text(wine_with("relu}", "none}")).settings.model[0].layers[0].as<ToyDense>()->activation.entry ==
        nullptr);
}

TEST_CASE("forms of a choice") {
  const auto first = [](const std::string& layer) {
    const auto result = bind_text("model:\n  - " + layer + "\n");
    CHECK(result.error == "");
    return result.settings.model.at(0).layers.at(0);
  };
  CHECK(first("dense: 3").as<ToyDense>()->units == 3);
  CHECK(first("dense: {units: 3}").as<ToyDense>()->units == 3);
  CHECK(first("dense:\n      units: 3").as<ToyDense>()->units == 3);
  CHECK(first("{dense: 3}").as<ToyDense>()->units == 3);
  CHECK(first("relu:").name() == "relu");
  CHECK(first("relu: {}").name() == "relu");
  CHECK(first("dense: {units: 3, activation: {relu: {freeze: true}}}")
            .as<ToyDense>()
            ->activation.as<ToyRelu>()
            ->freeze);
  CHECK(first("residual: [relu, {dense: 3}]").as<ToyResidual>()->list.size() == 2);
  CHECK(first("residual: relu").as<ToyResidual>()->list.size() == 1);
  CHECK(first("residual: {dense: 3}").as<ToyResidual>()->list.at(0).as<ToyDense>()->units == 3);
  CHECK(first("residual: {layers: [relu], projection: true}").as<ToyResidual>()->projection);
  CHECK(first("parallel: [[relu], []]").as<ToyParallel>()->branches.size() == 2);
  const auto averaged = bind_text("model: [output]\noptimizer: {averaged: {sgd: 0.5}}\n");
  REQUIRE(averaged.error == "");
  CHECK(averaged.settings.optimizer.as<ToyAveraged>()->inner.as<ToySgd>()->learning_rate == 0.5);
}

TEST_CASE("an own option hides the common one of its name") {
  const auto result = bind_text("model: [{dropout: {rate: 0.25, name: a}}, {relu: {rate: 0.25}}]\n");
  REQUIRE(result.error == "");
  const auto dropout = result.settings.model[0].layers[0].as<ToyDropout>();
  CHECK(dropout->share == 0.25);
  CHECK(dropout->rate == 1);
  CHECK(result.settings.model[0].layers[1].as<ToyRelu>()->rate == 0.25);
  CHECK(describe(*dropout).size() == 3);
}

TEST_CASE("losses for one target or for each") {
  const auto loss = [](const std::string& text) {
    const auto result = bind_text("model: [output]\nloss: " + text + "\n");
    CHECK(result.error == "");
    return result.settings.loss;
  };
  REQUIRE(loss("mse").size() == 1);
  CHECK(loss("mse")[0].first == "");
  CHECK(loss("{cross_entropy: {label_smoothing: 0.1}}")[0].first == "");
  CHECK(loss("{b: mse, a: {cross_entropy: 0.1}}").at(0).first == "b");
  CHECK(loss("{b: mse, a: {cross_entropy: 0.1}}").at(1).second.as<ToyLoss>()->label_smoothing == 0.1);
  CHECK(loss("{b: auto}").at(0).first == "b");
  CHECK_FALSE(loss("{b: auto, a: mse}").at(0).second);
  CHECK(loss("{b: auto, a: mse}").at(1).second.name() == "mse");
  const auto weights =
      loss("{cross_entropy: {class_weights: {z: 1, 'no': 2}}}")[0].second.as<ToyLoss>()->class_weights;
  CHECK(weights == std::vector<std::pair<std::string, double>>{{"z", 1}, {"no", 2}});
}

TEST_CASE("several stacks") {
  const auto result =
      bind_text("model:\n  inputs: {photo: [relu], rest: [{dense: 2}, gelu]}\n  trunk: [output]\n");
  REQUIRE(result.error == "");
  const auto& stacks = result.settings.model;
  REQUIRE(stacks.size() == 3);
  CHECK(stacks[0].name == "inputs.photo");
  CHECK(stacks[1].name == "inputs.rest");
  CHECK(stacks[1].layers.size() == 2);
  CHECK(stacks[2].name == "trunk");
  CHECK(result.bound.place_of("model.inputs.rest.2").column > 30);
}

TEST_CASE("lists of one, maps in the order written") {
  const auto result = bind_text(
      "model: [output]\ndata:\n  file: [a, b]\n  target: 3\n  columns: {z: number, a: {category: {replace: "
      "{1: one, x: ''}}}}\nmetrics: f1\n");
  REQUIRE(result.error == "");
  CHECK(result.settings.data.file == std::vector<std::string>{"a", "b"});
  CHECK(result.settings.data.target == std::vector<std::string>{"3"});
  CHECK(result.settings.metrics.at(0).name() == "f1");
  CHECK(result.settings.data.columns.at(0).first == "z");
  CHECK(result.settings.data.columns.at(1).second.as<ToyCategory>()->replace ==
        std::vector<std::pair<std::string, std::string>>{{"1", "one"}, {"x", ""}});
}

TEST_CASE("a choice bound by itself") {
  CHECK(parse_choice(toys::layers, "dense: {units: 3}").as<ToyDense>()->units == 3);
  CHECK(parse_choice(toys::layers, "relu").name() == "relu");
  CHECK_THROWS_WITH_AS(parse_choice(toys::layers, "dense"), doctest::Contains("layer.dense needs units"),
                       Error);
  for (const Table* table : {&toys::layers, &toys::losses, &toys::optimizers, &toys::schedules,
                             &toys::metrics, &toys::column_types})
    for (const Entry* entry : table->entries) CHECK(parse_choice(*table, entry->example).entry == entry);
}
