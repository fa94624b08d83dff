#include <doctest/doctest.h>

#include "reference/read.hpp"
#include "schedules/schedule.hpp"

using namespace bpnet;

TEST_CASE("schedules are PyTorch's") {
  for (const auto& record : reference::read("schedules")) {
    const auto name = record["schedule"].get<std::string>();
    CAPTURE(name);
    const auto schedule = reference::made<Schedule>(schedules, name);
    const auto factors = record["factors"].get<std::vector<double>>();
    for (std::size_t i = 0; i < factors.size(); ++i) {
      CAPTURE(i);
      Progress at = {4 * static_cast<std::int64_t>(i + 1), 100, 4};
      if (record.contains("values"))
        schedule->observe(record["values"][i], record["higher_is_better"], at);
      else
        at = {static_cast<std::int64_t>(i), record["steps"], record["steps_per_epoch"]};
      CHECK(schedule->factor(at) == doctest::Approx(factors[i]).epsilon(1e-12));
    }
  }
}

TEST_CASE("a plateau goes on from its state as if it had not stopped") {
  const char* yaml = "plateau: {factor: 0.5, patience: 2}";
  const auto whole = reference::made<Schedule>(schedules, yaml);
  auto part = reference::made<Schedule>(schedules, yaml);
  const std::vector<double> seen = {3, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, std::numeric_limits<double>::quiet_NaN(),
                                    2};
  Progress at = {0, 130, 10};
  for (double value : seen) {
    at.step += at.steps_per_epoch;
    whole->observe(value, false, at);
    part->observe(value, false, at);
    const auto state = part->state();
    part = reference::made<Schedule>(schedules, yaml);
    part->restore(state);
    CHECK(part->factor({}) == whole->factor({}));
  }
  CHECK(whole->factor({}) == 0.125);
}

TEST_CASE("where a schedule drops and how long a plateau waits are lengths, a number is epochs") {
  const auto factor = [](const char* yaml, std::int64_t step) {
    return reference::made<Schedule>(schedules, yaml)->factor({step, 200, 10});
  };
  for (const char* yaml : {"multi_step: {at: [30 steps, 4 epochs, 50%], factor: 0.5}",
                           "multi_step: {at: [3, 4, 10 epochs], factor: 0.5}"}) {
    CAPTURE(std::string(yaml));
    CHECK(factor(yaml, 29) == 1);
    CHECK(factor(yaml, 30) == 0.5);
    CHECK(factor(yaml, 40) == 0.25);
    CHECK(factor(yaml, 99) == 0.25);
    CHECK(factor(yaml, 100) == 0.125);
  }
  for (const char* yaml : {"plateau: {patience: 20 steps}", "plateau: {patience: 2 epochs}",
                           "plateau: {patience: 2}", "plateau: {patience: 10%}"}) {
    CAPTURE(std::string(yaml));
    const auto plateau = reference::made<Schedule>(schedules, yaml);
    for (const std::int64_t step : {5, 10, 15, 20, 25}) plateau->observe(1, false, {step, 200, 10});
    CHECK(plateau->factor({}) == 1);  // 20 steps since the first
    plateau->observe(1, false, {30, 200, 10});
    CHECK(plateau->factor({}) == 0.1);
  }
  CHECK_THROWS_AS(factor("plateau: {patience: 3 seconds}", 0), Error);
  CHECK_THROWS_AS(factor("multi_step: 3 seconds", 0), Error);
}

TEST_CASE("every schedule stays above zero, finite and within its planned steps; warm-up rises to it") {
  for (const Entry* entry : schedules.entries) {
    CAPTURE(std::string(entry->name));
    for (std::int64_t steps : {1, 2, 3, 10, 1000}) {
      const auto schedule = reference::made<Schedule>(schedules, entry->example);
      for (std::int64_t step = 0; step <= steps + 3; ++step) {
        const double factor = schedule->factor({step, steps, 3});
        CHECK(factor >= 0);
        CHECK(factor <= 1);
      }
    }
    const auto warm = reference::made<Schedule>(schedules, entry->example);
    warm->warmup = {20, Length::Unit::percent};
    double last = 0;
    for (std::int64_t step = 0; step < 20; ++step) {
      const double factor = warm->factor({step, 100, 10});
      CHECK(factor > last);
      last = factor;
    }
  }
}

TEST_CASE("lengths become steps; seconds are no measure of a schedule") {
  const Progress at = {0, 200, 7};
  CHECK(steps_of({3, Length::Unit::epochs}, at) == 21);
  CHECK(steps_of({0.5, Length::Unit::epochs}, at) == 4);
  CHECK(steps_of({3, Length::Unit::steps}, at) == 3);
  CHECK(steps_of({5, Length::Unit::percent}, at) == 10);
  CHECK_THROWS_AS(steps_of({5, Length::Unit::seconds}, at), Error);
}
