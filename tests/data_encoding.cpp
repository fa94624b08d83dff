#include <doctest/doctest.h>

#include <cmath>

#include "core/hash.hpp"
#include "data_support.hpp"
#include "math/threads.hpp"

using namespace data_test;

namespace {

/// A mixed table; test rows are marked, and take what `change` makes of them.
template <class F>
std::string mixed_table(F change) {
  std::string text = "size,year,colour,city,part,price,kind\n";
  for (int i = 0; i < 120; ++i) {
    const bool test = i % 5 == 0;
    std::vector<std::string> cells = {i % 7 == 3 ? "" : std::to_string(i * 37 % 101) + ".25",
                                      std::to_string(1700000000 + i * 60),
                                      i % 11 == 1 ? "NA"
                                      : i % 3     ? "red"
                                                  : "blue",
                                      "city " + std::to_string(i % 19),
                                      test ? "test" : "train",
                                      std::to_string(i * i % 97) + ".5",
                                      i % 2 ? "p" : "q"};
    if (test) change(cells, i);
    for (std::size_t c = 0; c < cells.size(); ++c) text += (c ? "," : "") + cells[c];
    text += "\n";
  }
  return text;
}

DataSettings mixed_settings(const std::string& file) {
  DataSettings settings = settings_for(file, {"price", "kind"});
  settings.split.column = "part";
  return settings;
}

std::string training_inputs(const Dataset& data) {
  std::vector<std::int64_t> rows(data.part(Part::training).begin(), data.part(Part::training).end());
  std::string out;
  for (std::size_t p = 0; p < data.encoding->inputs().size(); ++p) {
    const auto bytes = gathered<std::byte>(*data.rows, p, rows);
    out += hash128(bytes);
  }
  return out;
}

}  // namespace

TEST_CASE("test rows change nothing that is learnt") {
  const Folder folder;
  const auto same = [](std::vector<std::string>&, int) {};
  const auto other = [](std::vector<std::string>& cells, int i) {
    cells = {i % 2 ? "" : "1e6", std::to_string(i), "green " + std::to_string(i % 3), "a village", "test",
             "-12345.75",        i % 4 ? "q" : "p"};
  };
  const Dataset a = load(mixed_settings(folder.write("a.csv", mixed_table(same))));
  const Dataset b = load(mixed_settings(folder.write("b.csv", mixed_table(other))));
  CHECK(a.part(Part::test).size() == 24);
  CHECK(a.encoding->to_json() == b.encoding->to_json());
  CHECK(training_inputs(a) == training_inputs(b));
  CHECK(a.columns[0].missing != b.columns[0].missing);
}

TEST_CASE("numbers are scaled by the training rows, missing ones marked") {
  const Folder folder;
  DataSettings settings = settings_for(folder.write("t.csv", "x,y\n1,a\n2,b\n?,a\n6,b\n-1,a\n"), {"y"});
  settings.split.validation = settings.split.test = {0, Length::Unit::percent};
  const double mean = 2, deviation = std::sqrt((1.0 + 0 + 16 + 9) / 4);
  const Dataset data = load(settings);
  REQUIRE(data.encoding->inputs()[0].port.width() == 2);
  auto inputs = gathered<float>(*data.rows, 0, {0, 2, 3});
  CHECK(inputs[0] == doctest::Approx((1 - mean) / deviation));
  CHECK(inputs[1] == 0);
  CHECK(inputs[2] == 0);
  CHECK(inputs[3] == 1);
  CHECK(inputs[4] == doctest::Approx((6 - mean) / deviation));

  Number number;
  number.scale = Number::Scale::none;
  number.indicator = false;
  settings.columns = {declare("x", number)};
  inputs = gathered<float>(*load(settings).rows, 0, {0, 2, 3});
  CHECK(inputs == std::vector<float>{1, 2, 6});
}

namespace {
/// Bytes this process has read so far.
std::int64_t bytes_read() {
  std::ifstream io("/proc/self/io");
  std::string key;
  std::int64_t bytes = 0;
  io >> key >> bytes;
  return key == "rchar:" ? bytes : -1;
}
}  // namespace

TEST_CASE("a constant column is no reason to read the file again, one that floats cannot tell apart is") {
  const Folder folder;
  const auto text = [](const std::string& column) {
    std::string out = "x,c,y\n";
    for (int i = 0; i < 300000; ++i)
      out += std::to_string(i % 1000) + "," + column + (column == "3.7" ? "" : std::to_string(i % 10)) + "," +
             "pq"[i % 2] + "\n";
    return out;
  };
  const auto times_read = [&](const std::string& column) {
    const std::string all = text(column), file = folder.write("t.csv", all);
    DataSettings settings = settings_for(file, {"y"});
    const std::int64_t before = bytes_read();
    REQUIRE(before >= 0);
    load(settings);
    return static_cast<double>(bytes_read() - before) / static_cast<double>(all.size());
  };
  CHECK(times_read("3.7") < 1.5);
  CHECK(times_read("170000000") > 1.9);
}

TEST_CASE("values close together and far from 0 stay apart") {
  const Folder folder;
  std::string text = "time,y\n";
  for (int i = 0; i < 100; ++i)
    text += std::to_string(1700000000 + i % 10) + "," + (i % 2 ? "a" : "b") + "\n";
  const std::string file = folder.write("t.csv", text);
  const Dataset data = load(settings_for(file, {"y"}));
  const auto inputs = gathered<float>(*data.rows, 0, {0, 1, 9});
  CHECK(inputs[1] - inputs[0] == doctest::Approx((inputs[2] - inputs[0]) / 9));
  const OtherRows again = load_rows(data.encoding, file, true);
  CHECK(gathered<float>(*again.rows, 0, {0, 1, 9}) == inputs);
}

TEST_CASE("categories: one-hot up to 16 labels, then an embedding") {
  const Folder folder;
  const auto table = [](int labels) {
    std::string text = "c,y\n";
    for (int i = 0; i < 400; ++i) text += "l" + std::to_string(i % labels) + "," + (i % 2 ? "a" : "b") + "\n";
    return text;
  };
  const auto few = load(settings_for(folder.write("t.csv", table(16)), {"y"})).encoding;
  CHECK(few->inputs()[0].port.width() == 16);
  CHECK(few->inputs()[0].port.type == Type::real);
  const Dataset data = load(settings_for(folder.write("u.csv", table(17)), {"y"}));
  const InputPort& port = data.encoding->inputs()[0];
  CHECK(port.name == "c");
  CHECK(port.port.type == Type::i32);
  CHECK(port.port.classes == 18);
  CHECK(port.embedding_width == 8);  // 1.6 * 17^0.56 = 7.8
  CHECK(gathered<std::int32_t>(*data.rows, 0, {0, 1, 2}) ==
        std::vector<std::int32_t>{1, 2, 10});  // l0, l1, l2 sorted as text
}

TEST_CASE("missing and rare labels") {
  const Folder folder;
  const std::string text = "c,x,y\nr,1,a\nr,2,b\ns,3,a\nNA,4,b\ns,5,a\nt,6,b\n";
  DataSettings settings = settings_for(folder.write("t.csv", text), {"y"});
  settings.split.validation = settings.split.test = {0, Length::Unit::percent};
  Dataset data = load(settings);
  CHECK(data.columns[0].detail == "4 labels: r, s, t, (missing)");
  CHECK(gathered<float>(*data.rows, 0, {3}) ==
        std::vector<float>{gathered<float>(*data.rows, 0, {3})[0], 0, 0, 0, 1});
  Category category;
  category.min_count = 2;
  settings.columns = {declare("c", category)};
  data = load(settings);
  CHECK(data.columns[0].detail == "4 labels: r, s, (rare), (missing)");
  const auto rare = gathered<float>(*data.rows, 0, {5});
  CHECK(std::vector<float>(rare.begin() + 1, rare.end()) == std::vector<float>{0, 0, 1, 0});
}

TEST_CASE("unseen labels are nothing, and counted") {
  const Folder folder;
  DataSettings settings;
  settings.target = {"y"};
  settings.train = {folder.write("a.csv", "c,y\nr,p\ns,q\nr,q\ns,p\n")};
  settings.validation = {folder.write("v.csv", "c,y\nr,p\nt,q\n,p\nu,q\nt,p\n")};
  const Dataset data = load(settings);
  CHECK(gathered<float>(*data.rows, 0, {4, 5, 6}) == std::vector<float>{1, 0, 0, 0, 0, 0});
  CHECK(
      all_of(data.warnings)
          .find(
              "column 'c': 4 rows have a label that no training row has ('(missing)', 't', 'u'); they count "
              "as unseen") != std::string::npos);
}

TEST_CASE("an encoding goes through JSON") {
  const Folder folder;
  const std::string file = folder.write("t.csv", mixed_table([](std::vector<std::string>&, int) {}));
  const Dataset data = load(mixed_settings(file));
  const auto again = Encoding::from_json(nlohmann::json::parse(data.encoding->to_json().dump()));
  CHECK(again->to_json() == data.encoding->to_json());
  REQUIRE(again->inputs().size() == data.encoding->inputs().size());
  const OtherRows rows = load_rows(again, file, true);
  CHECK(rows.warnings.empty());
  const auto all = all_rows(*data.rows);
  for (std::size_t p = 0; p < again->inputs().size(); ++p)
    CHECK(gathered<std::byte>(*rows.rows, p, all) == gathered<std::byte>(*data.rows, p, all));
  std::vector<Real> a(all.size()), b(all.size());
  data.rows->values(0, all, a.data());
  rows.rows->values(0, all, b.data());
  CHECK(a == b);
}

TEST_CASE("damaged descriptions are refused") {
  const Folder folder;
  const Dataset data =
      load(mixed_settings(folder.write("t.csv", mixed_table([](std::vector<std::string>&, int) {}))));
  const auto refused = [&](auto damage) {
    nlohmann::json json = data.encoding->to_json();
    damage(json);
    return error_of([&] { Encoding::from_json(json); }).find("description of its data is damaged") !=
           std::string::npos;
  };
  CHECK(refused([](auto& j) { j.erase("features"); }));
  CHECK(refused([](auto& j) { j["groups"][0]["features"][0] = 99; }));
  CHECK(refused([](auto& j) { j["groups"][0]["codes"] = true; }));
  CHECK(refused([](auto& j) { j["targets"] = nlohmann::json::array(); }));
  CHECK(refused([](auto& j) { j["features"][0]["code"]["divisor"] = 0; }));
  CHECK(refused([](auto& j) { j["csv"]["header"] = 7; }));
  CHECK(refused([](auto& j) { j["targets"][1]["labels"]["counts"] = {1}; }));
  CHECK(refused([](auto& j) { j = 5; }));
}

TEST_CASE("number targets are standardised") {
  const Folder folder;
  DataSettings settings = settings_for(folder.write("t.csv", "x,y\n1,0.5\n2,1.5\n3,5\n4,9\n"), {"y"});
  settings.split.validation = settings.split.test = {0, Length::Unit::percent};
  settings.columns = {declare<Number>("y")};
  const Dataset data = load(settings);
  const TargetScale scale = data.encoding->scales()[0];
  CHECK(scale.mean == 4);
  CHECK(scale.deviation == doctest::Approx(std::sqrt((12.25 + 6.25 + 1 + 25) / 4)));
  Real value;
  data.rows->values(0, std::vector<std::int64_t>{3}, &value);
  CHECK(value == doctest::Approx(5 / scale.deviation));
}
