#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "core/random.hpp"
#include "data/table_reader.hpp"
#include "data_support.hpp"
#include "math/columns.hpp"
#include "math/text.hpp"
#include "math/threads.hpp"

using namespace data_test;

namespace {

/// Numbers of many shapes, three a row, more than one block of them.
std::string big_table(std::int64_t rows, const char* line_end) {
  const Draw draw = Draw::of(11, 4);
  std::string text = std::string("a,b,c") + line_end;
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::uint64_t c = 0; c < 3; ++c) {
      const double x =
          draw.normal(static_cast<std::uint64_t>(r), c) *
          std::pow(10, static_cast<double>(draw.index(static_cast<std::uint64_t>(r), 9 + c, 12)) - 6);
      char buffer[64];
      std::snprintf(buffer, sizeof buffer, c == 1 ? "%.17g" : "%.6g", x);
      text += buffer;
      text += c < 2 ? "," : line_end;
    }
  return text;
}

struct Read {
  std::vector<float> numbers;
  std::vector<double> exact;
  std::vector<std::string> labels;
};

/// a as floats, b as doubles, c as labels.
Read read_all(const std::string& path, int threads) {
  math::set_threads(threads);
  const TableFile file(path, "t.csv", CsvSettings{});
  ReadPlan plan;
  plan.columns = {{ReadColumn::Kind::number, 0}, {ReadColumn::Kind::exact, 0}, {ReadColumn::Kind::label, 0}};
  plan.width = plan.exacts = plan.labels = 1;
  const std::vector<std::string> missing = {""};
  RawTable table = read_table({{&file, {0, 1, 2}}}, plan, missing);
  math::set_threads(1);
  Read out;
  out.numbers.assign(table.numbers.data(), table.numbers.data() + table.rows);
  out.exact = std::move(table.exacts[0]);
  for (const std::int32_t code : table.labels[0].codes)
    out.labels.push_back(table.labels[0].texts[static_cast<std::size_t>(code)]);
  return out;
}

}  // namespace

TEST_CASE("a large file gives the same numbers however it is read") {
  const Folder folder;
  constexpr std::int64_t rows = 60000;
  const std::string text = big_table(rows, "\n");
  REQUIRE(text.size() > 2400000);
  const Read one = read_all(folder.write("a.csv", text), 1);
  REQUIRE(static_cast<std::int64_t>(one.numbers.size()) == rows);
  // Against the C library, cell by cell.
  const char* at = text.c_str() + 6;
  bool same = true;
  for (std::size_t r = 0; r < one.numbers.size(); ++r) {
    char* end = nullptr;
    same = same && one.numbers[r] == static_cast<float>(std::strtod(at, &end));
    same = same && one.exact[r] == std::strtod(end + 1, &end);
    at = end + 1;
    const std::size_t length = std::strcspn(at, "\n");
    same = same && one.labels[r] == std::string_view(at, length);
    at += length + 1;
  }
  CHECK(same);
  const auto equal = [&](const Read& other) {
    return one.numbers == other.numbers && one.exact == other.exact && one.labels == other.labels;
  };
  CHECK(equal(read_all(folder.write("a.csv", text), 2)));
  CHECK(equal(read_all(folder.write("a.csv", text), 3)));
  CHECK(equal(read_all(folder.write("b.csv", big_table(rows, "\r\n")), 2)));
  CHECK(equal(read_all(folder.write("c.csv", big_table(rows, "\r")), 2)));
  std::string late_quote = text;  // found after many blocks were read without care
  const std::size_t last = late_quote.rfind(',') + 1;
  late_quote =
      late_quote.substr(0, last) + "\"" + late_quote.substr(last, late_quote.size() - last - 1) + "\"\n";
  CHECK(equal(read_all(folder.write("d.csv", late_quote), 2)));
  std::string blanks = text;
  blanks.insert(text.find('\n', text.size() / 2) + 1, "\n  \n\n");
  CHECK(equal(read_all(folder.write("e.csv", blanks), 2)));
  CHECK(equal(read_all(folder.write("f.csv", text.substr(0, text.size() - 1)), 2)));
}

TEST_CASE("places in a large file, behind lines of all kinds") {
  const Folder folder;
  std::string text = "a,b,y\n";
  for (int i = 0; i < 80000; ++i) {
    if (i % 1000 == 7) text += "\n";
    const bool broken = i % 1000 == 500;
    text += (broken ? "\"1\n2\"" : std::to_string(i % 100)) + "," + (i == 77777 ? "oops" : "1234567.5") +
            "," + (i % 2 ? "p" : "q") + "\n";
  }
  REQUIRE(text.size() > 1 << 20);
  DataSettings settings = settings_for(folder.write("t.csv", text), {"y"});
  settings.columns = {declare<Category>("a")};
  int expected = 1;
  for (const char c : text.substr(0, text.find("oops"))) expected += c == '\n';
  for (const int threads : {1, 3}) {
    math::set_threads(threads);
    const std::string error = error_of([&] { load(settings); });
    math::set_threads(1);
    CHECK(error.find("t.csv:" + std::to_string(expected) + ":4: error: column 'b'") != std::string::npos);
  }
}

TEST_CASE("rows that cannot be cut") {
  const Folder folder;
  const auto error = [&](const std::string& text) {
    const std::string file = folder.write("t.csv", text);
    std::string out = error_of([&] { load(settings_for(file, {"y"})); });
    for (std::size_t at; (at = out.find(file)) != std::string::npos;) out.replace(at, file.size(), "t.csv");
    return out;
  };
  CHECK(error("a,b,y\n1,2,p\n3,q\n4,5,6,p\n7,8,q\n") ==
        "t.csv:3:4: error: this row has 2 cells, but the file has 3 columns\n"
        "t.csv:4:7: error: this row has 4 cells, but the file has 3 columns\n"
        "  put cells that hold the delimiter in double quotes\n");
  CHECK(error("a,b,y\n1,\"2\"x,p\n") ==
        "t.csv:2:5: error: there is text behind the closing quote of this cell\n"
        "  write a quote inside a quoted cell twice: \"\"\n");
  CHECK(error("a,b,y\n1,2,p\n\n1,\"2,p\n3,4,q\n") == "t.csv:4:3: error: this quote is never closed\n");
  CHECK(error(std::string("a,b,y\n1,2,p\n3,4\0,q\n", 19)) ==
        "t.csv:3:4: error: there is a zero byte here: this is no text file, or it is damaged\n");
  CHECK(error("a,b,y\n1,Gr\xF6\xDF"
              "e,p\n2,b,q\n") ==
        "t.csv:2:3: error: this cell of column 'b' is not UTF-8\n  say what the text is written in: "
        "data.csv.encoding: latin1 (or windows-1252, ...)\n");
  CHECK(error("") == "t.csv: error: the file is empty\n");
  CHECK(error("\n \n") == "t.csv: error: the file holds nothing but blank lines\n");
  CHECK(error("a,b,y\n") ==
        "t.csv: error: the file has no rows below its header\n  if its first row is data: data.csv.header: "
        "false\n");
  CHECK(error("\x1f\x8b\x08 a,b,y\n") ==
        "t.csv: error: the file is damaged: its gzip data cannot be unpacked (unknown header flags set)\n"
        "  fetch it again: gzip -t tells whether a file is whole\n");
  CHECK(error(std::string("a\0,\0y\0\n\0", 8)) ==
        "t.csv: error: the file is UTF-16\n  say so: data.csv.encoding: utf-16le\n");
  CHECK(error("a,b,a,y\n1,2,3,p\n") ==
        "t.csv:1:5: error: columns 1 and 3 are both called 'a'\n  rename one of them\n");
}

TEST_CASE("damaged files end in data or an error") {
  const Folder folder;
  std::string text = "a,b,y\n";
  for (int i = 0; i < 40; ++i)
    text += std::to_string(i) + (i % 4 ? ",x y," : ",\"q, r\",") + (i % 2 ? "p" : "q") + "\n";
  const std::string letters = "\",;\n\r\0 a1\xC3|\t-.";
  const Draw draw = Draw::of(5, 2);
  for (std::uint64_t i = 0; i < 1500; ++i) {
    std::string damaged = text;
    for (std::uint64_t k = 0; k < 3; ++k) {
      const auto at = static_cast<std::size_t>(draw.index(i, 10 + k, damaged.size()));
      const char letter = letters[static_cast<std::size_t>(draw.index(i, 20 + k, letters.size()))];
      if (draw.index(i, 30 + k, 2))
        damaged[at] = letter;
      else
        damaged.insert(at, 1, letter);
    }
    if (i % 10 == 0) damaged.resize(static_cast<std::size_t>(draw.index(i, 50, damaged.size())));
    const std::string file = folder.write("t.csv", damaged);
    std::shared_ptr<const Rows> rows;
    const std::string error = error_of([&] { rows = load(settings_for(file, {"y"})).rows; });
    if (rows ? rows->count() > 60 : error.empty()) FAIL_CHECK(damaged);
  }
}

TEST_CASE("kernels of text agree with plain code") {
  const Draw draw = Draw::of(2, 8);
  const std::string letters = "0123456789.-,,\n\r\"+e ";
  for (std::uint64_t i = 0; i < 20000; ++i) {
    std::string text;
    const std::uint64_t size = draw.index(i, 0, 200);
    for (std::uint64_t k = 0; k < size; ++k)
      text += letters[static_cast<std::size_t>(draw.index(i, 1 + k, letters.size()))];
    std::vector<std::uint32_t> expected, positions(text.size() + 8);
    for (std::size_t k = 0; k < text.size(); ++k)
      if (text[k] == ',' || text[k] == '\n') expected.push_back(static_cast<std::uint32_t>(k));
    const auto seen = math::find_separators(text.data(), text.size(), ',', positions.data());
    positions.resize(seen.count);
    bool good = positions == expected && seen.quotes == (text.find('"') != std::string::npos) &&
                seen.returns == (text.find('\r') != std::string::npos);
    expected.push_back(static_cast<std::uint32_t>(text.size()));
    const std::string padded = text + std::string(math::readable_behind, '7');
    std::vector<float> out(expected.size(), -1);
    const int read = math::read_decimals(padded.data(), 0, expected.data(), static_cast<int>(expected.size()),
                                         '.', out.data());
    std::size_t begin = 0;
    for (int k = 0; k < read; ++k) {
      const auto cell = text.substr(begin, expected[static_cast<std::size_t>(k)] - begin);
      good =
          good && out[static_cast<std::size_t>(k)] == static_cast<float>(std::strtod(cell.c_str(), nullptr));
      begin = expected[static_cast<std::size_t>(k)] + 1;
    }
    if (!good) FAIL_CHECK(text);
  }
}

TEST_CASE("decimals side by side are read exactly, whatever stands among them") {
  const Draw draw = Draw::of(4, 8);
  for (std::uint64_t i = 0; i < 4000; ++i) {
    std::vector<std::string> cells;
    std::string text;
    std::vector<std::uint32_t> ends;
    for (std::uint64_t c = 0; c < 40; ++c) {
      const auto pick = [&](std::uint64_t what, std::uint64_t below) {
        return static_cast<std::size_t>(draw.index(i, c * 64 + what, below));
      };
      const std::size_t digits = 1 + pick(0, i % 4 == 0 ? 16 : 8);
      std::string cell;
      for (std::size_t d = 0; d < digits; ++d) cell += static_cast<char>('0' + pick(1 + d, 10));
      if (const std::size_t mark = pick(30, digits + 2); mark <= digits) cell.insert(mark, ".");
      if (pick(31, 2) == 0) cell.insert(0, "-");
      if (pick(32, 200) == 0)
        cell = std::vector<std::string>{"", "-", ".", "1e5", "1.2.3", "--1", " 7", "x"}[pick(33, 8)];
      cells.push_back(cell);
      text += cell;
      ends.push_back(static_cast<std::uint32_t>(text.size()));
      text += c % 10 == 9 ? '\n' : ',';
    }
    text += std::string(math::readable_behind, '7');
    const auto begin_of = [&](std::size_t c) { return c == 0 ? 0 : ends[c - 1] + 1; };
    std::vector<float> out(cells.size());
    std::size_t at = 0;
    while (at < cells.size()) {
      const int read = math::read_decimals(text.data(), begin_of(at), ends.data() + at,
                                           static_cast<int>(cells.size() - at), '.', out.data() + at);
      for (int k = 0; k < read; ++k, ++at) {
        const double expected = std::strtod(cells[at].c_str(), nullptr);
        double number = 0;
        math::read_decimal(text.data() + begin_of(at), text.data() + ends[at], '.', &number);
        if (out[at] != static_cast<float>(expected) || number != expected) FAIL_CHECK(cells[at]);
      }
      if (at == cells.size()) break;
      // What is left out is no plain decimal of at most 15 digits.
      const std::string& cell = cells[at++];
      double number = 0;
      if (math::read_decimal(text.data() + begin_of(at - 1), text.data() + ends[at - 1], '.', &number))
        FAIL_CHECK(cell);
      const std::string bare = cell.substr(cell.rfind('-') == 0 ? 1 : 0);
      const auto figures =
          std::count_if(bare.begin(), bare.end(), [](char c) { return c >= '0' && c <= '9'; });
      const bool plain = bare.find_first_not_of("0123456789.") == std::string::npos && figures >= 1 &&
                         figures <= 15 && std::count(bare.begin(), bare.end(), '.') <= 1 &&
                         !(bare.size() > 1 && bare[0] == '0' && bare[1] != '.');
      if (plain) FAIL_CHECK(cell);
    }
  }
}

TEST_CASE("statistics of columns") {
  const Draw draw = Draw::of(3, 3);
  constexpr int width = 5;
  constexpr std::int64_t rows = 20000;
  std::vector<float> table(rows * width);
  for (std::int64_t r = 0; r < rows; ++r)
    for (int c = 0; c < width; ++c)
      table[static_cast<std::size_t>(r * width + c)] =
          c == 4 && r % 3
              ? std::nanf("")
              : static_cast<float>(draw.normal(static_cast<std::uint64_t>(r), static_cast<std::uint64_t>(c)) +
                                   (c == 1 ? 1e6 : 0));
  std::vector<std::int64_t> some;
  for (std::int64_t r = 1; r < rows; r += 2) some.push_back(r);
  const auto sums = math::column_sums(table.data(), width, some);
  for (int c = 0; c < width; ++c) {
    long double mean = 0, squares = 0, count = 0;
    const auto each = [&](auto f) {
      for (const std::int64_t r : some)
        if (const float x = table[static_cast<std::size_t>(r * width + c)]; x == x)
          f(static_cast<long double>(x));
    };
    each([&](long double x) { mean += x, count += 1; });
    mean /= count;
    each([&](long double x) { squares += (x - mean) * (x - mean); });
    const auto& s = sums[static_cast<std::size_t>(c)];
    CHECK(static_cast<long double>(s.count) == count);
    CHECK(s.mean == doctest::Approx(static_cast<double>(mean)).epsilon(1e-12));
    CHECK(s.squares == doctest::Approx(static_cast<double>(squares)).epsilon(1e-9));
  }
  math::set_threads(3);
  const auto threaded = math::column_sums(table.data(), width, some);
  math::set_threads(1);
  for (std::size_t c = 0; c < width; ++c) {
    CHECK(threaded[c].mean == sums[c].mean);
    CHECK(threaded[c].squares == sums[c].squares);
  }
  CHECK(math::column_sums(table.data(), width, {})[0].count == 0);
}
