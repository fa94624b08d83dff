#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "data/split.hpp"
#include "data_support.hpp"

using namespace data_test;

namespace {

/// 300 rows of 40 users, in a drawn order if it is shuffled.
std::string users(bool shuffled) {
  std::string text = "user,x,when,y\n";
  for (int i = 0; i < 300; ++i) {
    const int k = shuffled ? i * 77 % 300 : i;
    text += "u" + std::to_string(k * k % 41) + "," + std::to_string(k) + ".5,2024-01-" +
            (k % 28 < 9 ? "0" : "") + std::to_string(k % 28 + 1) + "," + (k % 3 ? "p" : "q") + "\n";
  }
  return text;
}

std::array<std::set<std::string>, 3> users_of_parts(const Dataset& data, const std::string& text) {
  std::vector<std::string> names;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) names.push_back(line.substr(0, line.find(',')));
  std::array<std::set<std::string>, 3> out;
  for (std::size_t p = 0; p < 3; ++p)
    for (const std::int64_t row : data.parts[p]) out[p].insert(names[static_cast<std::size_t>(row)]);
  return out;
}

}  // namespace

TEST_CASE("groups stay together, whatever the order of rows") {
  const Folder folder;
  const std::string text = users(false), other = users(true);
  DataSettings settings = settings_for(folder.write("t.csv", text), {"y"});
  settings.split.group = "user";
  const Dataset data = load(settings);
  const auto parts = users_of_parts(data, text);
  for (const std::string& user : parts[2]) {
    CHECK_FALSE(parts[0].contains(user));
    CHECK_FALSE(parts[1].contains(user));
  }
  for (const std::string& user : parts[1]) CHECK_FALSE(parts[0].contains(user));
  CHECK(std::abs(static_cast<int>(data.parts[2].size()) - 60) <= 10);
  CHECK(std::abs(static_cast<int>(data.parts[1].size()) - 30) <= 10);
  CHECK(data.columns[0].type == "group");
  settings.file = {folder.write("u.csv", other)};
  CHECK(users_of_parts(load(settings), other) == parts);
  settings.split.seed = 1;
  CHECK(users_of_parts(load(settings), other) != parts);
  settings.split.stratify = SplitSettings::Stratify::yes;
  CHECK(error_of([&] { load(settings); }) ==
        "bpnet: error: data.split: rows cannot be cut by group and stratify: true at once\n  keep one of "
        "them\n");
}

TEST_CASE("few groups: each part that wants rows gets some") {
  Dictionary names;
  for (const char* name : {"a", "b", "c"}) names.add(name);
  const std::vector<std::int64_t> rows = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  const std::vector<std::int32_t> groups = {0, 0, 0, 0, 1, 1, 1, 2, 2, 2};
  const Parts parts = draw_groups(rows, groups, names, {0.1, 0.2}, 42);
  for (const auto& part : parts) CHECK_FALSE(part.empty());
  const Parts one = draw_groups(rows, std::vector<std::int32_t>(10, 0), names, {0.1, 0.2}, 42);
  CHECK(one[0].size() == 10);
  const Parts alone = draw_groups(rows, std::vector<std::int32_t>(10, -1), names, {0.1, 0.2}, 42);
  CHECK(alone[2].size() == 2);
}

TEST_CASE("rows in order: the last are the test") {
  const Folder folder;
  DataSettings settings = settings_for(folder.write("t.csv", users(true)), {"y"});
  settings.ignore = {"x"};
  settings.split.order = "x";
  const Dataset data = load(settings);
  const auto place_of = [&](Part part) {  // row i holds x = i * 77 % 300
    std::set<int> out;
    for (const std::int64_t row : data.part(part)) out.insert(static_cast<int>(row * 77 % 300));
    return std::pair(*out.begin(), *out.rbegin());
  };
  CHECK(place_of(Part::training) == std::pair(0, 209));
  CHECK(place_of(Part::validation) == std::pair(210, 239));
  CHECK(place_of(Part::test) == std::pair(240, 299));
  CHECK(data.columns[1].type == "order");
  settings.split.order = "when";
  const Dataset dated = load(settings);
  for (const std::int64_t row : dated.part(Part::test)) CHECK(row * 77 % 300 % 28 >= 22);
  CHECK(dated.columns[2].type == "date");  // stays a feature
  settings.ignore = {"x", "when"};
  CHECK(load(settings).parts == dated.parts);
  settings.split.order = "user";
  CHECK(error_of([&] {
          load(settings);
        }).find("data.split.order: column 'user' must hold numbers or dates") != std::string::npos);
  settings.split.order = "x";
  settings.file = {folder.write("m.csv", "x,when,user,y\n1,2020-01-01,a,p\n,2020-01-01,b,q\n")};
  CHECK(error_of([&] { load(settings); }).find(":3:1: error: the column 'x' puts the rows in order") !=
        std::string::npos);
}

TEST_CASE("values that float cannot tell apart still order rows") {
  const Folder folder;
  std::string text = "time,y\n";
  for (int i = 0; i < 100; ++i)
    text += std::to_string(1700000000 + i * 37 % 100) + "," + (i % 2 ? "p" : "q") + "\n";
  DataSettings settings = settings_for(folder.write("t.csv", text), {"y"});
  settings.split.order = "time";
  const Dataset data = load(settings);
  for (const std::int64_t row : data.part(Part::test)) CHECK(row * 37 % 100 >= 80);
}

TEST_CASE("several targets of classes are stratified by their combinations") {
  const Folder folder;
  std::string text = "x,a,b\n";
  for (int i = 0; i < 400; ++i)
    text += std::to_string(i) + ".5," + (i % 4 == 0 ? "yes" : "no") + "," + (i % 10 == 0 ? "1" : "0") + "\n";
  DataSettings settings = settings_for(folder.write("t.csv", text), {"a", "b"});
  const Dataset data = load(settings);
  CHECK(data.encoding->targets()[0].classes);
  CHECK(data.encoding->targets()[1].classes);
  std::map<std::pair<int, int>, int> counts;
  for (const std::int64_t row : data.part(Part::test)) ++counts[{row % 4 == 0, row % 10 == 0}];
  CHECK(std::abs(counts[{1, 1}] - 4) <= 1);  // 20 rows are both
  CHECK(std::abs(counts[{0, 1}] - 4) <= 1);
  CHECK(std::abs(counts[{1, 0}] - 16) <= 1);
  settings.split.stratify = SplitSettings::Stratify::no;
  CHECK(load(settings).parts != data.parts);
}
