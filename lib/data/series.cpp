#include "data/series.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "data/words.hpp"
#include "spec/spec.hpp"

namespace bpnet {

nlohmann::json SeriesCode::to_json() const {
  return {{"time", time},     {"by", by},           {"dates", dates}, {"format", form.format()},
          {"window", window}, {"horizon", horizon}, {"step", step},   {"grid", grid},
          {"known", known}};
}

SeriesCode SeriesCode::from_json(const nlohmann::json& json) {
  SeriesCode out;
  json.at("time").get_to(out.time);
  json.at("by").get_to(out.by);
  json.at("dates").get_to(out.dates);
  Date type;
  json.at("format").get_to(type.format);
  json.at("window").get_to(out.window);
  json.at("horizon").get_to(out.horizon);
  json.at("step").get_to(out.step);
  json.at("grid").get_to(out.grid);
  json.at("known").get_to(out.known);
  constexpr int most = 1 << 20;
  if (!type.faults().empty() || out.window < 1 || out.window > most || out.horizon < 0 ||
      out.horizon > most || out.step < 1)
    throw nlohmann::json::other_error::create(501, "windows of a series make no sense", &json);
  out.form = DateForm::without_parts(type);
  return out;
}

std::string time_text(const SeriesCode& code, double time, std::string_view format) {
  if (!code.dates) {
    char number[32];  // whole seconds of a clock have ten digits
    std::snprintf(number, sizeof number, "%.15g", time);
    return number;
  }
  constexpr std::int64_t seconds_of_a_day = 86400;
  const bool whole_days = std::llround(time * static_cast<double>(seconds_of_a_day)) % seconds_of_a_day == 0;
  if (format.empty()) format = whole_days ? "%F" : "%FT%T";
  return write_date(time, format);
}

namespace {

/// Of a date in whole months: how many, with the day and the time of day left over.
struct Monthly {
  std::int64_t months;
  double rest;      // days
  bool ends_month;  // on its last day
};

Monthly monthly(double time) {
  using namespace std::chrono;
  const double day = std::floor(time);
  const year_month_day date(sys_days(days(static_cast<std::int64_t>(day))));
  const auto of_month = static_cast<unsigned>(date.day());
  return {static_cast<int>(date.year()) * std::int64_t{12} + static_cast<unsigned>(date.month()) - 1,
          of_month - 1 + (time - day), date == date.year() / date.month() / last};
}

double time_of(std::int64_t months, double rest, bool ends_month) {
  using namespace std::chrono;
  const year_month in(year(static_cast<int>(months / 12)), month(static_cast<unsigned>(months % 12) + 1));
  const sys_days first(in / 1), last_day(in / last);
  if (ends_month) return static_cast<double>(last_day.time_since_epoch().count()) + (rest - std::floor(rest));
  return static_cast<double>(first.time_since_epoch().count()) + rest;
}

}  // namespace

std::optional<double> time_behind(const SeriesCode& code, std::span<const double> times, int steps) {
  times = times.last(std::min(times.size(), static_cast<std::size_t>(std::max(code.window, 3))));
  if (times.size() < 2) return {};
  const double step = times[1] - times[0];
  // Times of short steps differ by what a number of their size cannot hold.
  const double rounding = 4 * std::numeric_limits<double>::epsilon() * std::abs(times.back());
  bool equal = true, by_months = code.dates, ends_months = code.dates;
  const Monthly first = code.dates ? monthly(times[0]) : Monthly{};
  const std::int64_t months = code.dates ? monthly(times[1]).months - first.months : 0;
  for (std::size_t i = 1; i < times.size(); ++i) {
    constexpr double same = 1e-6;  // of a step
    equal = equal && std::abs(times[i] - times[i - 1] - step) <= same * step + rounding;
    if (!code.dates) continue;
    const Monthly now = monthly(times[i]);
    const bool in_step = now.months == first.months + static_cast<std::int64_t>(i) * months;
    by_months = by_months && in_step && months > 0 && now.rest == first.rest;
    ends_months = ends_months && in_step && months > 0 && first.ends_month && now.ends_month &&
                  now.rest - std::floor(now.rest) == first.rest - std::floor(first.rest);
  }
  if (by_months || ends_months)
    return time_of(monthly(times.back()).months + steps * months, first.rest, ends_months);
  if (equal) return times.back() + steps * step;
  return {};
}

bool monthly_times(std::span<const double> times) {
  if (times.empty()) return true;
  const Monthly first = monthly(times[0]);
  bool same_day = true, ends = true;
  for (const double time : times) {
    const Monthly now = monthly(time);
    same_day = same_day && now.rest == first.rest;
    ends = ends && now.ends_month && now.rest - std::floor(now.rest) == first.rest - std::floor(first.rest);
  }
  return same_day || ends;
}

std::int64_t months_between(double first, double second) {
  return monthly(second).months - monthly(first).months;
}

std::vector<Series> series_of(const SeriesCode& code, std::span<const std::int64_t> rows,
                              std::span<const double> times, const LabelColumn* by, const RowLines& lines) {
  const auto time = [&](std::int64_t row) { return times[static_cast<std::size_t>(row)]; };
  std::vector<Series> out;
  std::map<std::int32_t, std::size_t> at;  // by code of `by`
  for (const std::int64_t row : rows) {
    const std::int32_t label = by ? by->codes[static_cast<std::size_t>(row)] : 0;
    const auto [found, fresh] = at.try_emplace(label, out.size());
    if (fresh) {
      out.emplace_back();
      if (by && label >= 0) out.back().name = by->texts[static_cast<std::size_t>(label)];
    }
    out[found->second].rows.push_back(row);
  }
  std::vector<Problem> problems;
  constexpr std::size_t most_told = 5;
  for (Series& series : out) {
    std::stable_sort(series.rows.begin(), series.rows.end(),
                     [&](std::int64_t a, std::int64_t b) { return time(a) < time(b); });
    for (const std::int64_t row : series.rows) series.times.push_back(time(row));
    for (std::size_t i = 1; i < series.rows.size() && problems.size() < most_told; ++i) {
      if (series.times[i] != series.times[i - 1]) continue;
      Problem problem;
      problem.place = lines.of(series.rows[i]);
      problem.message = "'" + code.time + "' is " + time_text(code, series.times[i]) + " as in line " +
                        std::to_string(lines.of(series.rows[i - 1]).line) +
                        (code.by.empty() ? "" : ", of the same '" + code.by + "'") +
                        ": which step comes first?";
      if (code.by.empty())
        problem.help = {"if the file holds several series: data.series.by: COLUMN tells them apart"};
      problems.push_back(std::move(problem));
    }
  }
  if (!problems.empty()) throw Error(Fault::data, std::move(problems));
  return out;
}

SeasonalError seasonal_error(std::span<const Series> series, std::span<const double> values,
                             const std::vector<bool>& counted, int season) {
  double sum = 0, count = 0;
  const auto back = static_cast<std::size_t>(season);
  for (const Series& one : series)
    for (std::size_t i = back; i < one.rows.size(); ++i) {
      const auto now = static_cast<std::size_t>(one.rows[i]),
                 before = static_cast<std::size_t>(one.rows[i - back]);
      if (!counted[now] || !counted[before] || std::isnan(values[now] - values[before])) continue;
      sum += std::abs(values[now] - values[before]);
      ++count;
    }
  return {season, count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN()};
}

}  // namespace bpnet
