#include <doctest/doctest.h>

#include <cmath>

#include "data/series_gaps.hpp"
#include "data/series_rows.hpp"
#include "data_support.hpp"
#include "metrics/metric.hpp"
#include "reference/read.hpp"

using namespace data_test;

namespace {

/// y = 10 t in shop a and 100 t in shop b, from t = 1 on; w is the weekday, also ahead. Rows are not in
/// order.
std::string shops(int steps) {
  std::string text = "t,shop,w,y\n";
  for (int i = 0; i < steps; ++i) {
    const int t = i * 11 % steps + 1;
    for (const int scale : {10, 100})
      text += std::to_string(t) + (scale == 10 ? ",a," : ",b,") + std::to_string(t % 7) + "." + "5," +
              std::to_string(scale * t) + ".5\n";
  }
  return text;
}

/// Numbers as they are, without a mean and a deviation.
DataSettings series(const std::string& file, int window, int horizon) {
  DataSettings settings = settings_for(file, {"y"});
  Number plain;
  plain.scale = Number::Scale::none;
  settings.columns = {declare("y", plain), declare("w", plain)};
  settings.windows = true;
  settings.series.time = "t";
  settings.series.by = "shop";
  settings.series.window = window;
  settings.series.horizon = horizon;
  return settings;
}

/// Inputs of a window, its steps one behind the other.
std::vector<Real> window_of(const Rows& rows, std::int64_t at) {
  const InputPort& port = rows.encoding().inputs()[0];
  std::vector<Real> out(port.port.shape.elements() * static_cast<std::size_t>(port.longest));
  View view;
  view.data = reinterpret_cast<std::byte*>(out.data());
  view.port = port.port;
  view.samples = 1;
  view.steps = port.longest;
  rows.gather({&at, 1}, {&view, 1});
  return out;
}

Real value_of(const Rows& rows, std::size_t head, std::int64_t at) {
  Real out;
  rows.values(head, {&at, 1}, &out);
  return out;
}

const SeriesRows& windows_of(const Dataset& data) { return dynamic_cast<const SeriesRows&>(*data.rows); }

std::string refused(const DataSettings& settings) {
  return error_of([&] { load(settings); });
}

}  // namespace

TEST_CASE("a window holds features and the target's past, and each series has its own") {
  const Folder folder;
  const auto data = load(all_training(series(folder.write("s.csv", shops(7)), 3, 1)));
  CHECK(data.rows->count() == 8);  // 7 - 3 windows of each
  CHECK(data.parts[0] == all_rows(*data.rows));
  const SeriesRows& rows = windows_of(data);
  CHECK(rows.series_of(0) == "a");
  CHECK(rows.series_of(4) == "b");
  CHECK(window_of(rows, 1) == std::vector<Real>{2.5, 20.5, 3.5, 30.5, 4.5, 40.5});
  CHECK(value_of(rows, 0, 1) == 50.5);
  CHECK(window_of(rows, 7) == std::vector<Real>{4.5, 400.5, 5.5, 500.5, 6.5, 600.5});
  CHECK(value_of(rows, 0, 7) == 700.5);
  CHECK(rows.time_of(7) == 6);
  int length = 0;
  const std::int64_t first = 0;
  rows.lengths(1, {&first, 1}, {&length, 1});
  CHECK(length == 3);
}

TEST_CASE("several steps ahead are targets, and what is known ahead is in every step") {
  const Folder folder;
  DataSettings settings = all_training(series(folder.write("s.csv", shops(9)), 2, 3));
  settings.series.known = {"w"};
  settings.series.step = 2;
  const auto data = load(settings);
  CHECK(data.rows->count() == 6);  // from t = 1, 3 and 5
  std::vector<std::string> names;
  for (const TargetKind& t : data.encoding->targets()) names.push_back(t.name);
  CHECK(names == std::vector<std::string>{"y+1", "y+2", "y+3"});
  CHECK(data.encoding->targets()[2].column_name() == "y");
  CHECK(window_of(*data.rows, 1) == std::vector<Real>{3.5, 30.5, 6.5, 4.5, 40.5, 0.5});
  for (std::size_t ahead = 0; ahead < 3; ++ahead)
    CHECK(value_of(*data.rows, ahead, 1) == doctest::Approx(50.5 + 10 * static_cast<double>(ahead)));
  CHECK(data.rows->place(1).line == windows_of(data).place(1).line);
}

TEST_CASE("horizon 0 tells the last row's target, which is no feature") {
  const Folder folder;
  const auto data = load(all_training(series(folder.write("s.csv", shops(7)), 3, 0)));
  CHECK(data.rows->count() == 10);
  CHECK(window_of(*data.rows, 1) == std::vector<Real>{2.5, 3.5, 4.5});
  CHECK(value_of(*data.rows, 0, 1) == 40.5);
  CHECK(data.encoding->targets()[0].ahead == 0);
}

TEST_CASE("a grid has no axis of time") {
  const Folder folder;
  DataSettings settings = all_training(series(folder.write("s.csv", shops(7)), 3, 1));
  settings.series.layout = SeriesSettings::Layout::grid;
  const auto data = load(settings);
  CHECK(data.encoding->inputs()[0].port.shape == Shape{3, 2});
  CHECK(data.encoding->inputs()[0].port.time == 0);
  CHECK(window_of(*data.rows, 1) == std::vector<Real>{2.5, 20.5, 3.5, 30.5, 4.5, 40.5});
}

TEST_CASE("parts of a series follow one another, and no target is in two of them") {
  const Folder folder;
  DataSettings settings = series(folder.write("s.csv", shops(40)), 4, 3);
  settings.split.validation = settings.split.test = {20, Length::Unit::percent};
  const auto data = load(settings);
  const SeriesRows& rows = windows_of(data);
  std::array<std::vector<int>, 3> part_of_row{};  // by part: how often a row is told
  for (std::size_t p = 0; p < 3; ++p) {
    part_of_row[p].resize(80);
    CHECK(data.parts[p].size() == (p == 0 ? 2 * (24 - 6) : 2 * (8 - 2)));
    for (const std::int64_t at : data.parts[p])
      for (const std::int64_t row : rows.told_of(at)) ++part_of_row[p][static_cast<std::size_t>(row)];
  }
  for (const std::int64_t at : data.parts[0])
    for (const std::int64_t row : rows.steps_of(at)) {
      CHECK(part_of_row[1][static_cast<std::size_t>(row)] == 0);
      CHECK(part_of_row[2][static_cast<std::size_t>(row)] == 0);
    }
  for (std::size_t row = 0; row < 80; ++row)
    CHECK((part_of_row[0][row] > 0) + (part_of_row[1][row] > 0) + (part_of_row[2][row] > 0) <= 1);
  for (const std::int64_t at : data.parts[2]) CHECK(rows.time_of(at) >= 32);
}

TEST_CASE("statistics and the seasonal error are of training rows") {
  const Folder folder;
  std::string text = "t,y\n";
  for (int t = 1; t <= 20; ++t) text += std::to_string(t) + "," + std::to_string(t * t) + ".5\n";
  const auto with = [&](const std::string& csv) {
    DataSettings settings = settings_for(folder.write("s.csv", csv), {"y"});
    settings.ignore = {"t"};
    settings.windows = true;
    settings.series.time = "t";
    settings.series.window = 2;
    DataRequest request = request_for_all();
    request.seasons = {2, 1, 100};
    return load_dataset(settings, request);
  };
  const auto data = with(text);  // 14 training rows
  const TargetKind target = data.encoding->targets()[0];
  CHECK(target.mean == doctest::Approx(1015.0 / 14 + 0.5));
  CHECK(target.seasonal[0].season == 2);
  CHECK(target.seasonal[0].error == doctest::Approx((14 * 14 + 13 * 13 - 1 - 4) / 12.0));
  CHECK(target.seasonal[1].error == doctest::Approx((14 * 14 - 1) / 13.0));
  CHECK(std::isnan(target.seasonal[2].error));
  double before[2];
  const std::int64_t window = 3;  // of t = 4 and 5; tells t = 6
  REQUIRE(data.rows->season_before(0, {&window, 1}, 2, &before[0]));
  REQUIRE(data.rows->season_before(0, {&window, 1}, 12, &before[1]));
  CHECK(before[0] == doctest::Approx(16.5));
  CHECK(std::isnan(before[1]));

  const auto changed = with(text.substr(0, text.find("20,")) + "20,-1e6\n");
  CHECK(changed.encoding->to_json() == data.encoding->to_json());
  for (const std::int64_t at : data.parts[0])
    CHECK(window_of(*changed.rows, at) == window_of(*data.rows, at));
  const auto again = Encoding::from_json(data.encoding->to_json());
  CHECK(again->to_json() == data.encoding->to_json());
  CHECK(again->inputs()[0].longest == 2);
}

TEST_CASE("rows without a target stay in their series") {
  const Folder folder;
  const auto data = load(all_training(series(
      folder.write("s.csv", "t,shop,w,y\n1,a,1.5,1.5\n2,a,2.5,\n3,a,1,3.5\n4,a,2,4.5\n5,a,2,\n"), 2, 1)));
  CHECK(data.rows->count() == 3);
  CHECK(data.parts[0] == std::vector<std::int64_t>{0, 1});
  CHECK(data.without_target == 1);
  CHECK(window_of(*data.rows, 0) == std::vector<Real>{1.5, 1.5, 2.5, 0});
}

TEST_CASE("other files are told behind their ends") {
  const Folder folder;
  const auto data = load(all_training(series(folder.write("s.csv", shops(9)), 3, 2)));
  const std::string file =
      folder.write("n.csv", "t,shop,w,y\n3,a,3,3\n1,a,1,1\n2,a,2,2\n4,a,4,4\n5,a,5,\n9,b,1,1\n");
  const OtherRows told = load_rows(data.encoding, file, false);
  REQUIRE(told.which.size() == 1);
  CHECK(window_of(*told.rows, told.which[0]) == std::vector<Real>{2, 2, 3, 3, 4, 4});
  CHECK(std::isnan(value_of(*told.rows, 0, told.which[0])));
  CHECK(all_of(told.warnings).find("1 series left out ('b'), as the model reads a window of 3 rows") !=
        std::string::npos);
  CHECK(load_rows(data.encoding, file, true).which.size() == 1);
  const std::string brief = folder.write("b.csv", "t,shop,w,y\n1,a,3,3\n2,a,1,1\n3,a,1,1\n4,a,1,1\n");
  CHECK(error_of([&] { load_rows(data.encoding, brief, true); }).find("5 rows, a window of 3") !=
        std::string::npos);
  const std::string twice = folder.write("d.csv", "t,shop,w,y\n1,a,3,3\n1,a,1,1\n");
  CHECK(error_of([&] { load_rows(data.encoding, twice, false); }).find("which step comes first?") !=
        std::string::npos);
}

TEST_CASE("a series that is too short is named") {
  const Folder folder;
  const std::string text =
      "t,shop,w,y\n1,a,1,1\n2,a,2,2\n3,a,1,3\n4,a,2,4\n5,a,1,5\n1,b,1,1\n1,c,1,1\n2,c,1,1\n";
  CHECK(all_of(load(all_training(series(folder.write("s.csv", text), 2, 1))).warnings)
            .find("2 series of fewer than 3 rows (window and horizon) are left out: first 'b' with 1 row") !=
        std::string::npos);
}

TEST_CASE("the usual distance of steps, and larger ones") {
  const auto gaps = [](bool dates, std::vector<std::vector<double>> times) {
    SeriesCode code;
    code.dates = dates;
    std::vector<Series> all;
    std::int64_t row = 0;
    for (const auto& some : times) {
      Series& one = all.emplace_back();
      one.times = some;
      for (std::size_t i = 0; i < some.size(); ++i) one.rows.push_back(row++);
    }
    return gaps_of(code, all);
  };
  CHECK_FALSE(gaps(false, {{1, 2, 3, 4}, {}, {7}}));
  CHECK_FALSE(gaps(false, {{1, 2, 4, 8, 16}}));  // none is usual
  const auto numbers = gaps(false, {{10, 20, 30}, {0, 10, 20, 40, 50, 80}, {5, 15, 25, 45}});
  REQUIRE(numbers);
  CHECK(numbers->usual == "10");
  CHECK(numbers->gaps == 3);
  CHECK(numbers->series == 2);
  CHECK(numbers->first_row == 6);
  CHECK(numbers->first_time == 40);
  // Ends of months, of 31, 28, 31, 30 and 31 days; then June is missing.
  const std::vector<double> ends = {30, 58, 89, 119, 150, 211};
  const auto months = gaps(true, {ends});
  REQUIRE(months);
  CHECK(months->usual == "1 month");
  CHECK(months->gaps == 1);
  CHECK(months->first_time == 211);
  for (const auto& [step, usual] :
       {std::pair(1.0, "1 day"), std::pair(1.0 / 24, "1 hour"), std::pair(1.0 / 96, "15 minutes"),
        std::pair(7.0, "1 week"), std::pair(1.0 / 86400, "1 second")}) {
    const auto found =
        gaps(true, {{19000, 19000 + step, 19000 + 2 * step, 19000 + 3 * step, 19000 + 5 * step}});
    REQUIRE(found);
    CHECK(found->usual == usual);
    CHECK(found->gaps == 1);
  }
}

TEST_CASE("times of numbers are features where they are declared, dates always") {
  const Folder folder;
  DataSettings settings = all_training(series(folder.write("s.csv", shops(9)), 3, 1));
  const auto width = [](const Dataset& data) { return data.encoding->inputs()[0].port.width(); };
  CHECK(width(load(settings)) == 2);
  settings.columns.push_back(declare("t", Number{}));
  const auto data = load(settings);
  CHECK(width(data) == 3);
  const OtherRows told = load_rows(data.encoding, folder.write("n.csv", shops(5)), false);
  CHECK(told.which.size() == 2);
  CHECK(dynamic_cast<const SeriesRows&>(*told.rows).time_of(told.which[1]) == 5);
  settings =
      settings_for(folder.write("d.csv", "day,y\n2024-02-01,1.5\n2024-01-01,2\n2024-03-01,2\n"), {"y"});
  settings.columns = {declare("y", Number{})};
  settings.windows = true;
  settings.series.time = "day";
  settings.series.window = 1;
  CHECK(width(load(all_training(settings))) == 6);  // year, month and weekday as circles
}

TEST_CASE("settings of series that make no sense are refused") {
  const Folder folder;
  const std::string file = folder.write("s.csv", shops(9));
  const auto refused_with = [&](auto change, const char* words) {
    DataSettings settings = series(file, 3, 1);
    change(settings);
    CAPTURE(words);
    CHECK(refused(settings).find(words) != std::string::npos);
  };
  refused_with([](DataSettings& s) { s.series.time = "shop", s.series.by = ""; },
               "data.series.time: column 'shop' must hold numbers or dates");
  refused_with([](DataSettings& s) { s.series.by = ""; }, "which step comes first?");
  refused_with([](DataSettings& s) { s.series.window = 9; }, "the longest series has 9");
  refused_with([](DataSettings& s) { s.series.window = 8; }, "no window with its horizon fits");
  refused_with([](DataSettings& s) { s.series.known = {"v"}; }, "no feature is called 'v'");
  refused_with([](DataSettings& s) { s.series.known = {"w"}, s.series.horizon = 0; }, "nothing lies ahead");
  refused_with([](DataSettings& s) { s.split.group = "shop"; }, "data.split.group");
  refused_with([](DataSettings& s) { s.series.time = "when"; }, "has no column 'when'");
}

TEST_CASE("sMAPE and MASE of numbers by hand") {
  const auto value = [](const char* name) {
    const TargetKind target = reference::target("forecast");
    const auto tally = reference::made<Metric>(metrics, name)->tally(target);
    const std::vector<Real> answers = {3, 0, -1}, values = {1, 0, 1};
    Judged batch;
    batch.rows = 3;
    batch.width = 1;
    batch.answers = answers;
    batch.values = values;
    tally->add(batch);
    return tally->value();
  };
  CHECK(value("smape") == doctest::Approx((1.0 + 0 + 2) / 3));
  CHECK(value("mase: 12") == doctest::Approx(4.0 / 3 / 2));
  const auto fits = [](const char* name) {
    return reference::made<Metric>(metrics, name)->objection(reference::target("forecast"));
  };
  CHECK(fits("mase: 12").empty());
  CHECK(fits("mase: 7").find("needs a forecast") == 0);
}
