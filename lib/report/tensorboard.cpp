#include "report/tensorboard.hpp"

#include <unistd.h>

#include <cmath>

#include "report/tfrecord.hpp"

namespace bpnet {

namespace fs = std::filesystem;

namespace {

// Fields of Event, SessionLog, Summary and Summary.Value.
namespace event {
constexpr std::uint32_t wall_time = 1, step = 2, file_version = 3, summary = 5, session_log = 7;
}
namespace session {
constexpr std::uint32_t status = 1, start = 1;
}
namespace summary {
constexpr std::uint32_t value = 1, tag = 1, simple_value = 2;
}

std::string host() {
  char name[256] = "";
  if (::gethostname(name, sizeof name - 1) != 0 || name[0] == '\0') return "localhost";
  return name;
}

// A second run within the same second writes a second file; names sort by time.
fs::path new_file(const fs::path& folder, double now) {
  const fs::path first =
      folder / ("events.out.tfevents." + std::to_string(std::llround(std::floor(now))) + "." + host());
  fs::path path = first;
  for (int again = 1; fs::exists(path); ++again) path = first.string() + "." + std::to_string(again);
  return path;
}

void add(Message& values, const std::string& tag, double value) {
  Message one;
  one.text(summary::tag, tag).real(summary::simple_value, static_cast<float>(value));
  values.message(summary::value, one);
}

void add(Message& values, const Scores& scores, const std::string& part) {
  if (scores.empty) return;
  add(values, "loss/" + part, scores.loss);
  for (const auto& [name, value] : scores.metrics) add(values, name + "/" + part, value);
}

}  // namespace

TensorBoard::TensorBoard(fs::path folder, std::int64_t steps_done, std::function<double()> now)
    : folder_(std::move(folder)), steps_done_(steps_done), now_(std::move(now)) {}

void TensorBoard::open() {
  const double now = now_();
  file_.emplace(new_file(folder_, now), 0);
  Message version, begin;
  version.real(event::wall_time, now).text(event::file_version, "brain.Event:2");
  begin.real(event::wall_time, now)
      .number(event::step, static_cast<std::uint64_t>(steps_done_) + 1)
      .message(event::session_log, Message().number(session::status, session::start));
  file_->append(tf_record(version.bytes()) + tf_record(begin.bytes()));
}

void TensorBoard::evaluation(const Evaluation& e) {
  if (!file_) open();
  Message values, message;
  add(values, e.train, "train");
  add(values, e.validation, "validation");
  add(values, e.test, "test");
  add(values, "learning_rate", e.learning_rate);
  add(values, "gradient_norm", e.gradient_norm);
  for (std::size_t i = 0; i < layers_.size(); ++i)
    add(values, "gradient_norm/" + layers_[i], e.layer_norms[i]);
  message.real(event::wall_time, now_())
      .number(event::step, static_cast<std::uint64_t>(e.step))
      .message(event::summary, values);
  file_->append(tf_record(message.bytes()));
}

}  // namespace bpnet
