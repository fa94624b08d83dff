#include "data/series_gaps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "data/words.hpp"

namespace bpnet {

namespace {

/// A count of units of time: months, or seconds; of numbers the distance itself.
using Distance = double;

std::string distance_text(const SeriesCode& code, Distance distance, bool months) {
  if (!code.dates) return short_number(distance);
  struct Unit {
    double size;
    const char* name;
  };
  static constexpr Unit units[] = {{604800, "week"}, {86400, "day"}, {3600, "hour"}, {60, "minute"}};
  const auto whole = [&](double size, const char* name) {
    return count_of(std::llround(distance / size), name);
  };
  if (months) return std::fmod(distance, 12) == 0 ? whole(12, "year") : whole(1, "month");
  for (const Unit& unit : units)
    if (std::fmod(distance, unit.size) == 0) return whole(unit.size, unit.name);
  return whole(1, "second");
}

/// Distances of neighbouring steps, one series behind the other.
std::vector<Distance> distances(const SeriesCode& code, std::span<const Series> series, bool months) {
  constexpr double seconds_of_a_day = 86400;
  std::vector<Distance> out;
  for (const Series& one : series)
    for (std::size_t i = 1; i < one.times.size(); ++i) {
      const double before = one.times[i - 1], now = one.times[i];
      out.push_back(months       ? static_cast<double>(months_between(before, now))
                    : code.dates ? std::round((now - before) * seconds_of_a_day)
                                 : now - before);
    }
  return out;
}

}  // namespace

std::optional<SeriesGaps> gaps_of(const SeriesCode& code, std::span<const Series> series) {
  const bool months = code.dates && std::all_of(series.begin(), series.end(),
                                                [](const Series& one) { return monthly_times(one.times); });
  const std::vector<Distance> all = distances(code, series, months);
  if (all.empty()) return {};
  std::map<Distance, std::int64_t> counts;
  for (const Distance distance : all) ++counts[distance];
  const auto usual = std::max_element(counts.begin(), counts.end(),
                                      [](const auto& a, const auto& b) { return a.second < b.second; });
  if (2 * usual->second <= static_cast<std::int64_t>(all.size())) return {};
  SeriesGaps out;
  out.usual = distance_text(code, usual->first, months);
  auto distance = all.begin();
  for (const Series& one : series) {
    const std::int64_t before = out.gaps;
    for (std::size_t i = 1; i < one.times.size(); ++i)
      if (*distance++ > usual->first && out.gaps++ == 0) {
        out.first_row = one.rows[i];
        out.first_time = one.times[i];
      }
    out.series += out.gaps > before;
  }
  return out.gaps > 0 ? std::optional(out) : std::nullopt;
}

}  // namespace bpnet
