#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "data/split.hpp"
#include "data_support.hpp"
#include "math/threads.hpp"

using namespace data_test;

namespace {

std::vector<std::int64_t> first(std::int64_t n) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(n));
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

/// Rows of `id` with classes a, b (a quarter) and c (two rows).
std::string classes_table(int rows) {
  std::string text = "x,y\n";
  for (int i = 0; i < rows; ++i)
    text += std::to_string(i) + ".5," + (i == 3 || i == 5 ? "c" : i % 4 ? "a" : "b") + "\n";
  return text;
}

std::map<std::int32_t, int> class_counts(const Dataset& data, Part part) {
  const auto rows = data.part(part);
  std::vector<std::int32_t> classes(rows.size());
  data.rows->classes(0, rows, classes.data());
  std::map<std::int32_t, int> out;
  for (const std::int32_t c : classes) ++out[c];
  return out;
}

}  // namespace

TEST_CASE("rows are drawn once each, in the shares asked for") {
  for (const std::int64_t n : {1, 2, 3, 10, 178, 1001}) {
    const auto parts = draw_parts(first(n), {}, {0.1, 0.2}, 42);
    std::vector<std::int64_t> all;
    for (const auto& part : parts) {
      CHECK(std::is_sorted(part.begin(), part.end()));
      all.insert(all.end(), part.begin(), part.end());
    }
    std::sort(all.begin(), all.end());
    CHECK(all == first(n));
    CHECK_FALSE(parts[0].empty());
    if (n >= 10)
      CHECK(static_cast<double>(parts[2].size()) ==
            doctest::Approx(0.2 * static_cast<double>(n)).epsilon(0.05));
  }
}

TEST_CASE("the seed draws the rows") {
  const auto rows = first(200);
  CHECK(draw_parts(rows, {}, {0.1, 0.2}, 1) == draw_parts(rows, {}, {0.1, 0.2}, 1));
  CHECK(draw_parts(rows, {}, {0.1, 0.2}, 1) != draw_parts(rows, {}, {0.1, 0.2}, 2));
}

TEST_CASE("one target of classes is stratified") {
  const Folder folder;
  DataSettings settings = settings_for(folder.write("t.csv", classes_table(402)), {"y"});
  const Dataset data = load(settings);
  CHECK(data.part(Part::test).size() == 80);
  CHECK(data.part(Part::validation).size() == 40);
  CHECK(class_counts(data, Part::test)[1] == 20);
  CHECK(class_counts(data, Part::validation)[1] == 10);
  CHECK(class_counts(data, Part::training)[2] == 2);  // too few to cut
  settings.split.stratify = SplitSettings::Stratify::no;
  settings.split.seed = 5;
  CHECK(class_counts(load(settings), Part::test)[1] != 20);
  settings.target = {"x"};
  settings.split.stratify = SplitSettings::Stratify::yes;
  CHECK(error_of([&] { load(settings); }) ==
        "bpnet: error: data.split.stratify: true needs a target of classes\n");
}

TEST_CASE("a class keeps a row to learn from") {
  const Folder folder;
  DataSettings settings = settings_for(folder.write("t.csv", "x,y\n1,a\n2,a\n3,a\n4,b\n5,b\n6,b\n"), {"y"});
  settings.split.validation = {40, Length::Unit::percent};
  settings.split.test = {50, Length::Unit::percent};
  const auto counts = class_counts(load(settings), Part::training);
  CHECK(counts.size() == 2);
}

TEST_CASE("shares that make no sense") {
  SplitSettings split;
  split.test = {100, Length::Unit::percent};
  CHECK(error_of([&] { check_split(split); }) ==
        "bpnet: error: data.split.test must be a percentage from 0% to less than 100%\n");
  split.test = {5, Length::Unit::epochs};
  CHECK(error_of([&] { check_split(split); }).find("must be a percentage") != std::string::npos);
  split.test = {60, Length::Unit::percent};
  split.validation = {40, Length::Unit::percent};
  CHECK(error_of([&] { check_split(split); }) ==
        "bpnet: error: data.split: validation and test together leave no training rows\n");
}

TEST_CASE("a column says which part a row is in") {
  const Folder folder;
  std::string text = "x,y,part\n";
  const char* words[] = {"train", "Training", "val", "validation", "dev", "valid", "TEST", "test"};
  for (int i = 0; i < 80; ++i)
    text += std::to_string(i) + "," + (i % 3 ? "a" : "b") + "," + words[i % 8] + "\n";
  DataSettings settings = settings_for(folder.write("t.csv", text), {"y"});
  settings.split.column = "part";
  const Dataset data = load(settings);
  CHECK(data.part(Part::training).size() == 20);
  CHECK(data.part(Part::validation).size() == 40);
  CHECK(data.part(Part::test).size() == 20);
  CHECK(data.part(Part::training)[1] == 1);
  CHECK(data.columns[2].type == "split");
  CHECK(data.encoding->inputs()[0].port.width() == 1);

  settings.file = {folder.write("u.csv", text + "1,a,tset\n2,b,\n")};
  CHECK(error_of([&] { load(settings); }) == settings.file[0].files[0].second +
                                                 ":82:5: error: a cell of the split column 'part' is train, "
                                                 "validation or test, but this one is 'tset'\n" +
                                                 settings.file[0].files[0].second +
                                                 ":83:5: error: a cell of the split column 'part' is train, "
                                                 "validation or test, but this one is ''\n");
}

TEST_CASE("parts from files of their own") {
  const Folder folder;
  DataSettings settings;
  settings.target = {"y"};
  settings.train = {folder.write("a.csv", classes_table(100)), folder.write("b.csv", classes_table(60))};
  const Dataset cut = load(settings);
  CHECK(cut.part(Part::validation).size() == 16);
  CHECK(cut.part(Part::test).empty());
  settings.validation = {folder.write("v.csv", "y,x,extra\nb,4,q\na,1e3,q\n")};
  settings.test = {folder.write("t.csv", "y,x\na,4\n,1\nnew,5\n")};
  const Dataset data = load(settings);
  CHECK(data.part(Part::training).size() == 160);
  CHECK(data.part(Part::validation).size() == 2);
  CHECK(data.part(Part::test).size() == 2);  // one row has no target
  CHECK(data.without_target == 1);
  CHECK(data.files.size() == 4);
  CHECK(data.rows->place(data.part(Part::validation)[1]).file == settings.validation[0]);
  CHECK(data.rows->place(data.part(Part::validation)[1]).line == 3);
  const std::string warnings = all_of(data.warnings);
  CHECK(warnings.find("v.csv: warning: 1 column that " + settings.train[0].files[0].second +
                      " does not have, such as 'extra'") != std::string::npos);
  CHECK(warnings.find(
            "target 'y': 1 row has a class that no training row has ('new'); it is left out of its scores") !=
        std::string::npos);
  CHECK(class_counts(data, Part::test)[-1] == 1);
  settings.test = {folder.write("w.csv", "x,z\n4,5\n")};
  CHECK(error_of([&] { load(settings); }) == settings.test[0].files[0].second +
                                                 ": error: there is no column 'y', which " +
                                                 settings.train[0].files[0].second + " has\n");
}
