#include <doctest/doctest.h>

#include <chrono>
#include <initializer_list>
#include <string>
#include <vector>

#include "data/date_time.hpp"
#include "data/series.hpp"

using namespace bpnet;

namespace {

/// Days since 1970 of 2024-01-31 and the like.
double day(int year, unsigned month, unsigned of_month) {
  using namespace std::chrono;
  const year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(of_month)};
  return static_cast<double>(sys_days(date).time_since_epoch().count());
}

/// The times `steps` behind these, as cells; "-": they are not known.
std::string behind(bool dates, const std::vector<double>& times, std::initializer_list<int> steps,
                   int window = 8) {
  SeriesCode code;
  code.dates = dates;
  code.window = window;
  std::string out;
  for (const int step : steps) {
    const auto time = time_behind(code, times, step);
    out += (out.empty() ? "" : " ") + (time ? time_text(code, *time) : "-");
  }
  return out;
}

}  // namespace

TEST_CASE("times behind the last one go on in equal steps") {
  CHECK(behind(false, {3, 5, 7}, {1, 2, 4}) == "9 11 15");
  CHECK(behind(false, {0.1, 0.2, 0.3}, {1}) == "0.4");
  CHECK(behind(false, {1700000000, 1700000060}, {1}) == "1700000120");
  CHECK(behind(true, {day(2024, 2, 27), day(2024, 2, 28)}, {1, 2}) == "2024-02-29 2024-03-01");
  const double second = 1.0 / 86400, noon = day(2024, 1, 1) + 0.5;
  CHECK(behind(true, {noon, noon + second, noon + 2 * second}, {1}) == "2024-01-01T12:00:03");
  const auto after = [&](double seconds) { return noon + seconds * second; };
  CHECK(behind(true, {noon, after(0.3), after(0.6), after(0.9), after(1.2)}, {1, 6}) ==
        "2024-01-01T12:00:02 2024-01-01T12:00:03");
}

TEST_CASE("times behind the last one go on in months, on the same day or on the last one") {
  CHECK(behind(true, {day(2023, 11, 15), day(2023, 12, 15), day(2024, 1, 15)}, {1, 12}) ==
        "2024-02-15 2025-01-15");
  CHECK(behind(true, {day(2023, 11, 30), day(2023, 12, 31), day(2024, 1, 31)}, {1, 2, 3}) ==
        "2024-02-29 2024-03-31 2024-04-30");
  CHECK(behind(true, {day(2020, 1, 1), day(2021, 1, 1), day(2022, 1, 1)}, {1, 3}) == "2023-01-01 2025-01-01");
  CHECK(behind(true, {day(2024, 1, 1), day(2024, 4, 1), day(2024, 7, 1)}, {1}) == "2024-10-01");
}

TEST_CASE("times behind the last one of irregular steps are not known") {
  CHECK(behind(false, {1}, {1}) == "-");
  CHECK(behind(false, {1, 2, 4}, {1}) == "-");
  CHECK(behind(true, {day(2024, 1, 1), day(2024, 2, 1), day(2024, 2, 9)}, {1}) == "-");
  CHECK(behind(true, {day(2024, 1, 30), day(2024, 2, 29), day(2024, 3, 31)}, {1}) == "-");
  // Only as far back as the window goes.
  CHECK(behind(false, {1, 5, 6, 7, 8}, {1}, 4) == "9");
  CHECK(behind(false, {1, 5, 6, 7, 8}, {1}, 5) == "-");
}

TEST_CASE("dates are written as their cells are") {
  const auto same = [](const std::string& cell, const std::string& declared = "") {
    const auto date = declared.empty() ? parse_date(cell) : parse_date(cell, declared);
    REQUIRE(date);
    CHECK(write_date(date->days(), written_format(cell, cell, declared)) == cell);
  };
  for (const char* cell :
       {"2024-04-15", "2024/04/15", "20240415", "15.04.2024", "1.3.2024", "15.4.2024 09:05",
        "2024-04-15 16:00", "2024-04-15T16:00:07", "2024-04-15T16:00:00Z", "2024-04-15 16:00:00.000",
        "20240415T1600", "20240415 160007", "1969-07-20 20:17"})
    same(cell);
  same("12/07/2024", "%d/%m/%Y");
  same("1/7/24 9:05", "%d/%m/%y %H:%M");
  same("1/7/24 09:05", "%d/%m/%y %H:%M");
  same("Jul 12 2024 03:15 PM", "%b %d %Y %I:%M %p");
  same("100 % 1720800000", "100 %% %s");
  for (const char* cell : {"0900-01-31", "1.03.2024", "01.3.2024", "2024-04-15 16:00:00.3",
                           "2024-04-15 16:00:07.250000", "2024-04-15T16:00:07,25Z"})
    same(cell);
  same("1 Feb 2024", "%e %b %Y");
  same("01 Feb 2024", "%e %b %Y");
  same("01-FEB-24", "%d-%b-%y");
  same("1 february 2024", "%d %b %Y");
  same("WED 01-May-24 3:15 pm", "%a %d-%B-%y %I:%M %p");
  same("2/1/24", "%D");
  same("2024-04-15  16:00", "%F %R");
  same("2024-04-15  16:00", "%F  %R");
  same("2024Feb01", "%Y %b %d");
  same("16:00:07.25 2024-04-15", "%T.%f %F");
  same("2024-04-15 16:00Z", "%F %R%z");
  same("2024-195", "%Y-%j");
  // One number of one digit tells how all are written; a time of day, that there is one.
  const double tenth = parse_date("2024-11-10")->days();
  CHECK(write_date(tenth, written_format("1.3.2024", "10.11.2024", "")) == "10.11.2024");
  CHECK(write_date(tenth + 0.5, written_format("2024-11-10", "2024-11-10 12:00", "")) == "2024-11-10 12:00");
  CHECK(write_date(parse_date("2024-03-01")->days(), written_format("1.3.2024", "10.11.2024", "")) ==
        "1.3.2024");
  CHECK(write_date(tenth, written_format("2024-11-10T00:00+01:00", "2024-11-10T00:00+01:00", "")) ==
        "2024-11-10T00:00");
  CHECK(written_format("", "", "") == "");
  // Fractions that come behind the first cell, and cells that leave out those of 0.
  const double second = 1.0 / 86400;
  const auto written = [&](double days, const char* shortest, const char* longest, const char* format = "") {
    return write_date(days, written_format(shortest, longest, format));
  };
  CHECK(written(tenth + 9.3 * second, "2024-11-10 00:00:00.0", "2024-11-10 00:00:00.0") ==
        "2024-11-10 00:00:09.3");
  for (const auto& [seconds, cell] :
       {std::pair(9.0, "2024-11-10 00:00:09"), {9.25, "2024-11-10 00:00:09.250000"}})
    CHECK(written(tenth + seconds * second, "2024-11-10 00:00:00", "2024-11-10 00:00:01.500000") == cell);
  CHECK(written(tenth + 9.3 * second, "2024-11-10 00:00:00.5", "2024-11-10 00:00:00.25") ==
        "2024-11-10 00:00:09.3");
  CHECK(written(tenth + 59.9996 * second, "2024-11-10 00:00", "2024-11-10 00:00:00.000") ==
        "2024-11-10 00:01:00");
  CHECK(written(tenth + 8.7 * second, "2024-11-10 00:00:00", "2024-11-10 00:00:01") == "2024-11-10 00:00:09");
  // A blank in the place of a digit, and two blanks.
  CHECK(written(tenth, "Nov  1 2024", "Nov  1 2024", "%b %e %Y") == "Nov 10 2024");
  CHECK(written(tenth - 5, "Nov  1 2024", "Nov  1 2024", "%b %e %Y") == "Nov  5 2024");
  CHECK(written(tenth, "Nov  1 2024", "Nov  11 2024", "%b %e %Y") == "Nov  10 2024");
}
