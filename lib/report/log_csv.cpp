#include "report/log_csv.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include "core/error.hpp"
#include "core/hash.hpp"

namespace bpnet {

namespace {

constexpr std::size_t size_limit = std::size_t{1} << 30;

std::string number(double value) {
  if (std::isnan(value)) return "nan";
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};  // the shortest that reads back the same
}

std::string quoted(const std::string& name) {
  if (name.find_first_of(",\"\r\n") == std::string::npos) return name;
  std::string out(1, '"');
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

std::string header_of(const RunStart& run) {
  std::string out = "epoch,step,seconds,learning_rate";
  const auto add = [&](const std::string& name) {
    const auto column = [&](const char* part) { out.append(1, ',').append(quoted(part + name)); };
    column("train_");
    if (run.has_validation) column("validation_");
    if (run.has_test) column("test_");
  };
  add("loss");
  for (const std::string& metric : run.metrics) add(metric);
  return out + ",gradient_norm,weights_hash\n";
}

// The second cell of a row; beyond all steps if there is none.
std::int64_t step_of(std::string_view row) {
  std::int64_t step = 0;
  const std::size_t comma = std::min(row.find(','), row.size() - 1);
  const char* end = row.data() + row.size();
  const auto [rest, error] = std::from_chars(row.data() + comma + 1, end, step);
  const bool whole = error == std::errc() && rest != end && *rest == ',';
  return whole ? step : std::numeric_limits<std::int64_t>::max();
}

// Bytes of the header and of the whole rows up to a step.
std::size_t kept_bytes(std::string_view text, std::size_t header, std::int64_t steps_done) {
  std::size_t kept = header;
  while (true) {
    const std::size_t end = text.find('\n', kept);
    if (end == std::string_view::npos || step_of(text.substr(kept, end + 1 - kept)) > steps_done) return kept;
    kept = end + 1;
  }
}

}  // namespace

LogCsv::LogCsv(std::filesystem::path file, std::int64_t steps_done)
    : path_(std::move(file)), steps_done_(steps_done) {}

void LogCsv::start(const RunStart& run) {
  has_validation_ = run.has_validation;
  has_test_ = run.has_test;
  const std::string header = header_of(run);
  std::string before;
  if (steps_done_ > 0 && std::filesystem::exists(path_)) before = read_text(path_, size_limit);
  if (before.empty()) {
    file_.emplace(path_, 0);
    file_->append(header);
    return;
  }
  if (!before.starts_with(header))
    throw Error(Fault::data, "'" + path_.string() + "' has other columns than this run writes",
                {"move it away to go on without its rows"});
  file_.emplace(path_, kept_bytes(before, header.size(), steps_done_));
}

void LogCsv::evaluation(const Evaluation& e) {
  std::string row = fmt::format("{},{},{:.6f},{}", e.epoch, e.step, e.seconds, number(e.learning_rate));
  const auto add = [&](auto value_of) {
    const auto cell = [&](const Scores& s) {
      row += ',';
      if (!s.empty) row += number(value_of(s));
    };
    cell(e.train);
    if (has_validation_) cell(e.validation);
    if (has_test_) cell(e.test);
  };
  add([](const Scores& s) { return s.loss; });
  for (std::size_t m = 0; m < e.train.metrics.size(); ++m)
    add([m](const Scores& s) { return s.metrics[m].second; });
  file_->append(row + "," + number(e.gradient_norm) + "," + hex(e.weights_hash) + "\n");
}

void LogCsv::sync() { file_->sync(); }

}  // namespace bpnet
