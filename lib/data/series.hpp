#pragma once
// Rows of a table as steps of series, in time order.

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/date.hpp"
#include "data/dictionary.hpp"
#include "data/read_plan.hpp"
#include "data/row_lines.hpp"
#include "data/settings.hpp"
#include "losses/loss.hpp"

namespace bpnet {

/// How rows become windows, as a model keeps it.
struct SeriesCode {
  std::string time, by;  // columns; by may be ""
  bool dates = false;    // what time holds, else numbers
  DateForm form = DateForm::without_parts({});
  int window = 1, horizon = 0, step = 1;
  bool grid = false;
  std::vector<std::size_t> known;  // features
  /// Rows that a window and what it tells take.
  int span() const { return window + horizon; }
  /// Targets that become of one column.
  int heads() const { return horizon > 1 ? horizon : 1; }
  nlohmann::json to_json() const;
  static SeriesCode from_json(const nlohmann::json&);
};

/// Rows of one series in time order.
struct Series {
  std::string name;  // the cell of the column `by`
  std::vector<std::int64_t> rows;
  std::vector<double> times;  // of the rows: numbers, or days since 1970
};

/// Sorts rows into series, those in the order of their first rows. `times` of all rows; `by` may be null.
/// Throws Error(data) where two rows of a series are of one time.
std::vector<Series> series_of(const SeriesCode& code, std::span<const std::int64_t> rows,
                              std::span<const double> times, const LabelColumn* by, const RowLines& lines);

/// The time of a step as a cell: a number, or a date as `format` has it (see write_date), or 2024-03-01 or
/// 2024-03-01T14:30:05.
std::string time_text(const SeriesCode& code, double time, std::string_view format = "");

/// The time so many steps behind the last of these, which are in order: where they are equally far apart, or,
/// of dates, whole months, as their last steps show; else nothing.
std::optional<double> time_behind(const SeriesCode& code, std::span<const double> times, int steps);

/// Dates that are all on the same day of their months and at the same time of day, or on the last days of
/// months.
bool monthly_times(std::span<const double> times);
std::int64_t months_between(double first, double second);

/// Mean absolute difference of values a season apart; both rows need be `counted`. `values` by row.
SeasonalError seasonal_error(std::span<const Series> series, std::span<const double> values,
                             const std::vector<bool>& counted, int season);

}  // namespace bpnet
