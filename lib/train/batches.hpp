#pragma once
// Training rows in batches: which rows make which batch of an epoch.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "data/dataset.hpp"

namespace bpnet {

/// The number of batches and of the rows in each is the same in every epoch. Rows of sequences are sorted by
/// length, give or take a few steps, so that those of a batch are about as long; then batches are drawn in
/// any order.
class Batches {
 public:
  /// `size`: rows of a batch, none: all. `tokens`: as many rows as come to about this many steps with their
  /// padding, instead.
  /// `streams`: a batch has the rows behind those of the one before, sample by sample; rows that do not fill
  /// the last batch are left out.
  Batches(const Rows& rows, std::span<const std::int64_t> training, std::optional<std::int64_t> size,
          std::optional<std::int64_t> tokens, std::int64_t seed, bool streams = false);
  std::int64_t count() const { return static_cast<std::int64_t>(borders_.size()) - 1; }
  /// Rows of the largest batch.
  std::int64_t most() const { return most_; }
  /// Draws an epoch's batches; before that, rows are in their own order, and sequences in that of epoch 0.
  void draw(std::int64_t epoch);
  std::span<const std::int64_t> batch(std::int64_t at) const { return part(order_, at); }
  /// Of a batch's rows in the epoch's order, from 0.
  std::span<const std::int64_t> positions(std::int64_t at) const { return part(positions_, at); }
  /// Share of the steps of all batches that are padding, of rows of sequences.
  double padding() const;

 private:
  std::span<const std::int64_t> part(const std::vector<std::int64_t>& of, std::int64_t at) const {
    const std::size_t begin = borders_[slot(at)];
    return std::span(of).subspan(begin, borders_[slot(at) + 1] - begin);
  }
  std::size_t slot(std::int64_t at) const {
    return static_cast<std::size_t>(turn_[static_cast<std::size_t>(at)]);
  }
  void follow_streams();
  std::vector<std::uint32_t> sorted(std::int64_t epoch) const;  // places in training_

  std::span<const std::int64_t> training_;
  std::uint64_t seed_;
  bool streams_ = false;
  int axes_ = 0;                      // of time
  std::vector<int> lengths_;          // (training rows, axes)
  std::vector<std::size_t> borders_;  // in order_
  std::vector<std::int64_t> turn_;    // which batch comes when
  std::vector<std::int64_t> order_, positions_;
  std::int64_t most_ = 0;
};

}  // namespace bpnet
