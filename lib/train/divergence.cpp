// What to tell when a loss or a gradient is not finite.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "train/trainer.hpp"

namespace bpnet {

namespace {
constexpr std::size_t rows_told = 5;
constexpr int most_rollbacks = 10;
}  // namespace

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
  const auto& [stack, choice] = settings_.optimizer.front();
  const std::string rate_key = (stack.empty() ? "." + choice.name() : "") + optimizer_->rate_key();
  p.help.push_back(
      fmt::format("the weights are those before this step; what usually helps: a smaller "
                  "optimizer{} (it is {:g}), "
                  "train.clip_norm: 1, schedule: {{constant: {{warmup: 5%}}}}",
                  rate_key, optimizer_->base_rate()));
  return {std::move(p)};
}

bool Trainer::may_roll_back() const {
  return settings_.train.on_divergence == TrainSettings::OnDivergence::rollback &&
         rollbacks_ < most_rollbacks;
}

Problem Trainer::roll_back(std::vector<Problem> why) {
  const auto values = learner_.network().weights().values, buffers = learner_.network().buffer_values();
  std::copy(best_values_.begin(), best_values_.end(), values.begin());
  std::copy(best_buffers_.begin(), best_buffers_.end(), buffers.begin());
  if (average_) {
    average_values_ = best_values_;
    average_buffers_ = best_buffers_;
  }
  std::fill_n(optimizer_state_.data(), optimizer_state_.size(), std::byte{0});
  slope_known_ = false;
  sums_.clear();
  norm_sum_ = 0;
  norm_count_ = 0;
  begun_at_ = step_;
  ++rollbacks_;
  Problem told = std::move(why.front());
  told.severity = Severity::warning;
  told.help.pop_back();  // what to change
  told.help.push_back(
      fmt::format("back to {} with {:g} times the learning rate, rollback {} of {}",
                  has_best_ ? fmt::format("the weights of epoch {}", best_.epoch) : "the first weights",
                  std::pow(0.5, rollbacks_), rollbacks_, most_rollbacks));
  return told;
}

}  // namespace bpnet
