#include <doctest/doctest.h>

#include "data_support.hpp"

using namespace data_test;

namespace {

/// Warnings about a table of 200 rows of x (noise), f (what `cell` says) and y (what `target` says).
template <class F, class G>
Dataset looked_at(F cell, G target, bool look = true) {
  const Folder folder;
  std::string text = "x,f,y\n";
  for (int i = 0; i < 200; ++i)
    text += std::to_string(i * 7919 % 1009) + "," + cell(i) + "," + target(i) + "\n";
  DataRequest request = request_for_all();
  request.look_for_junk = look;
  return load_dataset(settings_for(folder.write("t.csv", text), {"y"}), request);
}

template <class F, class G>
std::string warnings_of(F cell, G target, bool look = true) {
  return all_of(looked_at(cell, target, look).warnings);
}

std::string number(double x) { return std::to_string(x); }
const auto two_classes = [](int i) { return std::string(i * 31 % 17 > 8 ? "p" : "q"); };
const auto amount = [](int i) { return number(i * 37 % 101 + 0.25); };

}  // namespace

TEST_CASE("nothing is said of good data") {
  CHECK(warnings_of([](int i) { return number(i * 13 % 29); }, two_classes).find("column") ==
        std::string::npos);
  CHECK(warnings_of([](int i) { return number(i * 13 % 29); }, amount).find("column") == std::string::npos);
}

TEST_CASE("a column that counts the rows") {
  const auto counter = [](int i) { return std::to_string(1000 + 2 * i); };
  CHECK(warnings_of(counter, two_classes)
            .find("column 'f' only counts the rows: it changes by 2 from each to the next\n"
                  "  data.ignore: [f]\n") != std::string::npos);
  CHECK(warnings_of(counter, two_classes, false).find("counts") == std::string::npos);
  CHECK(warnings_of([](int i) { return std::to_string(i == 150 ? 0 : i); }, two_classes).find("counts") ==
        std::string::npos);
}

TEST_CASE("a column that never changes") {
  CHECK(warnings_of([](int) { return std::string("7.5"); }, two_classes)
            .find("column 'f' is 7.5 in every training row") != std::string::npos);
  CHECK(warnings_of([](int) { return std::string("red"); }, two_classes)
            .find("column 'f' is 'red' in every training row") != std::string::npos);
}

TEST_CASE("a column that gives the answer away") {
  const std::string leak = "column 'f' alone gives the target 'y'";
  CHECK(warnings_of([](int i) { return std::string(two_classes(i) == "p" ? "sick" : "well"); }, two_classes)
            .find(leak) != std::string::npos);
  CHECK(warnings_of([](int i) { return number((two_classes(i) == "p" ? 100 : 0) + i * 7 % 11); }, two_classes)
            .find(leak) != std::string::npos);
  CHECK(warnings_of([](int i) { return number((i * 37 % 101 + 0.25) * -2.54 + 3); }, amount).find(leak) !=
        std::string::npos);
  CHECK(warnings_of([](int i) { return "l" + std::to_string(i % 4); },
                    [](int i) { return number(i % 4 + 0.5); })
            .find(leak) != std::string::npos);
  CHECK(warnings_of([](int i) { return number((two_classes(i) == "p" ? 1 : 0) + (i % 10 == 0 ? 5 : 0)); },
                    two_classes)
            .find(leak) == std::string::npos);
  // Cells that are there for one class alone, whatever is in them.
  CHECK(warnings_of([](int i) { return two_classes(i) == "p" ? "" : number(i * 37 % 101); }, two_classes)
            .find(leak) != std::string::npos);
  CHECK(warnings_of([](int i) { return two_classes(i) == "p" ? "" : "l" + std::to_string(i * 7 % 4); },
                    two_classes)
            .find(leak) != std::string::npos);
  CHECK(warnings_of([](int i) { return i % 5 == 0 ? "" : number(i * 37 % 101); }, two_classes).find(leak) ==
        std::string::npos);
}

TEST_CASE("rows in both training and test") {
  const Folder folder;
  std::string text = "a,b,y\n";
  for (int i = 0; i < 100; ++i)
    text += std::to_string(i % 50) + ",r" + std::to_string(i % 5) + "," + (i % 2 ? "p" : "q") + "\n";
  DataRequest request = request_for_all();
  request.look_for_junk = true;
  const Dataset data = load_dataset(settings_for(folder.write("t.csv", text), {"y"}), request);
  std::vector<int> seen(50, 0);
  for (const std::int64_t row : data.part(Part::training)) seen[static_cast<std::size_t>(row % 50)] = 1;
  int shared = 0;
  for (const std::int64_t row : data.part(Part::test)) shared += seen[static_cast<std::size_t>(row % 50)];
  REQUIRE(shared > 1);
  CHECK(all_of(data.warnings)
            .find(std::to_string(shared) + " of 20 test rows are among the training rows too") !=
        std::string::npos);
}

TEST_CASE("texts are ignored with a warning that says how to use them") {
  const auto text = [](int i) { return "note " + std::to_string(i); };
  CHECK(warnings_of(text, two_classes, false) ==
        "bpnet: warning: column 'f' is text, 200 different ones in 200 rows, and is ignored\n"
        "  to learn from it: data.columns: {f: text}, or category\n"
        "  to be rid of this warning: data.ignore: [f]\n"
        "bpnet: warning: few rows: 20 validation; scores on so few say little\n");
}

TEST_CASE("columns are reported") {
  const Dataset data =
      looked_at([](int i) { return i % 4 ? std::string("red") : std::string("blue"); }, two_classes);
  CHECK(data.columns[0].distinct == 200);
  CHECK(data.columns[0].why == "all 200 cells are numbers");
  CHECK(data.columns[1].distinct == 2);
  CHECK(data.columns[1].why == "text in 200 of 200 cells");
  CHECK(data.columns[1].detail == "2 labels: blue, red");
  CHECK(data.columns[2].type == "target: classes");
  CHECK(data.columns[2].detail == "2 classes: p, q");
}

TEST_CASE("dates in a form that has to be declared") {
  const auto day_of = [](const char* form) {
    return [form](int i) {
      const std::string day = std::to_string(i % 28 + 1), month = std::to_string(i % 12 + 1);
      return (std::string(form) == "%m/%d/%Y" ? month + "/" + day : day + "/" + month) + "/2024";
    };
  };
  for (const char* form : {"%m/%d/%Y", "%d/%m/%Y"}) {
    const std::string said = warnings_of(day_of(form), two_classes);
    CHECK(said.find("column 'f' is not read as a date, though its labels look like dates") !=
          std::string::npos);
    CHECK(said.find("data.columns: {f: {date: {format: \"" + std::string(form) + "\"}}}") !=
          std::string::npos);
  }
}
