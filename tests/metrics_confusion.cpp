#include <doctest/doctest.h>

#include <cmath>

#include "metrics/confusion.hpp"
#include "reference/read.hpp"

using namespace bpnet;

TEST_CASE("the confusion matrix holds row weights by actual and predicted class") {
  const std::vector<Real> answers = {0.5, 0.25, 0.25, 0.25, 0.5, 0.25, 0.25, 0.25, 0.5, 0.5, 0.5, 0};
  const std::vector<std::int32_t> classes = {0, 0, 2, 1};
  const std::vector<Real> weights = {1, 2, 4, 8};
  const Judged batch = {4, 3, answers, classes, {}, weights};
  Confusion confusion(3);
  confusion.add(batch);
  CHECK(confusion.at(0, 0) == 1);
  CHECK(confusion.at(0, 1) == 2);
  CHECK(confusion.at(2, 2) == 4);
  CHECK(confusion.at(1, 0) == 8);  // the first of equals
  CHECK(confusion.at(1, 1) == 0);
  confusion.merge(confusion);
  CHECK(confusion.at(1, 0) == 16);
  const ClassCount zero = confusion.count(0);
  CHECK(zero.actual == 6);
  CHECK(zero.predicted == 18);
  CHECK(zero.correct == 2);
  CHECK(zero.precision() == doctest::Approx(2.0 / 18));
  CHECK(zero.recall() == doctest::Approx(2.0 / 6));
  CHECK(zero.f1() == doctest::Approx(4.0 / 24));
  CHECK(confusion.count(1).f1() == 0);
}

TEST_CASE("a probability of 0 costs a finite log loss") {
  const std::vector<Real> answers = {1, 0};
  const std::vector<std::int32_t> classes = {1};
  const auto tally = reference::made<Metric>(metrics, "log_loss")->tally(reference::target("classes:2"));
  tally->add({1, 2, answers, classes, {}, {}});
  CHECK(tally->value() == doctest::Approx(-std::log(std::numeric_limits<Real>::epsilon())));
}

TEST_CASE("ROC area is not defined without rows of both classes, and skips classes that have none") {
  const std::vector<Real> answers = {0.75, 0.25, 0.5, 0.5};
  const std::vector<std::int32_t> same = {1, 1};
  const auto metric = reference::made<Metric>(metrics, "roc_auc");
  const auto two = metric->tally(reference::target("classes:2"));
  two->add({2, 2, answers, same, {}, {}});
  CHECK(std::isnan(two->value()));

  const std::vector<Real> wide = {0.5, 0.25, 0.25, 0.25, 0.5, 0.25, 0.5, 0.125, 0.375};
  const std::vector<std::int32_t> classes = {0, 1, 0};
  const auto three = metric->tally(reference::target("classes:3"));
  three->add({3, 3, wide, classes, {}, {}});
  CHECK(three->value() == 1);
}

TEST_CASE("the default metrics fit their targets") {
  for (const char* text : {"number", "classes:2", "classes:3"}) {
    const TargetKind target = reference::target(text);
    for (const char* name : default_metrics(target))
      CHECK(reference::made<Metric>(metrics, name)->objection(target) == "");
  }
  CHECK(std::string(default_metrics(reference::target("classes:2")).at(2)) == "roc_auc");
  CHECK(std::string(default_metrics(reference::target("number")).front()) == "rmse");
}

TEST_CASE("options that make another metric of it show in its name") {
  const auto variant = [](const char* yaml) { return reference::made<Metric>(metrics, yaml)->variant(); };
  CHECK(variant("f1") == "");
  CHECK(variant("f1: macro") == "macro");
  CHECK(variant("recall: {class: b}") == "b");
  CHECK(variant("top_k: 3") == "3");
  CHECK(variant("accuracy") == "");
}

TEST_CASE("metrics say which classes they cannot serve") {
  const auto objection = [](const char* yaml, const char* target) {
    return reference::made<Metric>(metrics, yaml)->objection(reference::target(target));
  };
  CHECK(objection("top_k: 3", "classes:4") == "");
  CHECK(objection("top_k: 3", "classes:3") == "with k: 3 every answer is right, as 'target' has 3 classes");
  CHECK(objection("precision: {class: d}", "classes:4") == "");
  CHECK(objection("precision: {class: d}", "classes:3") == "'target' has no class 'd'");
  CHECK(objection("f1: binary", "classes:3") == "average: binary needs two classes, but 'target' has 3");
  CHECK(objection("recall: {class: a, average: macro}", "classes:3") ==
        "of one class there is nothing to average");
}
