// --set KEY=VALUE
#include <doctest/doctest.h>

#include "spec_toys.hpp"

using namespace toys;

namespace {

ToySettings set(std::vector<std::string> overrides, const std::string& text = wine) {
  auto result = bind_text(text, std::move(overrides));
  CHECK(result.error == "");
  return std::move(result.settings);
}
std::string error_with(const std::string& argument) { return error_of(wine, {argument}); }
const Choice& layer(const ToySettings& settings, std::size_t at) {
  return settings.model.at(0).layers.at(at - 1);
}

}  // namespace

TEST_CASE("values are replaced, or added where the key is absent") {
  CHECK(set({"train.epochs=5"}).train.epochs == 5);
  CHECK(set({"train.seed=7"}).train.seed == 7);
  CHECK(set({"data.split.seed=7"}).data.split.seed == 7);
  CHECK(set({"train={epochs: 3}"}).train.batch_size == 32);
  CHECK_FALSE(set({"train.batch_size=all"}).train.batch_size);
  CHECK(set({"train.epochs=5", "train.epochs=6"}).train.epochs == 6);
  CHECK(set({"data.target=[a, b]"}).data.target.size() == 2);
  CHECK(set({"train.early_stopping.patience=3 epochs"}).train.early_stopping.patience.value == 3);
  CHECK(set({"train.early_stopping.patience=3 epochs"}, wine_with("epochs: 100", "early_stopping: none"))
            .train.stop_early);
  CHECK(set({"name=a=b"}).name == "a=b");
  CHECK(set({"train.epochs = 5"}).train.epochs == 5);
  CHECK(set({"data.columns.\"a b\" = number"}).data.columns.at(0).first == "a b");
  CHECK(set({"model=[output]"}, "name: a\n").model.size() == 1);
}

TEST_CASE("items of lists by position and by name") {
  CHECK(layer(set({"model.2.dropout=0.3"}), 2).as<ToyDropout>()->share == 0.3);
  CHECK(layer(set({"model.2.dropout.rate=0.3"}), 2).as<ToyDropout>()->share == 0.3);
  CHECK(layer(set({"model.2.rate=0.3"}), 2).as<ToyDropout>()->share == 0.3);
  CHECK(layer(set({"model.-2.rate=0.3"}), 2).as<ToyDropout>()->share == 0.3);
  CHECK(layer(set({"model.main.2.rate=0.3"}), 2).as<ToyDropout>()->share == 0.3);
  CHECK(layer(set({"model.-1=relu"}), 3).name() == "relu");
  CHECK(layer(set({"model.3.name=head"}), 3).as<ToyRelu>()->name == "head");
  CHECK(layer(set({"model.1.activation=gelu"}), 1).as<ToyDense>()->activation.name() == "gelu");
  CHECK(layer(set({"model.1.dense.activation.relu.freeze=true"}), 1)
            .as<ToyDense>()
            ->activation.as<ToyRelu>()
            ->freeze);
  CHECK(layer(set({"model.2.dropout.rate=0.3"}, wine_with("dropout: 0.1", "dropout")), 2)
            .as<ToyDropout>()
            ->share == 0.3);
  const std::string named = wine_with("{units: 32,", "{name: hidden, units: 32,");
  CHECK(layer(set({"model.hidden.units=64"}, named), 1).as<ToyDense>()->units == 64);
  // the main option changes, the others stay
  CHECK(layer(set({"model.1.dense=5"}, named), 1).as<ToyDense>()->name == "hidden");
  CHECK(set({"metrics.1=f1"}, wine + "metrics: [accuracy]\n").metrics.at(0).name() == "f1");
  CHECK(set({"metrics.1=f1"}, wine + "metrics: accuracy\n").metrics.at(0).name() == "f1");
  CHECK(set({"data.missing.2=x"}, wine_with("target: cultivar", "missing: [a, b]")).data.missing.at(1) ==
        "x");
  const std::string two = "model: {inputs: {photo: [relu], rest: [{dense: 2}]}, trunk: [output]}\n";
  CHECK(set({"model.inputs.rest.1.units=9"}, two).model.at(1).layers.at(0).as<ToyDense>()->units == 9);
  CHECK(set({"model.trunk.1=relu"}, two).model.at(2).layers.at(0).name() == "relu");
  const std::string nested = "model: [{residual: [{dense: 2}, relu]}, {parallel: [[relu], [{dense: 3}]]}]\n";
  CHECK(layer(set({"model.1.layers.1.units=9"}, nested), 1)
            .as<ToyResidual>()
            ->list.at(0)
            .as<ToyDense>()
            ->units == 9);
  for (const char* key : {"model.1.residual.1.units=9", "model.1.residual.1.dense.units=9",
                          "model.1.residual.layers.1.units=9", "model.1.1.units=9", "model.1.-2.dense=9"}) {
    CAPTURE(key);
    CHECK(layer(set({key}, nested), 1).as<ToyResidual>()->list.at(0).as<ToyDense>()->units == 9);
  }
  const std::string deep =
      "model: [{residual: [{dense: {name: inner, units: 2}}]}, {parallel: [[], [{dense: {name: b, units: "
      "3}}]]}]\n";
  CHECK(layer(set({"model.inner.units=9"}, deep), 1).as<ToyResidual>()->list.at(0).as<ToyDense>()->units ==
        9);
  CHECK(layer(set({"model.b.units=9"}, deep), 2)
            .as<ToyParallel>()
            ->branches.at(1)
            .at(0)
            .as<ToyDense>()
            ->units == 9);
  const std::string stacks = "model: {inputs: {a: [{dense: {name: wide, units: 2}}]}, trunk: [output]}\n";
  CHECK(set({"model.wide.units=9"}, stacks).model.at(0).layers.at(0).as<ToyDense>()->units == 9);
  CHECK(error_of(deep, {"model.innr.units=9"}).find("did you mean 'inner'?") != std::string::npos);
  CHECK(
      error_of(
          "model: [{residual: [{dense: {name: a, units: 2}}]}, {residual: [{dense: {name: a, units: 2}}]}]\n",
          {"model.a.units=9"})
          .find("model has 2 items 'a'") != std::string::npos);
  CHECK(layer(set({"model.2.branches.2.1.units=9"}, nested), 2)
            .as<ToyParallel>()
            ->branches.at(1)
            .at(0)
            .as<ToyDense>()
            ->units == 9);
}

TEST_CASE("choices") {
  CHECK(set({"optimizer=sgd"}).optimizer.name() == "sgd");
  CHECK(set({"optimizer={sgd: {momentum: 0.9}}"}).optimizer.as<ToySgd>()->momentum == 0.9);
  CHECK(set({"optimizer.adam.beta1=0.8"}).optimizer.as<ToyAdam>()->learning_rate == 0.003);
  CHECK(set({"optimizer.learning_rate=0.5"}).optimizer.as<ToyAdam>()->learning_rate == 0.5);
  CHECK(set({"optimizer.adam=0.5"}).optimizer.as<ToyAdam>()->learning_rate == 0.5);
  CHECK(set({"optimizer.learning_rate=0.5"}, "model: [output]\n").optimizer.as<ToyAdam>()->learning_rate ==
        0.5);
  CHECK(set({"optimizer.sgd.momentum=0.5"}, "model: [output]\n").optimizer.as<ToySgd>()->momentum == 0.5);
  CHECK(set({"optimizer=sgd", "optimizer.momentum=0.5"}).optimizer.as<ToySgd>()->momentum == 0.5);
  CHECK(set({"loss=mse"}).loss.at(0).second.name() == "mse");
  CHECK(set({"loss.cross_entropy.label_smoothing=0.1"}).loss.at(0).second.as<ToyLoss>()->label_smoothing ==
        0.1);
  CHECK(set({"loss.a=mse", "loss.b.cross_entropy=0.1"}).loss.at(1).first == "b");
  CHECK(set({"loss.cross_entropy.class_weights.x=3"})
            .loss.at(0)
            .second.as<ToyLoss>()
            ->class_weights.at(0)
            .second == 3);
  CHECK(set({"data.columns.\"pm2.5\"=number"}).data.columns.at(0).first == "pm2.5");
  CHECK(set({"data.columns.'a b'.category.min_count=4"})
            .data.columns.at(0)
            .second.as<ToyCategory>()
            ->min_count == 4);
}

TEST_CASE("an override that cannot be") {
  CHECK(error_with("optimizer.sgd.momentum=0.9") ==
        "--set #1:1:11: error: optimizer is adam (wine.yaml:10), not sgd\n"
        "    1 | optimizer.sgd.momentum=0.9\n"
        "      |           ^~~\n"
        "  to choose the other one: optimizer='{sgd: {momentum: ...}}'\n");
  CHECK(error_with("optimizer.adam.learning_rate=-1") ==
        "--set #1:1:30: error: optimizer.adam.learning_rate must be more than 0; got -1\n");
  const auto says = [](const std::string& argument, const char* part) {
    const std::string error = error_with(argument);
    INFO(error);
    CHECK(error.find(part) != std::string::npos);
  };
  says("train.epoch=3", "did you mean 'epochs'? (whole number ≥ 1, default 100)");
  says("epochs=3", "epochs belongs in train");
  says("train.epochs.x=3", "1:14: error: train.epochs has no options");
  says("model.4=relu", "model has 3 items, no item 4\n");
  says("model.0=relu", "positions count from 1; -1 is the last");
  says("model.hidden.units=3", "model has no item 'hidden'");
  says("model.2.dense=3", "model.2 is dropout (wine.yaml:7), not dense");
  says("optimizer.sgd=0.1", "optimizer='{sgd: 0.1}'");
  says("metrics.1=f1", "metrics is not written, so it has no item 1\n");
  says("train.epochs", "'train.epochs' has no '='\n  write --set KEY=VALUE");
  says("=3", "a part of the key is empty");
  says("train..epochs=3", "a part of the key is empty");
  says("\"train.epochs=3", "1:1: error: this quote never ends");
  says("train.epochs=", "train.epochs has no value");
  says("train.epochs=#3", "1:14: error: '#3' is no value in YAML\n");
  says("name=,", "if it is meant as text: --set 'name=\",\"'\n");
  says("name=*", "if it is meant as text: --set 'name=\"*\"'\n");
  says("data.columns.pm2.5=number", "write --set 'data.columns.\"pm2.5\"=...'\n");
  says("data.columns.pm2.5.number.x=1", "write --set 'data.columns.\"pm2.5\".number.x=...'\n");
  says("data.columns.a.nmber=1", "error: data.columns.a has no column type 'nmber'\n");
  says("data.columns.a.nmber=1", "~\n  did you mean 'number'?\n");
  says("name=:", "if it is meant as text: --set 'name=\":\"'\n");
  says("name=|", "if it is meant as text: --set 'name=\"|\"'\n");
  says("train.early_stopping=3 epochs", "say --set train.early_stopping.patience='3 epochs'\n");
  says("train.epochs=[1", "1:14: error: this [ never ends");
  says("train.epochs=\xFF", "no UTF-8 text");
  says("name=&a [*a]", "1:10: error: this alias");
}

TEST_CASE("problems of the file come before those of overrides, which keep their order") {
  const std::string error =
      error_of(wine_with("epochs", "epoch"), {"train.seed=x", "a=1", "train.batch_size=0"});
  const auto at = [&](const char* part) { return error.find(part); };
  CHECK(at("wine.yaml:12") < at("--set #1:"));
  CHECK(at("--set #1:") < at("--set #2:"));
  CHECK(at("--set #2:") < at("--set #3:"));
  CHECK(at("--set #3:") != std::string::npos);
}

TEST_CASE("values from overrides know their place") {
  const auto result = bind_text(wine, {"data.file=x.csv", "train.epochs=5"});
  CHECK(result.bound.place_of("data.file").file == "--set #1");
  CHECK(result.bound.place_of("train.epochs").column == 14);
  CHECK(result.bound.place_of("train.batch_size").file == "wine.yaml");
}
