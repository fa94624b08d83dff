#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "core/random.hpp"
#include "data/json_records.hpp"
#include "data_support.hpp"

using namespace data_test;

namespace {

/// The cells of the columns a and b, record by record.
std::vector<std::vector<std::string>> cells_of_lines(const std::string& text,
                                                     std::vector<RecordFault>* faults) {
  const std::vector<char> exact(text.begin(), text.end());  // so that a sanitizer sees reads behind it
  Records records;
  JsonRecords({"a", "b"}, {1, 1}, true).cut({exact.data(), exact.size()}, records);
  std::vector<std::vector<std::string>> out;
  std::string scratch;
  for (std::size_t r = 0; r < records.starts.size(); ++r) {
    out.emplace_back();
    std::size_t begin = records.starts[r];
    for (std::size_t c = 0; c < 2; ++c) {
      const std::size_t end = records.ends[2 * r + c];
      const char* const cells = records.text.data();
      out.back().emplace_back(text_of(read_cell(cells + begin, cells + end, json_separator), scratch));
      begin = end + 1;
    }
  }
  if (faults) *faults = records.faults;
  return out;
}

/// What another reader makes of a value.
std::string cell_of(const nlohmann::json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end() || at->is_null()) return "";
  if (at->is_string()) return at->get<std::string>();
  return at->dump();
}

}  // namespace

TEST_CASE("texts of JSON Lines come back whatever letters they hold") {
  const Draw draw = Draw::of(5, 1);
  const std::vector<std::string> letters = {"a", " ", "\"", "\\", "\n", "\t", "\x01", "\x1F", ",",
                                            "é", "😀", "/",  "\r", "1",  "{",  "}",    "\x7F"};
  for (std::uint64_t i = 0; i < 3000; ++i) {
    nlohmann::json object;
    for (const char* key : {"a", "b"}) {
      std::string text;
      const auto salt = static_cast<std::uint64_t>(key[0]);
      for (std::uint64_t k = 0; k < draw.index(i, salt, 8); ++k)
        text += letters[static_cast<std::size_t>(draw.index(i, 1000 * salt + k, letters.size()))];
      object[key] = text;
    }
    const std::string line = object.dump(-1, ' ', i % 2 == 0);
    INFO(line);
    CHECK(cells_of_lines(line + "\n", nullptr) ==
          std::vector<std::vector<std::string>>{{cell_of(object, "a"), cell_of(object, "b")}});
  }
}

TEST_CASE("damaged JSON Lines are records as another reader has them, or faults") {
  const std::string good =
      "{\"a\": 1.5e-3, \"b\": \"x\\u00e9\\n\"}\n{\"b\":true,\"a\":null,\"c\":[1,{\"d\":\"]\"}]}\n{ }\n";
  const std::string letters = "{}[]\",:\\u0 \t-.eE1tn\nx";
  const Draw draw = Draw::of(5, 2);
  int same = 0, faulty = 0;
  for (std::uint64_t i = 0; i < 20000; ++i) {
    std::string text = good;
    for (std::uint64_t k = 0; k <= draw.index(i, 0, 3); ++k) {
      const auto at = static_cast<std::size_t>(draw.index(i, 10 + k, text.size()));
      const char letter = letters[static_cast<std::size_t>(draw.index(i, 20 + k, letters.size()))];
      if (draw.index(i, 30 + k, 2) == 0)
        text[at] = letter;
      else
        text.insert(at, 1, letter);
    }
    JsonSurvey survey;
    survey.add(text);
    std::vector<RecordFault> faults;
    const auto rows = cells_of_lines(text, &faults);
    std::vector<std::vector<std::string>> expected;
    std::istringstream lines(text);
    std::size_t refused = 0;
    for (std::string line; std::getline(lines, line);) {
      if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
      const auto object = nlohmann::json::parse(line, nullptr, false);
      const bool flat = object.is_object() && !cell_of(object, "a").starts_with("{") &&
                        (!object.contains("a") || !object["a"].is_structured()) &&
                        (!object.contains("b") || !object["b"].is_structured());
      if (flat)
        expected.push_back({cell_of(object, "a"), cell_of(object, "b")});
      else
        ++refused;
    }
    // Keys that come twice are refused here and not there.
    if (std::any_of(faults.begin(), faults.end(),
                    [](const RecordFault& f) { return f.message.find("second time") != std::string::npos; }))
      continue;
    INFO(text);
    CHECK(faults.size() == refused);
    REQUIRE(rows.size() == expected.size());
    for (std::size_t r = 0; r < rows.size(); ++r) {
      CHECK(rows[r][1] == expected[r][1]);
      CHECK(rows[r][0].empty() == expected[r][0].empty());
    }
    same += faults.empty();
    faulty += !faults.empty();
  }
  CHECK(same > 1000);
  CHECK(faulty > 10000);
}
