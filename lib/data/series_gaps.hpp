#pragma once
// Steps that are missing in series, as far as times show it.

#include <optional>
#include <span>
#include <string>

#include "data/series.hpp"

namespace bpnet {

struct SeriesGaps {
  std::string usual;           // distance of two steps, the most frequent one: "1 day", "3 months", "10"
  std::int64_t gaps = 0;       // larger distances
  std::size_t series = 0;      // that have some
  std::int64_t first_row = 0;  // behind the first gap of the first of them
  double first_time = 0;       // of it
};

/// Nothing where there are no gaps, or where at most half of the distances are the same: no step is usual
/// then.
std::optional<SeriesGaps> gaps_of(const SeriesCode& code, std::span<const Series> series);

}  // namespace bpnet
