#include <doctest/doctest.h>

#include "data_support.hpp"

using namespace data_test;

namespace {

/// Two files of 40 rows: numbers in one, a text and the target in the other.
struct TwoFiles {
  Folder folder;
  std::string whole = "a,b,t,y\n", left = "a,b\n", right = "t,y\n";
  TwoFiles() {
    for (int i = 0; i < 40; ++i) {
      const std::string numbers = std::to_string(i % 7) + "," + (i % 9 == 4 ? "" : std::to_string(i) + ".5");
      const std::string words = std::string(i % 3 ? "red" : "\"dark\nblue\"") + "," + (i % 2 ? "p" : "q");
      whole += numbers + "," + words + "\n";
      left += numbers + "\n";
      right += words + "\n";
    }
  }
  DataSettings beside(const std::string& first, const std::string& second) const {
    DataSettings settings;
    settings.file = {FileItem({{"x", folder.write("x.csv", first)}, {"z", folder.write("z.csv", second)}})};
    settings.target = {"y"};
    return settings;
  }
  /// Errors and warnings, without the folder.
  std::string shown(std::string text) const {
    const std::string path = folder.path().string() + "/";
    for (std::size_t at; (at = text.find(path)) != std::string::npos;) text.erase(at, path.size());
    return text;
  }
};

void check_same(const Dataset& one, const Dataset& other) {
  REQUIRE(one.rows->count() == other.rows->count());
  CHECK(one.parts == other.parts);
  const auto rows = all_rows(*one.rows);
  CHECK(gathered<float>(*one.rows, 0, rows) == gathered<float>(*other.rows, 0, rows));
  std::vector<std::int32_t> first(rows.size()), second(rows.size());
  one.rows->classes(0, rows, first.data());
  other.rows->classes(0, rows, second.data());
  CHECK(first == second);
}

}  // namespace

TEST_CASE("files side by side are the file of all their columns") {
  const TwoFiles t;
  const Dataset whole = load(settings_for(t.folder.write("whole.csv", t.whole), {"y"}));
  const Dataset beside = load(t.beside(t.left, t.right));
  check_same(whole, beside);
  CHECK(beside.files.size() == 2);
  CHECK(beside.rows->place(3).file.ends_with("x.csv"));
  CHECK(beside.rows->place(3).line == 5);
}

TEST_CASE("items of files are one after another, and may differ") {
  const TwoFiles t;
  const Dataset whole = load(
      settings_for(t.folder.write("whole.csv", t.whole + t.whole.substr(t.whole.find('\n') + 1)), {"y"}));
  DataSettings settings = t.beside(t.left, t.right);
  settings.file.emplace_back(t.folder.write("again.csv", t.whole));
  check_same(whole, load(settings));
  // columns in another order, and one more
  std::string turned = "y,more,t,b,a\n";
  for (int i = 0; i < 40; ++i)
    turned += std::string(i % 2 ? "p" : "q") + ",0," + (i % 3 ? "red" : "\"dark\nblue\"") + "," +
              (i % 9 == 4 ? "" : std::to_string(i) + ".5") + "," + std::to_string(i % 7) + "\n";
  settings.file[1] = t.folder.write("turned.csv", turned);
  const Dataset other = load(settings);
  check_same(whole, other);
  CHECK(t.shown(all_of(other.warnings))
            .find("turned.csv: warning: 1 column that x.csv does not have, such as "
                  "'more', will not be read") != std::string::npos);
}

TEST_CASE("a file of one column gives the column of its key") {
  const Folder folder;
  std::string numbers, labels, jsons;
  for (int i = 0; i < 40; ++i) {
    numbers += std::to_string(i % 7) + "\n";
    labels += std::string(i % 2 ? "p" : "q") + "\n";
    jsons += std::string("{\"label\": \"") + (i % 2 ? "p" : "q") + "\"}\n";
  }
  for (const std::string& file : {folder.write("l.csv", "label\n" + labels), folder.write("m.csv", labels),
                                  folder.write("l.jsonl", jsons)}) {
    DataSettings settings;
    settings.file = {FileItem({{"size", folder.write("n.csv", numbers)}, {"kind", file}})};
    settings.target = {"kind"};
    const Dataset data = load(settings);
    REQUIRE(data.columns.size() == 2);
    CHECK((data.columns[0].name == "size" && data.columns[1].name == "kind"));
    CHECK(data.columns[0].type == "number");
    CHECK(data.rows->count() == 40);
    const OtherRows rows = load_rows(data.encoding, folder.write("new.csv", "kind,size\np,3\n"), true);
    CHECK(rows.rows->count() == 1);
  }
}

TEST_CASE("what cannot be side by side") {
  const TwoFiles t;
  const auto error = [&](const std::string& left, const std::string& right) {
    return t.shown(error_of([&] { load(t.beside(left, right)); }));
  };
  CHECK(error(t.left + "1,2\n", t.right) ==
        "z.csv: error: the file has 40 rows, but x.csv, which is beside it, has 41\n");
  CHECK(error(t.left, "t,a,y\nu,1,p\n")
            .find("z.csv: error: column 'a' is also in x.csv, which is beside it\n"
                  "  rename one of them\n") == 0);
  CHECK(error("1,2\n3,4\n", "5,6\n7,8\n").find("data.target") != std::string::npos);
  std::string bad = t.right;
  bad.insert(bad.rfind("red"), "\"\n");
  CHECK(error(t.left, bad).find("z.csv:") == 0);
  // cells are told in their own file
  std::string left = t.left, right = t.right;
  left += "u,1\n";
  right += "red,p\n";
  CHECK(
      error(left, right).find("x.csv:42:1: error: column 'a' is a number in 40 rows, but this cell is 'u'") ==
      0);
  std::string numbers = "n,y\n";
  for (int i = 0; i < 40; ++i) numbers += "\"" + std::to_string(i) + "\",\n";
  numbers += "u,p\n";
  CHECK(error(t.left + "1,2\n", numbers).find("z.csv:42:1: error: column 'n' is a number in 40 rows") == 0);
}
