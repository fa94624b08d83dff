#include "train/batches.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "core/random.hpp"

namespace bpnet {

namespace {
constexpr float spread = 2;  // steps; more makes more padding
}

Batches::Batches(const Rows& rows, std::span<const std::int64_t> training, std::optional<std::int64_t> size,
                 std::optional<std::int64_t> tokens, std::int64_t seed, bool streams)
    : training_(training), seed_(static_cast<std::uint64_t>(seed)), streams_(streams) {
  for (const InputPort& input : rows.encoding().inputs()) axes_ = std::max(axes_, input.port.time);
  lengths_.resize(training.size() * static_cast<std::size_t>(axes_));
  std::vector<int> of_axis(training.size());
  for (int axis = 1; axis <= axes_; ++axis) {
    rows.lengths(axis, training, of_axis);
    for (std::size_t r = 0; r < training.size(); ++r)
      lengths_[r * static_cast<std::size_t>(axes_) + static_cast<std::size_t>(axis - 1)] = of_axis[r];
  }
  order_.assign(training.begin(), training.end());
  positions_.resize(order_.size());
  std::iota(positions_.begin(), positions_.end(), std::int64_t{0});
  borders_ = {0};
  if (tokens && axes_ > 0) {
    const auto by_length = sorted(-1);
    std::size_t begin = 0;
    std::int64_t longest = 0;
    for (std::size_t i = 0; i < by_length.size(); ++i) {
      std::int64_t own = 0;
      for (int a = 0; a < axes_; ++a)
        own = std::max<std::int64_t>(
            own, lengths_[by_length[i] * static_cast<std::size_t>(axes_) + static_cast<std::size_t>(a)]);
      longest = std::max(longest, own);
      if (i > begin && longest * static_cast<std::int64_t>(i + 1 - begin) > *tokens) {
        borders_.push_back(begin = i);
        longest = own;
      }
    }
  } else {
    const auto per_batch = static_cast<std::size_t>(
        std::min<std::int64_t>(size.value_or(static_cast<std::int64_t>(training.size())),
                               static_cast<std::int64_t>(training.size())));
    for (std::size_t at = per_batch; at < training.size(); at += per_batch) borders_.push_back(at);
  }
  if (streams_ && borders_.size() > 1) order_.resize(borders_.back());
  if (!order_.empty() && borders_.back() < order_.size()) borders_.push_back(order_.size());
  for (std::size_t b = 0; b + 1 < borders_.size(); ++b)
    most_ = std::max(most_, static_cast<std::int64_t>(borders_[b + 1] - borders_[b]));
  turn_.resize(borders_.size() - 1);
  std::iota(turn_.begin(), turn_.end(), std::int64_t{0});
  if (streams_) follow_streams();
  if (axes_ > 0) draw(0);
}

void Batches::follow_streams() {
  const auto samples = static_cast<std::size_t>(most_), steps = order_.size() / samples;
  for (std::size_t step = 0; step < steps; ++step)
    for (std::size_t sample = 0; sample < samples; ++sample)
      order_[step * samples + sample] = training_[sample * steps + step];
}

// Lengths on the last axis are moved by chance in each epoch, so that rows meet others; epoch -1: exact.
std::vector<std::uint32_t> Batches::sorted(std::int64_t epoch) const {
  struct Key {
    std::array<float, time_axes> by;
    std::uint32_t row;
  };
  const Draw draw = Draw::of(seed_, stream_of("order of sequences"), static_cast<std::uint64_t>(epoch));
  std::vector<Key> keys(training_.size());
  const auto axes = static_cast<std::size_t>(axes_);
  for (std::size_t r = 0; r < keys.size(); ++r) {
    keys[r].row = static_cast<std::uint32_t>(r);
    for (std::size_t a = 0; a < axes; ++a) {
      const auto length = static_cast<float>(lengths_[r * axes + a]);
      keys[r].by[a] = length;
      if (epoch >= 0 && a + 1 == axes) keys[r].by[a] += spread * draw.uniform(r, a);
    }
  }
  std::sort(keys.begin(), keys.end(), [axes](const Key& x, const Key& y) {
    for (std::size_t a = 0; a < axes; ++a)
      if (x.by[a] != y.by[a]) return x.by[a] < y.by[a];
    return x.row < y.row;
  });
  std::vector<std::uint32_t> out(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) out[i] = keys[i].row;
  return out;
}

void Batches::draw(std::int64_t epoch) {
  if (streams_) return;
  if (axes_ > 0) {
    const auto rows = sorted(epoch);
    for (std::size_t i = 0; i < rows.size(); ++i) order_[i] = training_[rows[i]];
    std::iota(turn_.begin(), turn_.end(), std::int64_t{0});
    shuffle(Draw::of(seed_, stream_of("order of batches"), static_cast<std::uint64_t>(epoch)), turn_.data(),
            turn_.size());
    return;
  }
  std::copy(training_.begin(), training_.end(), order_.begin());
  shuffle(Draw::of(seed_, stream_of("order of rows"), static_cast<std::uint64_t>(epoch)), order_.data(),
          order_.size());
}

double Batches::padding() const {
  if (axes_ == 0) return 0;
  const auto rows = sorted(0);
  const auto axes = static_cast<std::size_t>(axes_);
  double used = 0, all = 0;
  for (std::size_t b = 0; b + 1 < borders_.size(); ++b)
    for (std::size_t a = 0; a < axes; ++a) {
      int longest = 0;
      for (std::size_t i = borders_[b]; i < borders_[b + 1]; ++i) {
        longest = std::max(longest, lengths_[rows[i] * axes + a]);
        used += lengths_[rows[i] * axes + a];
      }
      all += static_cast<double>(longest) * static_cast<double>(borders_[b + 1] - borders_[b]);
    }
  return all > 0 ? 1 - used / all : 0;
}

}  // namespace bpnet
