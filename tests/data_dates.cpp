#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "data/date_time.hpp"
#include "data_support.hpp"

using namespace data_test;

namespace {

std::string shown(const std::optional<DateTime>& date) {
  if (!date) return "none";
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%g", date->year, date->month, date->day,
                date->hour, date->minute, date->second);
  return text;
}
std::string read(std::string_view cell) { return shown(parse_date(cell)); }
std::string read(std::string_view cell, std::string_view format) { return shown(parse_date(cell, format)); }

/// Rows of a date and a class, 60 of them: what `cell` says.
template <class F>
std::string dates(F cell) {
  std::string text = "when,y\n";
  for (int i = 0; i < 60; ++i) text += cell(i) + "," + (i % 2 ? "p" : "q") + "\n";
  return text;
}
std::string day(int i) { return "2024-0" + std::to_string(1 + i % 9) + "-1" + std::to_string(i % 10); }

}  // namespace

TEST_CASE("dates that are read without being told how") {
  CHECK(read("2024-03-01") == "2024-03-01 00:00:0");
  CHECK(read("20240301") == "2024-03-01 00:00:0");
  CHECK(read("2024/03/01") == "2024-03-01 00:00:0");
  CHECK(read("1.3.2024") == "2024-03-01 00:00:0");
  CHECK(read("31.12.1999") == "1999-12-31 00:00:0");
  CHECK(read("2024-03-01T14:30") == "2024-03-01 14:30:0");
  CHECK(read("2024-03-01 14:30:05") == "2024-03-01 14:30:5");
  CHECK(read("2024-03-01T14:30:05.25Z") == "2024-03-01 14:30:5.25");
  CHECK(read("2024-03-01T14:30:05,5+01:00") == "2024-03-01 14:30:5.5");
  CHECK(read("2024-03-01T14:30-0330") == "2024-03-01 14:30:0");
  CHECK(read("20240301T143005") == "2024-03-01 14:30:5");
  CHECK(read("1.3.2024 09:05") == "2024-03-01 09:05:0");
  CHECK(read("2024-02-29") != "none");
  for (const char* cell : {"2023-02-29",  "2024-13-01",       "2024-00-10",         "2024-04-31",
                           "2024-3-1",    "2024-03/01",       "24-03-01",           "03/01/2024",
                           "2024-03-01T", "2024-03-01 24:00", "2024-03-01 12:60",   "2024-03-01T12:30:61",
                           "2024-03-01x", "0000-01-01",       "2024-03-01T12:30+1", "",
                           "1.5",         "12.25.3",          "20240301 1430x",     "2024",
                           "2024-03"})
    CHECK_MESSAGE(read(cell) == "none", cell);
}

TEST_CASE("dates of a described form") {
  CHECK(read("03/01/2024", "%m/%d/%Y") == "2024-03-01 00:00:0");
  CHECK(read("3/1/24", "%m/%d/%y") == "2024-03-01 00:00:0");
  CHECK(read("03/01/69", "%D") == "1969-03-01 00:00:0");
  CHECK(read("1 Mar 2024, 2:05 PM", "%d %b %Y, %I:%M %p") == "2024-03-01 14:05:0");
  CHECK(read("Friday, march 01 2024 12:00am", "%A, %B %d %Y %I:%M%p") == "2024-03-01 00:00:0");
  CHECK(read("2024-061", "%Y-%j") == "2024-03-01 00:00:0");
  CHECK(read("2023-366", "%Y-%j") == "none");
  CHECK(read("1709303405", "%s") == "2024-03-01 14:30:5");
  CHECK(read("-1", "%s") == "1969-12-31 23:59:59");
  CHECK(read("2024-03-01T14:30:05.5+0100", "%FT%T.%f%z") == "2024-03-01 14:30:5.5");
  CHECK(read("100% 2024 01 02", "100%% %Y %m %d") == "2024-01-02 00:00:0");
  CHECK(read("2024 13 02", "%Y %m %d") == "none");
  CHECK(read("2024 12 02 ", "%Y %m %d") == "none");
  CHECK(read("13:00 PM 2024", "%I:%M %p %Y") == "none");
  CHECK(fault_of_format("%d.%m.%Y").empty());
  CHECK(fault_of_format("%d.%m") == "it reads no year: %Y, %y, %F, %D or %s");
  CHECK(fault_of_format("%Y-%q").starts_with("there is no %q; there are %Y"));
  CHECK(fault_of_format("%Y-%") == "it ends in a %; a percent sign is %%");
}

TEST_CASE("weekdays, days of the year, days since 1970") {
  CHECK(parse_date("2024-03-01")->weekday() == 4);  // a Friday
  CHECK(parse_date("2024-12-31")->year_day() == 365);
  CHECK(parse_date("1970-01-01")->days() == 0);
  CHECK(parse_date("1969-12-31T12:00")->days() == -0.5);
  CHECK(parse_date("2024-03-01")->days() == 19783);
}

TEST_CASE("a column of dates is found by itself, and becomes circles") {
  const Folder folder;
  const Dataset data = load(all_training(settings_for(folder.write("t.csv", dates(day)), {"y"})));
  CHECK(data.columns[0].type == "date");
  CHECK(data.columns[0].why == "all 60 cells are dates");
  CHECK(data.columns[0].detail == "year, month, weekday");  // no hour, as all are alike
  const auto inputs = gathered<float>(*data.rows, 0, {3});  // 2024-04-13, a Saturday
  REQUIRE(inputs.size() == 5);
  const auto sine = [](int part, int of) {
    return doctest::Approx(std::sin(2 * std::numbers::pi * part / of)).epsilon(1e-6);
  };
  CHECK(inputs[0] == 0);  // every year is 2024
  CHECK(static_cast<double>(inputs[1]) == sine(3, 12));
  CHECK(static_cast<double>(inputs[3]) == sine(5, 7));
  const auto hours = dates([](int i) { return day(i) + " 0" + std::to_string(i % 7) + ":30"; });
  CHECK(load(settings_for(folder.write("h.csv", hours), {"y"})).columns[0].detail ==
        "year, month, weekday, hour");
}

TEST_CASE("parts of dates as numbers, missing ones") {
  const Folder folder;
  DataSettings settings = all_training(settings_for(
      folder.write("t.csv", "when,y\n2020-01-31,p\n2021-03-31,q\n,p\n2022-02-28 06:00,q\n"), {"y"}));
  Date date;
  date.parts = {"days", "day", "hour"};
  date.cyclic = false;
  settings.columns = {declare("when", date)};
  const Dataset data = load(settings);
  const auto inputs = gathered<float>(*data.rows, 0, {0, 2, 3});
  REQUIRE(inputs.size() == 12);  // and whether it is missing
  CHECK(static_cast<double>(inputs[1]) == doctest::Approx(1 / std::sqrt(2.0)));
  CHECK(std::vector<float>(inputs.begin() + 4, inputs.begin() + 8) == std::vector<float>{0, 0, 0, 1});
  CHECK(static_cast<double>(inputs[10]) == doctest::Approx(std::sqrt(2.0)));
  date.missing = Date::Missing::drop;
  settings.columns = {declare("when", date)};
  const Dataset dropped = load(settings);
  CHECK(dropped.part(Part::training).size() == 3);
  CHECK(all_of(dropped.warnings).find("1 row with a missing cell") != std::string::npos);
}

TEST_CASE("days tell seconds apart, in other files too") {
  const Folder folder;
  const auto times = [](int first) {
    std::string text = "when,y\n";
    for (int i = 0; i < 60; ++i)
      text +=
          "2024-03-01 12:00:" + std::to_string(100 + (first + i) % 60).substr(1) + "," + "pq"[i % 2] + "\n";
    return text;
  };
  DataSettings settings = all_training(settings_for(folder.write("t.csv", times(0)), {"y"}));
  Date date;
  date.parts = {"days"};
  settings.columns = {declare("when", date)};
  const Dataset data = load(settings);
  const std::vector<std::int64_t> rows = {0, 1, 59};
  const auto inputs = gathered<float>(*data.rows, 0, rows);
  const double step = 1 / std::sqrt((60 * 60 - 1) / 12.0);  // over the deviation of 0 to 59
  CHECK(static_cast<double>(inputs[0]) == doctest::Approx(-29.5 * step).epsilon(1e-4));
  CHECK(static_cast<double>(inputs[1]) == doctest::Approx(-28.5 * step).epsilon(1e-4));
  CHECK(static_cast<double>(inputs[2]) == doctest::Approx(29.5 * step).epsilon(1e-4));
  const auto encoding = Encoding::from_json(data.encoding->to_json());
  const OtherRows others = load_rows(encoding, folder.write("u.csv", times(1)), false);
  CHECK(gathered<float>(*others.rows, 0, {0})[0] == inputs[1]);
}

TEST_CASE("cells that are no dates, with their places") {
  const Folder folder;
  DataSettings settings =
      settings_for(folder.write("t.csv", dates([](int i) { return i == 7 ? "soon" : day(i); })), {"y"});
  CHECK(error_of([&] { load(settings); }) ==
        settings.file[0].files[0].second +
            ":9:1: error: column 'when' is a date in 59 rows, but this cell is 'soon'\n"
            "  dates of another form: data.columns: {when: {date: {format: \"%d/%m/%Y\"}}}\n"
            "  count it as missing (data.csv.missing: [soon]) or make the column a category (data.columns: "
            "{when: "
            "category})\n");
  Date date;
  date.format = "%d/%m/%Y";
  settings.columns = {declare("when", date)};
  CHECK(error_of([&] { load(settings); }) ==
        settings.file[0].files[0].second +
            ":2:1: error: column 'when' is declared a date of the form '%d/%m/%Y', and none of its cells is "
            "one, such as this: '" +
            day(0) +
            "'\n"
            "  dates of another form: data.columns: {when: {date: {format: \"%Y-%m-%d\"}}}\n"
            "  if it is something else: data.columns: {when: category}, or text\n"
            "  and 59 more cells of column 'when'\n");
  date.format = "%d/%m";
  date.parts = {"yaer"};
  settings.columns = {declare("when", date)};
  CHECK(error_of([&] { load(settings); }) ==
        "bpnet: error: data.columns.when: a date has no part 'yaer'; did you mean 'year'?\n"
        "bpnet: error: data.columns.when: format is '%d/%m', but it reads no year: %Y, %y, %F, %D or %s\n");
  settings =
      settings_for(folder.write("y.csv", "x,when\n1,2020-01-01\n2,2020-01-02\n3,2020-01-01\n"), {"when"});
  CHECK(load(all_training(settings)).columns[1].type == "target: classes");
  settings.columns = {declare<Date>("when")};
  CHECK(error_of([&] { load(settings); }).find("data.columns.when: the target cannot be a date") !=
        std::string::npos);
}
