#include <doctest/doctest.h>

#include <cmath>

#include "data_support.hpp"

using namespace data_test;

namespace {

const ColumnReport& report_of(const Dataset& data, const std::string& name) {
  for (const ColumnReport& column : data.columns)
    if (column.name == name) return column;
  FAIL("no column ", name);
  return data.columns[0];
}

/// 60 rows of columns a (number), b (what `cell` says), y (two classes).
template <class F>
std::string sixty(F cell) {
  std::string text = "a,b,y\n";
  for (int i = 0; i < 60; ++i)
    text += std::to_string(i * 7 % 13) + "," + cell(i) + "," + (i % 2 ? "yes" : "no") + "\n";
  return text;
}

std::string type_of_b(const std::string& text) {
  const Folder folder;
  return report_of(load(settings_for(folder.write("t.csv", text), {"y"})), "b").type;
}

std::string target_of(const std::string& text, std::vector<DataRequest::Hint> hints = {}) {
  const Folder folder;
  DataRequest request = request_for_all();
  request.hints = std::move(hints);
  std::string type;
  const std::string error = error_of([&] {
    type = report_of(load_dataset(settings_for(folder.write("t.csv", text), {"b"}), request), "b").type;
  });
  return error.empty() ? type : error;
}

}  // namespace

TEST_CASE("types of columns") {
  CHECK(type_of_b(sixty([](int i) { return std::to_string(i * 0.5); })) == "number");
  CHECK(type_of_b(sixty([](int i) { return i % 3 ? std::to_string(i) : "NA"; })) == "number");
  CHECK(type_of_b(sixty([](int i) { return std::string(i % 2 ? "red" : "blue"); })) == "category");
  CHECK(type_of_b(sixty([](int i) { return "0" + std::to_string(2100 + i % 9); })) == "category");
  CHECK(type_of_b(sixty([](int i) { return i == 59 ? std::string("007") : std::to_string(i % 9); })) ==
        "category");
  CHECK(type_of_b(sixty([](int i) { return i % 5 ? std::to_string(i % 9) : "red"; })) == "category");
  CHECK(type_of_b(sixty([](int i) { return "text number " + std::to_string(i); })) == "ignored");
  CHECK(type_of_b(sixty([](int) { return std::string("?"); })) == "ignored");
  CHECK(type_of_b(sixty([](int i) { return "\"" + std::to_string(i) + "\""; })) == "number");
}

TEST_CASE("types that the first rows do not show") {
  // Only rows behind those looked at first tell that b is labels, or a number, or codes.
  const auto many = [](auto cell) {
    std::string text = "a,b,y\n";
    for (int i = 0; i < 3000; ++i)
      text += std::to_string(i % 17) + "," + cell(i) + "," + (i % 2 ? "yes" : "no") + "\n";
    return text;
  };
  CHECK(type_of_b(many([](int i) { return i < 1500 ? std::to_string(i % 9) : "red"; })) == "category");
  CHECK(type_of_b(many([](int i) { return i < 900 ? std::string("red") : std::to_string(i % 9); })) ==
        "category");
  const std::string few_texts =
      many([](int i) { return i < 150 ? std::string("red") : std::to_string(i % 9); });
  CHECK(error_of([&] { type_of_b(few_texts); }).find("and 130 more cells of column 'b'") !=
        std::string::npos);
  CHECK(type_of_b(many([](int i) { return i < 1500 ? std::string("NA") : std::string("red"); })) ==
        "category");
  CHECK(type_of_b(many([](int i) { return i < 2999 ? std::to_string(i % 9) : "01"; })) == "category");
}

TEST_CASE("cells that are no numbers, with their places") {
  const Folder folder;
  const std::string text =
      sixty([](int i) { return i == 7 ? std::string("unknown") : std::to_string(i % 9); });
  const auto settings = settings_for(folder.write("t.csv", text), {"y"});
  CHECK(error_of([&] { load(settings); }) ==
        settings.file[0].files[0].second +
            ":9:4: error: column 'b' is a number in 59 rows, but this cell is 'unknown'\n"
            "  count it as missing (data.csv.missing: [unknown]) or make the column a category "
            "(data.columns: {b: category})\n");
}

TEST_CASE("all bad cells are told, up to twenty a column") {
  const Folder folder;
  std::string text = "a,b,y\n";
  for (int i = 0; i < 1000; ++i)
    text += (i == 30  ? std::string("1,5")
             : i % 20 ? "2"
                      : "\"x\ny\"") +
            std::string(i == 30 ? "" : ",3") + "," + (i % 2 ? "p" : "q") + "\n";
  const auto settings = settings_for(folder.write("t.csv", text), {"y"});
  const std::string error = error_of([&] { load(settings); });
  CHECK(error.find(settings.file[0].files[0].second +
                   ":2:1: error: column 'a' is a number in 950 rows, but this cell is 'x\\ny'") !=
        std::string::npos);
  CHECK(error.find(settings.file[0].files[0].second + ":23:1: error:") !=
        std::string::npos);  // one row is two lines
  CHECK(error.find("and 30 more cells of column 'a'") != std::string::npos);
}

TEST_CASE("a decimal comma gets its own words") {
  const Folder folder;
  DataSettings settings = settings_for(
      folder.write("t.csv",
                   sixty([](int i) { return i == 7 ? std::string("\"0,003\"") : std::to_string(i % 9); })),
      {"y"});
  CHECK(error_of([&] {
          load(settings);
        }).find("if a comma stands before the decimals: data.csv.decimal: \",\"") != std::string::npos);
  settings.file = {folder.write("u.csv", "a;b;y\n1,5;2;p\n2,5;3;q\n-3,25;4;p\n")};
  settings.csv.decimal = CsvSettings::Decimal::comma;
  settings.split.validation = settings.split.test = {0, Length::Unit::percent};
  const Dataset data = load(settings);
  CHECK(report_of(data, "a").type == "number");
  CHECK(report_of(data, "a").detail.find("mean 0.25") == 0);
}

TEST_CASE("declared types win") {
  const Folder folder;
  const std::string file = folder.write(
      "t.csv", sixty([](int i) { return i == 7 ? std::string("x") : "0" + std::to_string(i % 9); }));
  DataSettings settings = settings_for(file, {"y"});
  settings.columns = {declare<Number>("b")};
  CHECK(error_of([&] {
          load(settings);
        }).find(":9:4: error: column 'b' is declared a number, but this cell is 'x'") != std::string::npos);
  settings.csv.missing.push_back("x");
  CHECK(report_of(load(settings), "b").type == "number");
  settings.columns = {declare<Category>("?")};  // a glob
  CHECK(report_of(load(settings), "a").type == "category");
  CHECK(report_of(load(settings), "a").why == "declared");
  settings.columns.push_back(declare<Number>("a"));  // a name says more
  CHECK(report_of(load(settings), "a").type == "number");
}

TEST_CASE("numbers that count as missing") {
  const Folder folder;
  DataSettings settings = settings_for(
      folder.write("t.csv", sixty([](int i) { return i % 2 ? "-999" : std::to_string(i % 5 + 1); })), {"y"});
  settings.csv.missing = {"-999"};
  const Dataset data = load(settings);
  CHECK(report_of(data, "b").missing == 30);
  const auto inputs = gathered<float>(*data.rows, 0, {1});
  REQUIRE(inputs.size() == 3);  // a, b, and whether b is missing
  CHECK(inputs[1] == 0);
  CHECK(inputs[2] == 1);
}

TEST_CASE("targets") {
  const auto two = [](const std::string& a, const std::string& b) {
    return sixty([&](int i) { return i % 3 ? a : b; });
  };
  CHECK(target_of(two("0", "1")) == "target: classes");
  CHECK(target_of(two("0.5", "1.5")) == "target: classes");
  CHECK(target_of(two("yes", "no")) == "target: classes");
  CHECK(target_of(sixty([](int i) { return std::to_string(i % 3) + ".5"; })) == "target: number");
  CHECK(target_of(sixty([](int i) { return std::to_string(i); })) == "target: number");
  CHECK(target_of(sixty([](int i) { return "0" + std::to_string(i % 5); })) == "target: classes");
  const auto ambiguous = sixty([](int i) { return std::to_string(i % 7); });
  CHECK(target_of(ambiguous) ==
        "bpnet: error: data.target: 'b' has 7 different values, all whole numbers: they may be classes or a "
        "number. Say "
        "which, under data:\n  columns: {b: category}\n  columns: {b: number}\n");
  CHECK(target_of(ambiguous, {{"", true}}) == "target: classes");
  CHECK(target_of(ambiguous, {{"b", false}}) == "target: number");
  CHECK(target_of(ambiguous, {{"c", false}}).find("error") != std::string::npos);
  CHECK(target_of(sixty([](int i) { return std::to_string(i % 50); }), {{"", true}}) == "target: classes");
  CHECK(target_of(two("3", "3")).find("'b' is 3 in every training row: there is nothing to learn") !=
        std::string::npos);
  CHECK(target_of(two("x", "x")).find("'b' is 'x' in every training row") != std::string::npos);
  CHECK(target_of(two("NA", "")).find("no row has a value in column 'b'") != std::string::npos);
}

TEST_CASE("a target is told by all rows, not by the first") {
  std::string text = "a,b\n";
  for (int i = 0; i < 3000; ++i)
    text += std::to_string(i % 17) + "," +
            (i < 2000 ? std::to_string(i % 2) : std::to_string(i % 40) + ".5") + "\n";
  CHECK(target_of(text) == "target: number");
}

TEST_CASE("classes of numbers compare by value and print as first written") {
  const Folder folder;
  DataSettings settings =
      settings_for(folder.write("t.csv", "a,y\n1,10\n2,9.0\n3,1e1\n4,9\n5,-1\n6,9.0\n7,-1.0\n"), {"y"});
  settings.columns = {declare<Category>("y")};
  settings.split.validation = settings.split.test = {0, Length::Unit::percent};
  const Dataset data = load(settings);
  const TargetKind& target = data.encoding->targets()[0];
  CHECK(target.labels == std::vector<std::string>{"-1", "9.0", "10"});
  CHECK(target.counts == std::vector<std::int64_t>{2, 3, 2});
  std::vector<std::int32_t> classes(7);
  data.rows->classes(0, all_rows(*data.rows), classes.data());
  CHECK(classes == std::vector<std::int32_t>{2, 1, 2, 1, 0, 1, 0});
}

TEST_CASE("the positive class, and replaced cells") {
  const Folder folder;
  DataSettings settings =
      settings_for(folder.write("t.csv", "a,y\n1,sick\n2,well\n3,Well.\n4,sick\n5,well\n"), {"y"});
  settings.split.validation = settings.split.test = {0, Length::Unit::percent};
  Category category;
  category.positive = "sick";
  category.replace = {{"Well.", "well"}};
  settings.columns = {declare("y", category)};
  CHECK(load(settings).encoding->targets()[0].labels == std::vector<std::string>{"well", "sick"});
  category.positive = "sik";
  settings.columns = {declare("y", category)};
  CHECK(error_of([&] { load(settings); }) ==
        "bpnet: error: data.columns.y: positive is 'sik', which is not one of its classes\n  did you mean "
        "'sick'?\n");
}

TEST_CASE("rows without a target are left out and counted") {
  const Folder folder;
  std::string text = "a,y,z\n";
  for (int i = 0; i < 100; ++i)
    text += std::to_string(i % 11) + "," + (i % 10 ? i % 2 ? "p" : "q" : "") + "," +
            (i % 20 ? "1." + std::to_string(i) : "NA") + "\n";
  const std::string file = folder.write("t.csv", text);
  const Dataset one = load(settings_for(file, {"y"}));
  CHECK(one.without_target == 10);
  CHECK(all_of(one.warnings).find("10 rows without a target are left out") != std::string::npos);
  CHECK(one.parts[0].size() + one.parts[1].size() + one.parts[2].size() == 90);
  const Dataset both = load(settings_for(file, {"y", "z"}));
  CHECK(both.without_target == 5);  // those that miss both
  std::int32_t classes[2];
  both.rows->classes(0, std::vector<std::int64_t>{10, 11}, classes);
  CHECK(classes[0] == -1);
  CHECK(classes[1] == 0);
  Real values[2];
  both.rows->values(1, std::vector<std::int64_t>{20, 21}, values);
  CHECK(std::isnan(values[0]));
  CHECK_FALSE(std::isnan(values[1]));
}

TEST_CASE("options that do not fit a column's use") {
  const Folder folder;
  DataSettings settings =
      settings_for(folder.write("t.csv", sixty([](int i) { return std::string(i % 2 ? "r" : "s"); })), {"y"});
  Category category;
  category.encode = Category::Encode::embedding;
  settings.columns = {declare("y", category)};
  CHECK(error_of([&] { load(settings); }) ==
        "bpnet: error: data.columns.y: encode is for features, and this is the target\n");
  category = {};
  category.positive = "r";
  settings.columns = {declare("b", category)};
  CHECK(error_of([&] { load(settings); }) ==
        "bpnet: error: data.columns.b: positive is for the target, and this is a feature\n");
  Number number;
  number.missing = Number::Missing::error;
  settings.file = {
      folder.write("u.csv", sixty([](int i) { return i == 3 ? std::string() : std::to_string(i % 9); }))};
  settings.columns = {declare("b", number)};
  CHECK(error_of([&] {
          load(settings);
        }).find("u.csv:5:3: error: column 'b' may not miss cells (missing: error), but this one is ''") !=
        std::string::npos);
}
