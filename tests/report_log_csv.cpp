#include "report/log_csv.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <optional>

#include "files_help.hpp"
#include "full_disk.hpp"

using namespace bpnet;
using namespace bpnet::test;

namespace {

RunStart start_of(bool validation, bool test, std::vector<std::string> metrics) {
  RunStart run;
  run.has_validation = validation;
  run.has_test = test;
  run.metrics = std::move(metrics);
  return run;
}

Evaluation evaluation_at(std::int64_t epoch) {
  const auto x = static_cast<double>(epoch);
  Evaluation e;
  e.epoch = epoch;
  e.step = 8 * epoch;
  e.seconds = 0.00041234 * x;
  e.learning_rate = 0.003;
  e.train = {false, 1 / x, {{"accuracy", 0.1}, {"f1", 1 / 3.0}}};
  e.test = {false, 2 / x, {{"accuracy", 1}, {"f1", std::nan("")}}};
  e.gradient_norm = 1.9e-7;
  e.weights_hash = 0x9f3c + static_cast<std::uint64_t>(epoch);
  return e;
}

// Rows of epochs first .. last, written by a run that starts at step `done`.
void log(const std::filesystem::path& file, std::int64_t done, std::int64_t first, std::int64_t last) {
  LogCsv csv(file, done);
  csv.start(start_of(false, true, {"accuracy", "f1"}));
  for (std::int64_t epoch = first; epoch <= last; ++epoch) csv.evaluation(evaluation_at(epoch));
  csv.sync();
}

}  // namespace

TEST_CASE("log.csv has a row for each evaluation, and no columns for parts without rows") {
  const TemporaryFolder folder;
  log(folder / "log.csv", 0, 1, 3);
  CHECK(content(folder / "log.csv") ==
        "epoch,step,seconds,learning_rate,train_loss,test_loss,train_accuracy,test_accuracy,train_f1,test_f1,"
        "gradient_norm,weights_hash\n"
        "1,8,0.000412,0.003,1,2,0.1,1,0.3333333333333333,nan,1.9e-07,0000000000009f3d\n"
        "2,16,0.000825,0.003,0.5,1,0.1,1,0.3333333333333333,nan,1.9e-07,0000000000009f3e\n"
        "3,24,0.001237,0.003,0.3333333333333333,0.6666666666666666,0.1,1,0.3333333333333333,nan,1.9e-07,"
        "0000000000009f3f\n");
}

TEST_CASE("log.csv has columns for all three parts; names are quoted, cells without scores empty") {
  const TemporaryFolder folder;
  LogCsv csv(folder / "log.csv", 0);
  csv.start(start_of(true, true, {"a \"b\", c_accuracy"}));
  Evaluation e;
  e.train = {false, HUGE_VAL, {{"a \"b\", c_accuracy", 0.5}}};
  csv.evaluation(e);
  CHECK(content(folder / "log.csv") ==
        "epoch,step,seconds,learning_rate,train_loss,validation_loss,test_loss,\"train_a \"\"b\"\", "
        "c_accuracy\","
        "\"validation_a \"\"b\"\", c_accuracy\",\"test_a \"\"b\"\", c_accuracy\",gradient_norm,weights_hash\n"
        "0,0,0.000000,0,inf,,,0.5,,,0,0000000000000000\n");
}

TEST_CASE("a run that goes on cuts the rows after its checkpoint") {
  const TemporaryFolder folder;
  log(folder / "whole.csv", 0, 1, 6);
  const std::string whole = content(folder / "whole.csv");
  for (std::int64_t stop = 0; stop <= 5; ++stop)
    for (const std::int64_t within : {0, 5}) {  // a checkpoint after an evaluation, or some steps later
      const auto file = folder / "log.csv";
      log(file, 0, 1, 5);
      log(file, 8 * stop + within, stop + 1, 6);
      CHECK(content(file) == whole);
    }
}

TEST_CASE("a last row that is not whole is cut") {
  const TemporaryFolder folder;
  log(folder / "whole.csv", 0, 1, 3);
  const std::string whole = content(folder / "whole.csv");
  const std::size_t header = whole.find('\n') + 1;
  const std::size_t second = whole.find('\n', header) + 1, third = whole.find('\n', second) + 1;
  for (std::size_t size = third; size < whole.size(); ++size) {
    put(folder / "log.csv", std::string_view(whole).substr(0, size));
    log(folder / "log.csv", 16, 3, 3);
    CHECK(content(folder / "log.csv") == whole);
  }
}

TEST_CASE("a lost log begins anew; one with other columns is refused") {
  const TemporaryFolder folder;
  log(folder / "log.csv", 16, 3, 3);
  log(folder / "log.csv", 24, 4, 4);
  CHECK(std::ranges::count(content(folder / "log.csv"), '\n') == 3);
  put(folder / "log.csv", "epoch,step,other\n1,2,3\n");
  const Error error = error_of([&] { log(folder / "log.csv", 16, 3, 3); });
  CHECK(error.fault() == Fault::data);
  CHECK(says(error, "other columns"));
  CHECK(content(folder / "log.csv") == "epoch,step,other\n1,2,3\n");
}

TEST_CASE("a full disk is reported, and only whole rows stay") {
  const TemporaryFolder folder;
  log(folder / "log.csv", 0, 1, 2);
  const std::string before = content(folder / "log.csv");
  {
    const FullDisk full(before.size() + 10);
    const Error error = error_of([&] { log(folder / "log.csv", 16, 3, 3); });
    CHECK(error.fault() == Fault::cannot_write);
  }
  CHECK(content(folder / "log.csv") == before);
}
