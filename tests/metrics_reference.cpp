#include <doctest/doctest.h>

#include <cmath>

#include "metrics/metric.hpp"
#include "reference/read.hpp"

using namespace bpnet;

namespace {

/// One of the recorded sets of answers beside the truth.
struct Recorded {
  explicit Recorded(const nlohmann::json& set)
      : target(reference::target(set["target"])),
        answers(reference::reals(set["answers"])),
        weights(reference::reals(set["weights"])) {
    if (target.classes)
      classes = set["truth"].get<std::vector<std::int32_t>>();
    else
      values = reference::reals(set["truth"]);
    rows = set["truth"].size();
  }
  /// Rows begin .. end - 1.
  Judged part(std::size_t begin, std::size_t end) const {
    const std::size_t width = answers.size() / rows, count = end - begin;
    Judged batch;
    batch.rows = static_cast<int>(count);
    batch.width = static_cast<int>(width);
    batch.answers = std::span(answers).subspan(begin * width, count * width);
    if (target.classes) batch.classes = std::span(classes).subspan(begin, count);
    if (!target.classes) batch.values = std::span(values).subspan(begin, count);
    if (!weights.empty()) batch.weights = std::span(weights).subspan(begin, count);
    return batch;
  }

  TargetKind target;
  std::vector<Real> answers, weights, values;
  std::vector<std::int32_t> classes;
  std::size_t rows = 0;
};

}  // namespace

TEST_CASE("bits of a character are those of the tokens that are known") {
  TargetKind tokens;
  tokens.classes = true;
  tokens.labels = {"", "a", "bc"};
  tokens.characters = {TargetKind::unknown_characters, 1, 2};
  const std::vector<Real> answers = {Real(0.5), Real(0.25), Real(0.25), Real(0.5), Real(0.25), Real(0.25)};
  const auto metric = reference::made<Metric>(metrics, "bits_per_character");
  const auto bits = [&](const std::vector<std::int32_t>& classes) {
    const auto tally = metric->tally(tokens);
    tally->add({2, 3, answers, classes, {}, {}});
    return tally->value();
  };
  CHECK(bits({1, 2}) == doctest::Approx(4.0 / 3));
  CHECK(bits({0, 2}) == doctest::Approx(1));
  CHECK(std::isnan(bits({0, 0})));
  tokens.characters[1] = 0;  // a byte within a character
  CHECK(bits({1, 2}) == doctest::Approx(2));
}

TEST_CASE("metrics are scikit-learn's, in one batch, in several, merged and restored") {
  for (const auto& set : reference::read("metrics")) {
    const Recorded recorded(set);
    CAPTURE(set["target"].get<std::string>());
    CAPTURE(recorded.weights.empty());
    for (const auto& [name, expected] : set["values"].items()) {
      CAPTURE(name);
      const auto metric = reference::made<Metric>(metrics, name);
      CHECK(metric->objection(recorded.target) == "");
      const auto value = doctest::Approx(expected.get<double>()).epsilon(1e-12).scale(1);

      const auto whole = metric->tally(recorded.target);
      whole->add(recorded.part(0, recorded.rows));
      CHECK(whole->value() == value);

      const auto first = metric->tally(recorded.target), second = metric->tally(recorded.target);
      first->add(recorded.part(0, 1));
      first->add(recorded.part(1, 3));
      second->add(recorded.part(3, recorded.rows));
      const auto again = metric->tally(recorded.target);
      again->restore(first->state());
      CHECK(again->state() == first->state());
      first->merge(*second);
      again->merge(*second);
      CHECK(first->value() == value);
      CHECK(again->value() == first->value());

      first->clear();
      first->add(recorded.part(0, recorded.rows));
      CHECK(first->value() == whole->value());
    }
  }
}

TEST_CASE("metrics are not a number before any row, and leave out rows without a target") {
  for (const Entry* entry : metrics.entries) {
    CAPTURE(std::string(entry->name));
    const TargetKind target = reference::target(entry->input);
    const auto metric = reference::made<Metric>(metrics, entry->example);
    const auto tally = metric->tally(target);
    CHECK(std::isnan(tally->value()));

    const int width =
        target.classes ? target.class_count() : std::max(1, static_cast<int>(target.answers.size()));
    const std::vector<Real> answers(static_cast<std::size_t>(3 * width), Real(0.25));
    const std::vector<std::int32_t> classes(3, -1);
    const std::vector<Real> values(3, std::numeric_limits<Real>::quiet_NaN());
    Judged batch;
    batch.rows = 3;
    batch.width = width;
    batch.answers = answers;
    if (target.classes) batch.classes = classes;
    if (!target.classes) batch.values = values;
    tally->add(batch);
    CHECK(std::isnan(tally->value()));
    CHECK(metric->objection(reference::target(target.classes ? "number" : "classes:3")) != "");
  }
}
