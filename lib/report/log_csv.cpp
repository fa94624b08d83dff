#include "report/log_csv.hpp"

#include <fmt/format.h>

#include <string>

#include "core/hash.hpp"

namespace bpnet {

namespace {

std::string header_of(const RunStart& run) {
  std::string out = "epoch,step,seconds,learning_rate";
  const auto add = [&](const std::string& name) {
    const auto column = [&](const char* part) { out.append(1, ',').append(csv_quoted(part + name)); };
    column("train_");
    if (run.has_validation) column("validation_");
    if (run.has_test) column("test_");
  };
  add("loss");
  for (const std::string& metric : run.metrics) add(metric);
  return out + ",gradient_norm,weights_hash\n";
}

}  // namespace

void LogCsv::start(const RunStart& run) {
  has_validation_ = run.has_validation;
  has_test_ = run.has_test;
  file_.begin(header_of(run));
}

void LogCsv::evaluation(const Evaluation& e) {
  std::string row = fmt::format("{},{},{:.6f},{}", e.epoch, e.step, e.seconds, csv_number(e.learning_rate));
  const auto add = [&](auto value_of) {
    const auto cell = [&](const Scores& s) {
      row += ',';
      if (!s.empty) row += csv_number(value_of(s));
    };
    cell(e.train);
    if (has_validation_) cell(e.validation);
    if (has_test_) cell(e.test);
  };
  add([](const Scores& s) { return s.loss; });
  for (std::size_t m = 0; m < e.train.metrics.size(); ++m)
    add([m](const Scores& s) { return s.metrics[m].second; });
  file_.append(row + "," + csv_number(e.gradient_norm) + "," + hex(e.weights_hash) + "\n");
}

}  // namespace bpnet
