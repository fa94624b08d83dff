// What to tell when a loss or a gradient is not finite.

#include <fmt/format.h>

#include <algorithm>

#include "train/trainer.hpp"

namespace bpnet {

namespace {
constexpr std::size_t rows_told = 5;
}

std::vector<Problem> Trainer::explain_divergence() {
  Problem p;
  p.message = fmt::format("training diverged in epoch {}, step {}: a loss or gradient is not a finite number",
                          step_ / plan_.steps_per_epoch + 1, step_ + 1);
  for_each_batch([&](std::span<const std::int64_t> batch, const Moment& moment) {
    const auto found = learner_.diagnose(*dataset_.rows, batch, moment);
    if (found.empty()) return true;
    std::string where = fmt::format("first in the {} of {}", found[0].what, found[0].path);
    const std::size_t bad = found[0].rows.size();
    if (bad == batch.size()) {
      where += fmt::format(", in all {} rows of the batch", bad);
    } else {
      for (std::size_t r = 0; r < std::min(bad, rows_told); ++r) {
        const Place place = dataset_.rows->place(batch[static_cast<std::size_t>(found[0].rows[r])]);
        where += fmt::format("{} {}:{}", r == 0 ? ", rows" : ",", place.file, place.line);
      }
      if (bad > rows_told) where += fmt::format(" and {} more", bad - rows_told);
    }
    p.help.push_back(where);
    return false;
  });
  p.help.push_back(
      fmt::format("the weights are those before this step; what usually helps: a smaller "
                  "optimizer.{}{} (it is {:g}), "
                  "train.clip_norm: 1, schedule: {{constant: {{warmup: 5%}}}}",
                  settings_.optimizer.name(), optimizer_->rate_key(), optimizer_->base_rate()));
  return {std::move(p)};
}

}  // namespace bpnet
