// Batches: every row once an epoch, sequences by length, as many batches each time.

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "train/batches.hpp"

using namespace bpnet;

namespace {

struct Lengths final : Encoding {
  std::vector<InputPort> ports;
  std::span<const InputPort> inputs() const override { return ports; }
  std::span<const TargetKind> targets() const override { return {}; }
  std::span<const TargetScale> scales() const override { return {}; }
  nlohmann::json to_json() const override { return {}; }
};

/// Rows whose lengths on each axis are given.
struct LongRows final : Rows {
  Lengths lengths_encoding;
  std::vector<std::vector<int>> by_axis;
  LongRows(std::vector<std::vector<int>> all, std::int64_t rows) : by_axis(std::move(all)), rows_(rows) {
    for (std::size_t a = 0; a < by_axis.size(); ++a) {
      lengths_encoding.ports.emplace_back();
      lengths_encoding.ports.back().port.time = static_cast<int>(a) + 1;
    }
  }
  std::int64_t count() const override { return rows_; }
  const Encoding& encoding() const override { return lengths_encoding; }
  void gather(std::span<const std::int64_t>, std::span<const View>, const PictureChange*) const override {}
  void lengths(int time, std::span<const std::int64_t> rows, std::span<int> out) const override {
    for (std::size_t i = 0; i < rows.size(); ++i)
      out[i] = by_axis[static_cast<std::size_t>(time - 1)][static_cast<std::size_t>(rows[i])];
  }
  void classes(std::size_t, std::span<const std::int64_t>, std::int32_t*) const override {}
  void values(std::size_t, std::span<const std::int64_t>, Real*) const override {}
  Place place(std::int64_t) const override { return {}; }

 private:
  std::int64_t rows_;
};

std::vector<std::int64_t> first_rows(std::int64_t n) {
  std::vector<std::int64_t> out(static_cast<std::size_t>(n));
  std::iota(out.begin(), out.end(), std::int64_t{0});
  return out;
}

LongRows sentences(int rows) {
  std::vector<int> read, told;
  for (int r = 0; r < rows; ++r) {
    read.push_back(5 + static_cast<int>(std::min({r * 7919 % 13, r * 104729 % 17, r * 31 % 23})));
    told.push_back(read.back() + r * 613 % 4);
  }
  return {{read, told}, rows};
}

std::vector<std::int64_t> all_of(const Batches& batches) {
  std::vector<std::int64_t> out;
  for (std::int64_t b = 0; b < batches.count(); ++b)
    for (const std::int64_t row : batches.batch(b)) out.push_back(row);
  return out;
}

}  // namespace

TEST_CASE("an epoch has every row once") {
  const LongRows plain({}, 103), long_ones = sentences(103);
  const auto training = first_rows(103);
  for (const Rows* rows : {static_cast<const Rows*>(&plain), static_cast<const Rows*>(&long_ones)})
    for (const auto& [size, tokens] :
         std::vector<std::pair<std::optional<std::int64_t>, std::optional<std::int64_t>>>{
             {10, {}},
             {1000, {}},
             {std::nullopt, {}},
             {10, rows == &plain ? std::optional<std::int64_t>() : 100}}) {
      Batches batches(*rows, training, size, tokens, 1);
      const std::int64_t count = batches.count();
      CHECK(all_of(batches).size() == 103);
      std::vector<std::vector<std::int64_t>> seen;
      for (std::int64_t epoch = 0; epoch < 3; ++epoch) {
        batches.draw(epoch);
        CHECK(batches.count() == count);
        auto rows_of_epoch = all_of(batches);
        seen.push_back(rows_of_epoch);
        std::sort(rows_of_epoch.begin(), rows_of_epoch.end());
        CHECK(rows_of_epoch == training);
        std::set<std::int64_t> positions;
        for (std::int64_t b = 0; b < count; ++b)
          for (const std::int64_t p : batches.positions(b)) positions.insert(p);
        CHECK(positions.size() == 103);
      }
      CHECK(seen[0] != seen[1]);
      batches.draw(1);
      CHECK(all_of(batches) == seen[1]);
    }
}

TEST_CASE("sequences of a batch are about as long") {
  const LongRows rows = sentences(5000);
  const auto training = first_rows(5000);
  Batches batches(rows, training, 32, 1000, 7);
  batches.draw(3);
  CHECK(batches.padding() < 0.1);
  std::int64_t most = 0;
  for (std::int64_t b = 0; b < batches.count(); ++b) {
    int longest = 0;
    for (const std::int64_t row : batches.batch(b))
      longest = std::max({longest, rows.by_axis[0][static_cast<std::size_t>(row)],
                          rows.by_axis[1][static_cast<std::size_t>(row)]});
    most = std::max(most, longest * static_cast<std::int64_t>(batches.batch(b).size()));
  }
  CHECK(most <= 1400);  // the shortest are of 5 steps, and may stand two places off
  CHECK(most >= 800);
}
