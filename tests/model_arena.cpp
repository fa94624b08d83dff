#include "model/arena.hpp"

#include <doctest/doctest.h>

#include "core/random.hpp"

using namespace bpnet;

TEST_CASE("spots that live at the same time do not overlap") {
  const Draw draw = Draw::of(1, 2);
  for (std::uint64_t round = 0; round < 200; ++round) {
    std::vector<Spot> spots;
    std::size_t sum = 0;
    for (std::uint64_t i = 0; i < 30; ++i) {
      const int begin = static_cast<int>(draw.index(round, 8 * i, 40));
      spots.push_back({draw.index(round, 8 * i + 4, 5000), begin,
                       begin + static_cast<int>(draw.index(round, 8 * i + 800, 15)), 0});
      sum += spots.back().bytes + 128;
    }
    const std::size_t total = place_spots(spots);
    CHECK(total <= sum);
    for (const Spot& a : spots) {
      CHECK(a.offset % 64 == 0);
      CHECK(a.offset + a.bytes + 64 <= total);
      for (const Spot& b : spots) {
        if (&a == &b || a.end < b.begin || b.end < a.begin) continue;
        CHECK((a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset));
      }
    }
  }
}

TEST_CASE("a place is used again after its value died") {
  std::vector<Spot> spots = {{1000, 0, 1, 0}, {1000, 2, 3, 0}, {1000, 4, 5, 0}};
  CHECK(place_spots(spots) < 1200);
}
