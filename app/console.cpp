#include "console.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "report/evaluation_json.hpp"

namespace bpnet::app {

namespace {
constexpr auto bar_delay = std::chrono::milliseconds(500);  // shorter epochs show no bar
constexpr auto bar_pause = std::chrono::milliseconds(100);
constexpr int bar_width = 30;
}  // namespace

std::string duration(double seconds) {
  if (seconds < 0.9995e-4) return fmt::format("{:.1f} us", seconds * 1e6);
  if (seconds < 0.9995) return fmt::format("{:.1f} ms", seconds * 1e3);
  if (seconds < 59.995) return fmt::format("{:.2f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::lround(seconds));
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::string far_number(double x, double deviation, int digits) {
  return fmt::format("{:.{}f}", x,
                     std::clamp(digits - static_cast<int>(std::floor(std::log10(deviation))), 0, 300));
}

std::string thousands(std::int64_t n) {
  std::string digits = std::to_string(n);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > (n < 0 ? 1 : 0); at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

namespace {
// "-" for what is not a number: no row could be scored, or the metric is not defined on them.
std::string number_text(double x, int digits) {
  if (!std::isfinite(x)) return "-";
  return std::abs(x) < 1e6 ? fmt::format("{:.{}f}", x, digits) : fmt::format("{:.{}g}", x, digits);
}

std::string loss_text(const Scores& scores) {
  return number_text(scores.empty ? std::nan("") : scores.loss, 4);
}

std::string metric_head(const RunStart& start) {
  return (start.has_test ? "test " : start.has_validation ? "validation " : "train ") + start.metrics[0];
}
}  // namespace

void Console::start(const RunStart& start) {
  start_ = start;
  terminal_ = isatty(STDERR_FILENO);
  begun_ = drawn_ = std::chrono::steady_clock::now();
  first_step_ = step_ = start.first_epoch * start.steps_per_epoch;
  fmt::print("{}: {} training, {} validation, {} test rows; {} parameters\n\n", job_.settings.name,
             thousands(start.rows[0]), thousands(start.rows[1]), thousands(start.rows[2]),
             thousands(start.parameters));
  by_steps_ = job_.settings.train.evaluate.unit == Length::Unit::steps;
  if (start.finished) {
    fmt::print("the run has ended: nothing is left to train\n");
    return;
  }
  std::string head = fmt::format("{:>6}  {:>11}", by_steps_ ? "step" : "epoch", "train loss");
  if (start.has_validation) head += fmt::format("  {:>16}", "validation loss");
  if (start.has_test) head += fmt::format("  {:>10}", "test loss");
  if (!start.metrics.empty()) head += fmt::format("  {:>14}", metric_head(start));
  fmt::print("{}  {:>10}\n", head, "time");
}

void Console::step(std::int64_t step, std::int64_t step_in_epoch, std::int64_t steps_per_epoch) {
  step_ = step;
  if (!terminal_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - drawn_ < (bar_ ? bar_pause : bar_delay)) return;
  drawn_ = now;
  draw_bar(step_in_epoch, steps_per_epoch);
}

void Console::draw_bar(std::int64_t step_in_epoch, std::int64_t steps_per_epoch) {
  const double share = static_cast<double>(step_in_epoch) / static_cast<double>(steps_per_epoch);
  const int full = static_cast<int>(share * bar_width);
  const double passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  const double left =
      passed * static_cast<double>(start_.steps - step_) / static_cast<double>(step_ - first_step_);
  std::fflush(stdout);
  fmt::print(stderr, "\r{:>6}  [{:#<{}}{:.<{}}] {:3.0f}%  {} left in all \033[K",
             (step_ - 1) / steps_per_epoch + 1, "", full, "", bar_width - full, share * 100, duration(left));
  std::fflush(stderr);
  bar_ = true;
}

void Console::clear_bar() {
  if (bar_) std::fputs("\r\033[K", stderr);
  bar_ = false;
  drawn_ = std::chrono::steady_clock::now();
}

void Console::evaluation(const Evaluation& e) {
  clear_bar();
  std::string row = fmt::format("{:>6}  {:>11}", by_steps_ ? e.step : e.epoch, loss_text(e.train));
  if (start_.has_validation) row += fmt::format("  {:>16}", loss_text(e.validation));
  if (start_.has_test) row += fmt::format("  {:>10}", loss_text(e.test));
  if (!start_.metrics.empty()) {
    const Scores& scores = start_.has_test ? e.test : start_.has_validation ? e.validation : e.train;
    const std::size_t width = std::max<std::size_t>(14, metric_head(start_).size());
    row += fmt::format(
        "  {:>{}}", number_text(scores.metrics.empty() ? std::nan("") : scores.metrics[0].second, 3), width);
  }
  fmt::print("{}  {:>10}\n", row, duration(e.seconds));
  if (isatty(STDOUT_FILENO)) std::fflush(stdout);
}

void Warner::warning(const Problem& warning) { print_warning(warning); }

namespace {
std::string scores_text(const Scores& scores) {
  std::string text = "loss " + loss_text(scores);
  for (const auto& [name, value] : scores.metrics)
    text += ", " + name + " " + (std::isfinite(value) ? fmt::format("{:.4g}", value) : "-");
  return text;
}
}  // namespace

void Console::end(const RunEnd& end) {
  clear_bar();
  switch (end.ending) {
    case Ending::finished:
      break;
    case Ending::early:
      fmt::print("Stopped early: nothing improved for as long as train.early_stopping allows.\n");
      break;
    case Ending::max_time:
      fmt::print("Stopped after train.max_time.\n");
      break;
    case Ending::interrupted:
      fmt::print("Stopped by a signal; a checkpoint is written, --resume goes on.\n");
      break;
    case Ending::diverged:
      fmt::print("Stopped: training diverged; the last good model is kept.\n");
      break;
  }
  const Evaluation& best = end.best;
  if (best.step == 0) return;
  if (by_steps_)
    fmt::print("\nbest step    {} of {}, in {}\n", best.step, start_.steps, duration(end.seconds));
  else
    fmt::print("\nbest epoch   {} of {}, in {}\n", best.epoch, start_.epochs, duration(end.seconds));
  if (!best.validation.empty) fmt::print("validation   {}\n", scores_text(best.validation));
  if (!best.test.empty) fmt::print("test         {}\n", scores_text(best.test));
  if (best.validation.empty && best.test.empty) fmt::print("train        {}\n", scores_text(best.train));
}

void JsonLines::evaluation(const Evaluation& e) {
  std::puts(evaluation_json(e).dump().c_str());
  std::fflush(stdout);
}

}  // namespace bpnet::app
