#include <doctest/doctest.h>

#include <algorithm>

#include "core/random.hpp"
#include "data_support.hpp"
#include "math/text.hpp"
#include "text/utf8.hpp"

using namespace data_test;

namespace {

using Cells = std::vector<std::vector<std::string>>;

Dialect dialect_of(const std::string& text) { return *find_dialect(text, true, CsvSettings{}, "t.csv"); }

Cells cells_in(const std::string& text) { return cells_of(text, dialect_of(text)); }

}  // namespace

TEST_CASE("csv-spectrum") {
  int cases = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(BPNET_SOURCE) / "tests/csv")) {
    if (entry.path().extension() != ".csv") continue;
    INFO(entry.path().string());
    ++cases;
    const std::string text = text_of_file(entry.path());
    CsvSettings settings;
    settings.header = CsvSettings::Header::yes;
    const Dialect dialect = *find_dialect(text, true, settings, "t.csv");
    auto rows = nlohmann::ordered_json::array();
    for (const auto& cells : cells_of(text, dialect)) {
      nlohmann::ordered_json row;
      for (std::size_t c = 0; c < cells.size(); ++c) row[dialect.names[c]] = cells[c];
      rows.push_back(row);
    }
    auto expected = entry.path();
    CHECK(rows == nlohmann::ordered_json::parse(text_of_file(expected.replace_extension(".json"))));
  }
  CHECK(cases == 12);
}

TEST_CASE("the delimiter is found") {
  CHECK(dialect_of("a,b\n1,2\n").delimiter == ',');
  CHECK(dialect_of("a;b\n1,5;2,5\n").delimiter == ';');
  CHECK(dialect_of("a\tb\nx, y\tz, w\n").delimiter == '\t');
  CHECK(dialect_of("a|b|c\n1|2|3\n").delimiter == '|');
  CHECK(dialect_of("a\n1\n2\n").delimiter == ',');
  CHECK(dialect_of("name,genres\nx,a|b\ny,c\n").delimiter == ',');
  CHECK(dialect_of("\"a;b\",c\n\"1;2\",3\n").delimiter == ',');
  CHECK(dialect_of("a,b,c\n1,2\n").delimiter == ',');  // so that the short row can be named
  CsvSettings settings;
  settings.delimiter = "tab";
  CHECK(find_dialect("a,b\tc\n", true, settings, "t.csv")->names == std::vector<std::string>{"a,b", "c"});
}

TEST_CASE("the header is found") {
  CHECK(dialect_of("a,b\n1,2\n").names == std::vector<std::string>{"a", "b"});
  CHECK(dialect_of("1,2\n3,4\n").names == std::vector<std::string>{"column_1", "column_2"});
  CHECK(dialect_of("x,2\n3,4\n").header == false);
  CHECK(dialect_of(" \"a\" ,  b c  \n1,2\n").names == std::vector<std::string>{"a", "b c"});
  CHECK(dialect_of(",b\n1,2\n").names == std::vector<std::string>{"column_1", "b"});
  CHECK(dialect_of("\xEF\xBB\xBF"
                   "a,b\n1,2\n")
            .names == std::vector<std::string>{"a", "b"});
  CHECK(dialect_of("\n  \n\na,b\n1,2\n").names == std::vector<std::string>{"a", "b"});
  CHECK(dialect_of("a,b").names == std::vector<std::string>{"a", "b"});
}

TEST_CASE("only part of the header is there yet") {
  CHECK_FALSE(find_dialect("a,b", false, CsvSettings{}, "t.csv").has_value());
  CHECK_FALSE(find_dialect("a,\"b\n", false, CsvSettings{}, "t.csv").has_value());
  CHECK_FALSE(find_dialect("\n\n", false, CsvSettings{}, "t.csv").has_value());
  CHECK(find_dialect("a,b\n1", false, CsvSettings{}, "t.csv").has_value());
}

TEST_CASE("lines end in LF, CRLF or CR, and blank lines are nothing") {
  const Cells expected = {{"1", "2"}, {"3", "4"}};
  CHECK(cells_in("a,b\n1,2\n3,4\n") == expected);
  CHECK(cells_in("a,b\n1,2\n3,4") == expected);
  CHECK(cells_in("a,b\r\n1,2\r\n3,4\r\n") == expected);
  CHECK(cells_in("a,b\r1,2\r3,4\r") == expected);
  CHECK(cells_in("a,b\r\n1,2\n3,4\r") == expected);
  CHECK(cells_in("a,b\n\n1,2\n   \n\r\n3,4\n\n\n") == expected);
}

TEST_CASE("a blank line of one column is a record where each is asked for") {
  for (const std::string text :
       {"a\nx\n\n  \ny\n\n", "a\r\nx\r\n\r\n  \r\ny\r\n\r\n", "a\rx\r\r  \ry\r\r", "a\n\"x\"\n\n  \ny\n\n"}) {
    CAPTURE(text);
    Dialect dialect = dialect_of(text);
    CHECK(cells_of(text, dialect) == Cells{{"x"}, {"y"}});
    dialect.blank_rows = true;
    CHECK(cells_of(text, dialect) == Cells{{"x"}, {""}, {""}, {"y"}, {""}});
  }
  Dialect dialect = dialect_of("a\nx\n# no row\n\ny\n");
  dialect.comment = '#';
  dialect.blank_rows = true;
  CHECK(cells_of("a\nx\n# no row\n\ny\n", dialect) == Cells{{"x"}, {""}, {"y"}});
}

TEST_CASE("blanks and quotes") {
  CHECK(cells_in("a,b\n  x y  ,\t2\t\n") == Cells{{"x y", "2"}});
  CHECK(cells_in("a,b\n \"  x \" , \"2\"\n") == Cells{{"  x ", "2"}});
  CHECK(cells_in("a,b\n5\" pipe,say \"hi\"\n") == Cells{{"5\" pipe", "say \"hi\""}});
  CHECK(cells_in("a,b\n\"\",\"\"\"\"\n") == Cells{{"", "\""}});
  CHECK(cells_in("a\tb\n x \ty\n") == Cells{{"x", "y"}});
}

TEST_CASE("a text cut anywhere gives the same records") {
  const std::string text = "1,\"a\nb\"\r\n2,\"x \"\"y\"\"\"\n\n  \n3,plain\r4,\"\"\r\n5,\"c,d\"\n6,z";
  Records whole;
  cut_records(text, true, {','}, 2, 100, whole);
  REQUIRE(whole.count() == 6);
  for (std::size_t first = 1; first < text.size(); ++first) {
    Cells cells;
    std::size_t at = 0, shown = first;
    while (at < text.size()) {
      Records part;
      const bool last = shown >= text.size();
      const std::string_view piece = std::string_view(text).substr(at, std::min(shown, text.size()) - at);
      const std::size_t used = cut_records(piece, last, {','}, 2, 100, part);
      std::string scratch;
      for (std::size_t r = 0; r < part.starts.size(); ++r) {
        cells.emplace_back();
        std::size_t begin = part.starts[r];
        for (std::size_t c = 0; c < 2; ++c) {
          const std::size_t end = part.ends[2 * r + c];
          cells.back().emplace_back(
              text_of(read_cell(piece.data() + begin, piece.data() + end, ','), scratch));
          begin = end + 1;
        }
      }
      CHECK(part.faults.empty());
      at += used;
      if (last) break;
      shown += first;
    }
    INFO(first);
    CHECK(cells ==
          Cells{{"1", "a\nb"}, {"2", "x \"y\""}, {"3", "plain"}, {"4", ""}, {"5", "c,d"}, {"6", "z"}});
  }
}

TEST_CASE("texts without quotes are cut the same way at once") {
  for (const char* text : {"1,2\n3,4\n", "1,2\r\n3,4\r\n", "-1.5,\n,x y\n", "a,b\n c , d \n"}) {
    const std::string padded = std::string(text) + std::string(math::readable_behind, ' ');
    const std::string_view view(padded.data(), std::string_view(text).size());
    Records fast, careful;
    REQUIRE(cut_plain(view, {','}, 2, fast));
    cut_records(view, true, {','}, 2, 100, careful);
    fast.ends.resize(2 * fast.starts.size());
    CHECK(fast.starts == careful.starts);
    CHECK(fast.ends == careful.ends);
  }
  for (const char* text :
       {"1,2\n\n3,4\n", "1,2\n3\n4,5,6\n", "1\n2,3,4\n", "1,\"2\"\n", "1,2\r3,4\n", "1,2\r3,4\r\n"}) {
    Records records;
    CHECK_FALSE(cut_plain(std::string(text) + std::string(math::readable_behind, ' '), {','}, 2, records));
  }
  Records one;
  const std::string single = "1\n \n2\n" + std::string(math::readable_behind, ' ');
  CHECK_FALSE(cut_plain(std::string_view(single).substr(0, 6), {','}, 1, one));
}

TEST_CASE("where a byte stands") {
  const std::string text = "ab\ncd\r\nef\rgh";
  const auto spot = [&](char c) { return spot_of(text, text.find(c)); };
  CHECK((spot('a').line == 1 && spot('a').column == 1));
  CHECK((spot('d').line == 2 && spot('d').column == 2));
  CHECK((spot('e').line == 3 && spot('e').column == 1));
  CHECK((spot('h').line == 4 && spot('h').column == 2));
}

TEST_CASE("damaged texts end in records or faults") {
  const std::string text = "1,\"a\nb\",3\r\n\"x \"\"y\"\"\",5,6\n7,8,9\n,,\n";
  const std::string letters = "\",;\n\r\0 a1\xC3\xFF|\t";
  const Draw draw = Draw::of(3, 9);
  for (std::uint64_t i = 0; i < 20000; ++i) {
    std::string damaged = text;
    for (std::uint64_t k = 0; k <= draw.index(i, 0, 4); ++k) {
      const auto at = static_cast<std::size_t>(draw.index(i, 10 + k, damaged.size()));
      const char letter = letters[static_cast<std::size_t>(draw.index(i, 20 + k, letters.size()))];
      switch (draw.index(i, 30 + k, 3)) {
        case 0:
          damaged[at] = letter;
          break;
        case 1:
          damaged.insert(at, 1, letter);
          break;
        default:
          damaged.erase(at, 1 + static_cast<std::size_t>(draw.index(i, 40 + k, 5)));
      }
      if (damaged.empty()) damaged = "x";
    }
    const std::vector<char> exact(damaged.begin(),
                                  damaged.end());  // so that a sanitizer sees reads behind it
    const std::string_view view(exact.data(), exact.size());
    error_of([&] { find_dialect(view, true, CsvSettings{}, "t.csv"); });
    Records records;
    const std::size_t used = cut_records(view, true, {','}, 3, 100, records);
    bool good = used == view.size() && records.ends.size() >= 3 * records.starts.size();
    for (std::size_t r = 0; r < records.starts.size(); ++r)
      for (std::size_t c = 0; c < 3; ++c) good = good && records.ends[3 * r + c] >= records.starts[r];
    if (!good) FAIL_CHECK(damaged);
  }
}

TEST_CASE("UTF-8") {
  for (const char* good : {"", "abc", "é", "ʤ", "€", "😀", "\xED\x9F\xBF"})
    CHECK(find_no_utf8(good) == std::string::npos);
  CHECK(find_no_utf8("ab\xE9") == 2);
  CHECK(find_no_utf8("\xC0\x80") == 0);
  CHECK(find_no_utf8("\xE0\x80\x80") == 0);
  CHECK(find_no_utf8("\xED\xA0\x80") == 0);
  CHECK(find_no_utf8("\xF4\x90\x80\x80") == 0);
  CHECK(find_no_utf8("a\xE2\x82") == 1);
}
