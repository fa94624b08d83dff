// Milliseconds per training step, and where they go.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <numeric>

#include "command.hpp"
#include "console.hpp"
#include "math/threads.hpp"
#include "train/job.hpp"

namespace bpnet::app::command_entries {

namespace {

constexpr double timed_seconds = 3;

struct TimeAsked {
  std::string config;
  std::vector<std::string> set;
  int threads = 0;
  bool json = false;
};

double now_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

struct Times {
  std::vector<double> ms;
  double min() const { return *std::min_element(ms.begin(), ms.end()); }
  double median() const {
    std::vector<double> sorted = ms;
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2),
                     sorted.end());
    return sorted[sorted.size() / 2];
  }
};

template <class F>
Times measure(double seconds, F f) {
  for (int i = 0; i < 5; ++i) f();
  Times times;
  const double end = now_ms() + seconds * 1e3;
  for (double begin = now_ms(); begin < end || times.ms.size() < 5;) {
    f();
    const double after = now_ms();
    times.ms.push_back(after - begin);
    begin = after;
  }
  return times;
}

struct LayerTime {
  std::string name, kind;
  double forward_ms, backward_ms;
};

std::vector<LayerTime> layer_times(Job& job, const Batches& batches) {
  Network& network = job.learner->network();
  const Moment moment{1, 0, 0, batches.positions(0)};
  job.learner->learn(*job.dataset.rows, batches.batch(0), moment, true, nullptr);  // fills every value
  Run& run = job.learner->last_learnt();
  std::vector<LayerTime> out;
  for (std::size_t n = 0; n < run.nodes(); ++n) {
    const Node& node = network.graph().nodes()[n];
    if (node.is_input()) continue;
    const double each = 0.2 / static_cast<double>(run.nodes());
    out.push_back({node.path, node.kind, measure(each, [&] { run.forward_node(n, moment); }).median(),
                   measure(each, [&] { run.backward_node(n, true); }).median()});
  }
  return out;
}

int run(const TimeAsked& asked) {
  use_threads(asked.threads);
  const auto job = make_job(asked.config, asked.set, Purpose::time);
  for (const Problem& w : job->warnings) print_warning(w);
  Trainer trainer(job->settings, job->dataset, *job->learner);
  const std::uint64_t shared_before = math::times_shared();
  const Times steps = measure(timed_seconds, [&] { trainer.bare_full_step(); });
  // Small nets take one thread, however many there are.
  const int threads = math::times_shared() > shared_before ? math::threads() : 1;
  const auto layers = layer_times(*job, trainer.batches());
  if (asked.json) {
    nlohmann::ordered_json line = {{"step_ms", {{"min", steps.min()}, {"median", steps.median()}}},
                                   {"steps", steps.ms.size()},
                                   {"threads", threads},
                                   {"layers", nlohmann::ordered_json::array()}};
    for (const LayerTime& l : layers)
      line["layers"].push_back(
          {{"name", l.name}, {"kind", l.kind}, {"forward_ms", l.forward_ms}, {"backward_ms", l.backward_ms}});
    fmt::print("{}\n", line.dump());
    return ok;
  }
  fmt::print("step      {:.4f} ms at best, {:.4f} ms in the middle of {} steps, {} thread{}\n\n", steps.min(),
             steps.median(), thousands(static_cast<std::int64_t>(steps.ms.size())), threads,
             threads == 1 ? "" : "s");
  std::size_t width = 5, kind = 4;
  for (const LayerTime& l : layers) {
    width = std::max(width, l.name.size());
    kind = std::max(kind, l.kind.size());
  }
  fmt::print("{:<{}}  {:<{}}  {:>12}  {:>12}\n", "layer", width, "kind", kind, "forward ms", "backward ms");
  for (const LayerTime& l : layers)
    fmt::print("{:<{}}  {:<{}}  {:>12.4f}  {:>12.4f}\n", l.name, width, l.kind, kind, l.forward_ms,
               l.backward_ms);
  return ok;
}

}  // namespace

extern const Command time = {"time", "milliseconds per training step, and per layer",
                             "bpnet time configs/wine.yaml --json",
                             [](Arguments arguments) -> std::function<int()> {
                               auto asked = std::make_shared<TimeAsked>();
                               arguments.config(asked->config, asked->set);
                               arguments.threads(asked->threads);
                               arguments.json(asked->json);
                               return [asked] { return run(*asked); };
                             }};

}  // namespace bpnet::app::command_entries
