#pragma once
// Columns of dates and times.

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/column_type.hpp"
#include "data/date_time.hpp"
#include "data/number.hpp"

namespace bpnet {

struct Date final : ColumnType {
  std::vector<std::string> parts;  // empty: year, month, weekday, and hour where it changes
  bool cyclic = true;
  std::string format;  // empty: what parse_date reads by itself
  enum class Missing : std::uint8_t { mean, drop, error } missing = Missing::mean;
  bool indicator = true;
  void visit(Visitor&) override;
  Cells cells() const override { return Cells::dates; }
  std::vector<std::string> faults() const override;
};

/// How cells of dates become columns of raw numbers.
class DateForm {
 public:
  explicit DateForm(const Date& type = {});
  /// Dates that are only put in order.
  static DateForm without_parts(const Date& type);
  int width() const { return width_; }
  const std::string& format() const { return format_; }
  /// Nothing if the cell is no date of this form.
  std::optional<DateTime> parse(std::string_view cell) const;
  /// The parts side by side: cyclic ones as sine and cosine (year_day in 366ths of the circle, the others in
  /// as many as they have values), others as they are; year_day counts from 1, weekday from Monday, 1.
  void write(const DateTime& date, float* out) const;  // out (width)
  /// Where write puts the days, of which floats could not tell the times if they counted from 1970.
  std::vector<int> days_columns() const;
  void count_days_from(double day) { days_from_ = day; }

  nlohmann::json to_json() const;
  static DateForm from_json(const nlohmann::json&);

 private:
  friend struct DateCode;
  void measure();
  int columns_of(std::size_t part) const;
  bool last_part_is_constant(std::span<const Moments> of_raw) const;
  std::vector<std::size_t> parts_;  // positions among all parts
  bool cyclic_ = true, chosen_ = false;
  std::string format_;
  double days_from_ = 0;
  int width_ = 0;
};

/// How dates of a feature become inputs.
struct DateCode {
  struct Column {
    double shift = 0, divisor = 1, fill = 0;  // an input is (raw - shift) / divisor, or fill
  };
  DateForm form;
  std::vector<Column> columns;  // of the form; cyclic ones as they are, others to mean 0 and deviation 1
  bool indicator = false, refuse_missing = false, drop_missing = false;  // as of a NumberCode
  /// `read`: the form that the cells were read with, `of_raw`: by column of it.
  static DateCode fit(const Date& type, const DateForm& read, std::span<const Moments> of_raw);
  /// "year, month, weekday"
  std::string parts_text() const;
  nlohmann::json to_json() const;
  static DateCode from_json(const nlohmann::json&);
};

}  // namespace bpnet
