#include <doctest/doctest.h>

#include "reference/read.hpp"

using namespace bpnet;

TEST_CASE("each target has a default loss that fits it, as wide as it needs") {
  for (const auto& [text, name, width] : {std::tuple{"number", "mse", 1},
                                          {"classes:2", "binary_cross_entropy", 1},
                                          {"classes:3", "cross_entropy", 3},
                                          {"classes:11", "cross_entropy", 11}}) {
    const TargetKind target = reference::target(text);
    CHECK(std::string(default_loss(target)) == name);
    const auto loss = reference::made<Loss>(losses, name);
    CHECK(loss->objection(target) == "");
    CHECK(loss->width(target) == width);
    CHECK(static_cast<int>(loss->answers(target).size()) == (target.classes ? target.class_count() : 1));
  }
  CHECK(reference::made<Loss>(losses, "cross_entropy")->width(reference::target("classes:2")) == 2);
}

TEST_CASE("the usual loss is the default of its target, smoothed") {
  for (const auto& [text, written] : {std::pair{"number", "mse"},
                                      {"classes:2", "binary_cross_entropy: {label_smoothing: 0.2}"},
                                      {"classes:3", "cross_entropy: {label_smoothing: 0.2}"}}) {
    CAPTURE(std::string(text));
    const TargetKind target = reference::target(text);
    const auto usual = reference::made<Loss>(losses, "usual: {label_smoothing: 0.2}");
    const auto same = reference::made<Loss>(losses, written);
    CHECK(usual->objection(target) == "");
    CHECK(usual->width(target) == same->width(target));
    const int width = same->width(target);
    std::vector<Real> outputs, slopes(static_cast<std::size_t>(3 * width)), expected(slopes.size());
    for (int i = 0; i < 3 * width; ++i) outputs.push_back(static_cast<Real>(i) / 4 - 1);
    const std::vector<std::int32_t> classes = {0, 1, 1};
    const std::vector<Real> values = {1, -1, 2};
    Truth truth;
    if (target.classes)
      truth.classes = classes;
    else
      truth.values = values;
    usual->bind(target);
    same->bind(target);
    CHECK(usual->compute(reference::view(outputs, width), truth, reference::view(slopes, width)).sum ==
          same->compute(reference::view(outputs, width), truth, reference::view(expected, width)).sum);
    CHECK(slopes == expected);
  }
}

TEST_CASE("a loss says why it does not fit a target") {
  const auto objection = [](const char* loss, const char* target) {
    return reference::made<Loss>(losses, loss)->objection(reference::target(target));
  };
  CHECK(objection("cross_entropy", "number") == "needs classes, but 'target' is a number");
  CHECK(objection("cross_entropy", "classes:1") == "needs two classes or more, but 'target' has one");
  CHECK(objection("binary_cross_entropy", "classes:3") == "needs two classes, but 'target' has 3");
  CHECK(objection("binary_cross_entropy", "number") == "needs two classes, but 'target' is a number");
  for (const char* loss : {"mse", "mae", "huber"})
    CHECK(objection(loss, "classes:4") == "needs a number, but 'target' has 4 classes");

  const auto mse = reference::made<Loss>(losses, "mse");
  try {
    mse->width(reference::target("classes:4"));
    FAIL("not thrown");
  } catch (const Error& e) {
    CHECK(e.fault() == Fault::configuration);
    CHECK(e.problems().at(0).message == "the loss needs a number, but 'target' has 4 classes");
    CHECK(e.problems().at(0).help.at(0) == "use cross_entropy, or leave loss out");
  }
}

TEST_CASE("class weights of unknown classes are all named, with the nearest one") {
  TargetKind target = reference::target("classes:3");
  target.labels = {"barbera", "barolo", "grignolino"};
  const auto loss =
      reference::made<Loss>(losses, "cross_entropy: {class_weights: {barolo: 2, barberra: 3, x: 1}}");
  try {
    loss->bind(target);
    FAIL("not thrown");
  } catch (const Error& e) {
    CHECK(e.fault() == Fault::configuration);
    REQUIRE(e.problems().size() == 2);
    CHECK(e.problems()[0].message == "class_weights names 'barberra', which is not a class of 'target'");
    CHECK(e.problems()[0].help.at(0) == "did you mean 'barbera'?");
    CHECK(e.problems()[1].help.at(0) == "its classes are barbera, barolo, grignolino");
  }
}

TEST_CASE("rows without a target count nothing and have no gradient") {
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  for (const Entry* entry : losses.entries) {
    CAPTURE(std::string(entry->name));
    const auto loss = reference::made<Loss>(losses, entry->example);
    const TargetKind target = reference::target(entry->input);
    loss->bind(target);
    const int width = loss->width(target);
    std::vector<Real> outputs(static_cast<std::size_t>(3 * width), Real(0.25)), gradient(outputs.size(), nan);
    const std::vector<std::int32_t> classes = {-1, 1, -1};
    const std::vector<Real> values = {nan, 2, nan};
    Truth all, one;
    if (target.classes) {
      all.classes = classes;
      one.classes = all.classes.subspan(1, 1);
    } else {
      all.values = values;
      one.values = all.values.subspan(1, 1);
    }
    const View in = reference::view(outputs, width);
    View first = in;
    first.samples = 1;
    const LossSum sum = loss->compute(in, all, reference::view(gradient, width));
    const LossSum alone = loss->compute(first, one, View{});
    CHECK(sum.sum == alone.sum);
    CHECK(sum.weight == alone.weight);
    CHECK(sum.sum > 0);
    for (int c = 0; c < width; ++c) {
      CHECK(gradient[static_cast<std::size_t>(c)] == 0);
      CHECK(gradient[static_cast<std::size_t>(width + c)] != 0);
      CHECK(gradient[static_cast<std::size_t>(2 * width + c)] == 0);
    }
  }
}
