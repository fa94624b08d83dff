#include <doctest/doctest.h>
#include <zlib.h>

#include <thread>

#include "data/table_reader.hpp"
#include "data_support.hpp"
#include "math/threads.hpp"

using namespace data_test;

namespace {

std::string packed(const std::string& text) {
  z_stream stream = {};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string text_of(TextFlow& flow, std::size_t room) {
  std::string out, piece(room, ' ');
  while (const std::size_t n = flow.read(piece.data(), room)) out.append(piece, 0, n);
  return out;
}

std::string text_of_bytes(const Folder& folder, const std::string& bytes,
                          TextEncoding encoding = TextEncoding::automatic, std::size_t room = 1000) {
  TextFlow flow(ByteFlow(folder.write("t", bytes), "t"), encoding);
  return text_of(flow, room);
}

std::string utf_16(const std::u16string& text, bool little) {
  std::string out;
  for (const char16_t unit : text) {
    const char low = static_cast<char>(unit & 0xFF), high = static_cast<char>(unit >> 8);
    out += little ? low : high;
    out += little ? high : low;
  }
  return out;
}

/// Numbers, texts in quotes over lines, and codes.
std::string table(int rows, bool quotes) {
  std::string out = "a,b,c\n";
  for (int r = 0; r < rows; ++r)
    out += std::to_string(r % 977) + "." + std::to_string(r % 10) + "," +
           (quotes && r % 3 == 0 ? "\"x\ny, " + std::to_string(r % 5) + "\"" : "x" + std::to_string(r % 7)) +
           "," + std::to_string(r % 11) + "\n";
  return out;
}

struct Read {
  std::vector<float> numbers;
  std::vector<std::string> labels;
  std::vector<int> lines;
  bool operator==(const Read&) const = default;
};

Read read(const std::string& path, int threads) {
  math::set_threads(threads);
  const TableFile file(path, "t", CsvSettings{});
  ReadPlan plan;
  plan.columns = {{ReadColumn::Kind::number, 0}, {ReadColumn::Kind::label, 0}, {ReadColumn::Kind::number, 1}};
  plan.width = 2;
  plan.labels = 1;
  std::vector<int> columns = {0, 1, 2};
  columns.resize(file.dialect().names.size(), -1);
  RawTable raw = read_table({{&file, columns}}, plan, {""});
  math::set_threads(1);
  Read out;
  out.numbers.assign(raw.numbers.data(), raw.numbers.data() + 2 * raw.rows);
  for (const std::int32_t code : raw.labels[0].codes)
    out.labels.push_back(code < 0 ? "" : raw.labels[0].texts[static_cast<std::size_t>(code)]);
  for (std::int64_t r = 0; r < raw.rows; r += 97) out.lines.push_back(raw.lines.of(r).line);
  return out;
}

}  // namespace

TEST_CASE("packed text is unpacked, in pieces of any size") {
  const Folder folder;
  const std::string text = table(20000, true);
  for (const std::size_t room : {4ul, 1000ul, 1ul << 20}) {
    CHECK(text_of_bytes(folder, text, TextEncoding::automatic, room) == text);
    CHECK(text_of_bytes(folder, packed(text), TextEncoding::automatic, room) == text);
  }
  CHECK(text_of_bytes(folder, packed("ab") + packed("") + packed("cd\n")) == "abcd\n");
  CHECK(text_of_bytes(folder, packed("ab") + std::string(700, '\0')) == "ab");
  CHECK(text_of_bytes(folder, packed("")).empty());
  CHECK(text_of_bytes(folder, "").empty());
  CHECK(text_of_bytes(folder, "\x1F") == "\x1F");
}

TEST_CASE("damaged packed text is an error, wherever it is cut or changed") {
  const Folder folder;
  const std::string text = table(300, false), whole = packed(text);
  for (std::size_t size = 2; size < whole.size(); size += 7)
    CHECK(error_of([&] {
            text_of_bytes(folder, whole.substr(0, size));
          }).find("t: error: the file is cut short: its gzip data has no end") == 0);
  int found = 0;
  for (std::size_t at = 2; at < whole.size(); at += 5) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x55);
    std::string got;
    const std::string error = error_of([&] { got = text_of_bytes(folder, changed); });
    const bool told = error.find("the file is damaged") != std::string::npos ||
                      error.find("cut short") != std::string::npos;
    CHECK((told || got == text));  // a name or time in the header says nothing of the text
    found += told;
  }
  CHECK(found > 100);
  CHECK(error_of([&] { text_of_bytes(folder, whole + "more"); }).find("something that is not gzip follows") !=
        std::string::npos);
}

TEST_CASE("a byte order mark of UTF-8 is left out where it is no text") {
  const Folder folder;
  const auto text = [&](const std::string& bytes, bool drop_mark) {
    return TextFlow(ByteFlow(folder.write("t", bytes), "t"), TextEncoding::automatic, drop_mark).rest();
  };
  CHECK(text("\xEF\xBB\xBF"
             "ab\xEF\xBB\xBF",
             true) == "ab\xEF\xBB\xBF");
  CHECK(text(packed("\xEF\xBB\xBF"
                    "ab"),
             true) == "ab");
  CHECK(text("\xEF\xBB\xBF"
             "ab",
             false) ==
        "\xEF\xBB\xBF"
        "ab");
  for (const char* other : {"", "\xEF", "\xEF\xBB", "\xEF\xBB\xBE", "ab"}) CHECK(text(other, true) == other);
  CHECK(text("\xEF\xBB\xBF", true).empty());
}

TEST_CASE("text in other encodings becomes UTF-8") {
  const Folder folder;
  const std::u16string text = u"größe,\u20AC\n\U0001F600,日本\n";
  const std::string expected = "größe,€\n😀,日本\n";
  for (const std::size_t room : {4ul, 5ul, 7ul, 1000ul}) {
    CHECK(text_of_bytes(folder, "\xFF\xFE" + utf_16(text, true), TextEncoding::automatic, room) == expected);
    CHECK(text_of_bytes(folder, "\xFE\xFF" + utf_16(text, false), TextEncoding::automatic, room) == expected);
    CHECK(text_of_bytes(folder, utf_16(text, true), TextEncoding::utf_16le, room) == expected);
    CHECK(text_of_bytes(folder, "\xFE\xFF" + utf_16(text, false), TextEncoding::utf_16be, room) == expected);
    CHECK(text_of_bytes(folder, packed("\xFF\xFE" + utf_16(text, true)), TextEncoding::automatic, room) ==
          expected);
    CHECK(text_of_bytes(folder, "gr\xF6\xDF\x65 \x80", TextEncoding::latin1, room) == "größe \xC2\x80");
    CHECK(text_of_bytes(folder, "gr\xF6\xDF\x65 \x80\x9F", TextEncoding::windows_1252, room) == "größe €Ÿ");
  }
  std::u16string large;
  for (int i = 0; i < 100000; ++i) large += i % 3 ? u"x" : u"\U0001F600";
  std::string large_expected;
  for (int i = 0; i < 100000; ++i) large_expected += i % 3 ? "x" : "😀";
  CHECK(text_of_bytes(folder, utf_16(large, false), TextEncoding::utf_16be, 999) == large_expected);
  const auto error = [&](const std::u16string& units, const std::string& more) {
    return error_of([&] { text_of_bytes(folder, "\xFF\xFE" + utf_16(units, true) + more); });
  };
  CHECK(error({u'a', 0xD83D, u'b'}, "") ==
        "t: error: byte 5 of the file is no UTF-16: the first half of a pair without a second\n");
  CHECK(error({u'a', 0xDE00}, "") ==
        "t: error: byte 5 of the file is no UTF-16: the second half of a pair without a first\n");
  CHECK(error({u'a', 0xD83D}, "") ==
        "t: error: byte 5 of the file is no UTF-16: the file ends within a character\n");
  CHECK(error({u'a'}, "b") ==
        "t: error: byte 5 of the file is no UTF-16: the file ends within a character\n");
}

TEST_CASE("a packed table is the table, and so are JSON Lines") {
  const Folder folder;
  for (const bool quotes : {false, true}) {
    const std::string text = table(150000, quotes);
    REQUIRE(text.size() > 1200000);
    const Read expected = read(folder.write("t.csv", text), 1);
    REQUIRE(expected.labels.size() == 150000);
    const std::string gz =
        folder.write("t.csv.gz", packed(text.substr(0, 500001)) + packed(text.substr(500001)));
    for (const int threads : {1, 3}) CHECK(read(gz, threads) == expected);
    std::string returns;
    for (const char c : text) returns += c == '\n' ? "\r\n" : std::string(1, c);
    if (!quotes) CHECK(read(folder.write("r.csv.gz", packed(returns)), 2) == expected);
    std::u16string wide;
    for (const char c : text) wide += static_cast<char16_t>(c);
    CHECK(read(folder.write("w.csv", "\xFE\xFF" + utf_16(wide, false)), 2) == expected);
  }
  std::string lines;
  for (int r = 0; r < 150000; ++r) {
    const std::string a = "\"a\": " + std::to_string(r % 977) + "." + std::to_string(r % 10);
    const std::string b = r % 3 == 0 ? "\"b\": \"x\\ny, " + std::to_string(r % 5) + "\""
                                     : "\"b\": \"x" + std::to_string(r % 7) + "\"";
    const std::string c = "\"c\": \"" + std::to_string(r % 11) + "\"";
    lines +=
        r % 4 ? "{" + a + ", " + b + ", " + c + "}\n" : "{" + c + "," + a + " , \"d\":[{}]," + b + "}\n\n";
  }
  lines.insert(0, "{\"a\": 0.0, \"b\": null, \"c\": 0}\n");
  Read expected = read(folder.write("t.csv", table(150000, true)), 1);
  for (const int threads : {1, 3}) {
    Read got = read(folder.write("t.jsonl.gz", packed(lines)), threads);
    REQUIRE(got.numbers.size() == expected.numbers.size() + 2);
    got.numbers.erase(got.numbers.begin(), got.numbers.begin() + 2);
    CHECK(got.numbers == expected.numbers);
    REQUIRE(got.labels.size() == 150001);
    CHECK(std::equal(expected.labels.begin(), expected.labels.end(), got.labels.begin() + 1));
    CHECK(got.lines[1] == 97 + 24 + 1);  // 24 blank lines before it
  }
  const Read one = read(folder.write("t.csv", "a,b,c\r1,x,2\r3,\"y\rz\",4"), 1);
  CHECK(read(folder.write("t.csv.gz", packed("a,b,c\r1,x,2\r3,\"y\rz\",4")), 1) == one);
  CHECK(one.numbers == std::vector<float>{1, 2, 3, 4});
}
