// YAML as a language: oddities, what is not taken, and places.
#include <doctest/doctest.h>

#include "spec_toys.hpp"

using toys::bind_text;
using toys::error_of;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::vector<std::string> missing_of(const std::string& data) {
  const auto result = bind_text("model: [output]\ndata:\n  missing: " + data);
  REQUIRE(result.error == "");
  return result.settings.data.missing;
}
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("scalars in every style") {
  CHECK(missing_of("[a, 'b''c', \"d\\te\\u00e4\", ~, null, NULL, NO, 010, \"\"]\n") ==
        Texts{"a", "b'c", "d\teä", "~", "null", "NULL", "NO", "010", ""});
  CHECK(missing_of("\n  - |\n    two\n    lines\n  - >-\n    one\n    line\n  - plain\n    over two\n  - "
                   "\"quoted\n    over two\"\n") ==
        Texts{"two\nlines\n", "one line", "plain over two", "quoted over two"});
  CHECK(missing_of("[a b, # a comment\n    c#d,\n    'e # f']\n") == Texts{"a b", "c#d", "e # f"});
}

TEST_CASE("layout") {
  CHECK(error_of("%YAML 1.2\n---\n# comment\nmodel: [output]  # comment\n...\n") == "");
  CHECK(error_of("model:\n- output\n") == "");
  CHECK(error_of("{model: [output,\n  relu], train: {\n epochs: 3}}") == "");
  CHECK(error_of("\"model\": [\"output\"]") == "");
  CHECK(error_of("? model\n: - output\n") == "");
  CHECK(error_of("model:\n  - dense:\n      units: 3\n      activation:\n        relu: {}\n") == "");
  CHECK(error_of("model: [output]\ntrain:\ndata:\n") == "");
}

TEST_CASE("line ends, marks and encodings") {
  CHECK(error_of("\xEF\xBB\xBFmodel: [output]\r\ntrain:\r\n  epochs: 3\r\n") == "");
  CHECK(error_of("model: [output]\rtrain:\r  epochs: 3\r") == "");
  CHECK(has(error_of("\xEF\xBB\xBFmodle: [output]\r\n"), "wine.yaml:1:1: error: there is no option 'modle'"));
  CHECK(error_of(std::string("\xFF\xFEm\0o\0", 6)) ==
        "wine.yaml: error: this is UTF-16 text\n  save it as UTF-8\n");
  CHECK(has(error_of(std::string("m\0o\0d\0", 6)), "UTF-16"));
  CHECK(has(error_of(std::string("model: \0", 8)), "1:8: error: a NUL byte"));
  CHECK(
      has(error_of("name: m\xFCller\n"), "1:8: error: byte 0xfc is no UTF-8 text\n  save the file as UTF-8"));
  CHECK(has(error_of("name: \xC0\x80\n"), "byte 0xc0"));
  CHECK(has(error_of("name: \xED\xA0\x80\n"), "byte 0xed"));
  CHECK(has(error_of("name: a\x07\n"), "control character 0x07"));
  CHECK(has(error_of(std::string((1 << 20) + 1, '#')), "at most 1 MiB"));
  CHECK(error_of("") == "wine.yaml: error: there are no settings in it\n");
  CHECK(error_of("# nothing\n---\n") == "wine.yaml: error: there are no settings in it\n");
}

TEST_CASE("columns count bytes from 1, the caret stands under its character") {
  CHECK(error_of("model: [output]\nname: ä\ndata: {\"ä\": 1, tärgét: 3}\n") ==
        "wine.yaml:3:8: error: data has no option 'ä'\n"
        "    3 | data: {\"ä\": 1, tärgét: 3}\n"
        "      |        ^~~\n"
        "  the options are file, target, missing, header, columns, split, positions, shares\n"
        "wine.yaml:3:17: error: data has no option 'tärgét'\n"
        "    3 | data: {\"ä\": 1, tärgét: 3}\n"
        "      |                ^~~~~~\n"
        "  the options are file, target, missing, header, columns, split, positions, shares\n");
  CHECK(error_of("model: [output]\ntrain: {\tepoch: 3}\n") ==
        "wine.yaml:2:10: error: train has no option 'epoch'\n"
        "    2 | train: {\tepoch: 3}\n"
        "      |         \t^~~~~\n"
        "  did you mean 'epochs'? (whole number ≥ 1, default 100)\n");
}

TEST_CASE("what YAML has and settings do not") {
  CHECK(has(error_of("model: [output]\nname: a\nname: b\n"), "3:1: error: 'name' is written twice"));
  CHECK(has(error_of("model: [output]\nname: a\nname: b\n"), "the first is in line 2; keep one"));
  CHECK(has(error_of("model: [output]\n'name': a\nname: b\n"), "is written twice"));
  CHECK(has(error_of("model: [output]\n---\nname: b\n"), "2:1: error: a second document begins here"));
  CHECK(has(error_of("model: [output]\nname: !!str 3\n"), "2:7: error: tags are not taken"));
  CHECK(has(error_of("model: !list [output]\n"), "1:8: error: tags are not taken"));
  CHECK(has(error_of("model: [output]\nname: &a !x 3\n"), "tags are not taken"));
  CHECK(has(error_of("a: &a {epochs: 3}\nmodel: [output]\ntrain:\n  <<: *a\n"),
            "4:3: error: merging with << is not taken"));
  CHECK(has(error_of("model: &m [output, *m]\n"), "1:20: error: this alias stands inside what it refers to"));
  CHECK(has(error_of("? [a]\n: 3\n"), "1:3: error: a key is a word"));
  CHECK(has(error_of("data: {file: {{path}}}\n"), "text in braces is quoted"));
  CHECK(has(error_of("model: [output]\n: 3\n"), "2:1: error: no name before this ':'"));
}

TEST_CASE("aliases stand for a copy") {
  const auto result =
      bind_text("model:\n  - dense: &d {units: 3, activation: relu}\n  - dense: *d\n  - &o output\n  - *o\n");
  REQUIRE(result.error == "");
  REQUIRE(result.settings.model[0].layers.size() == 4);
  CHECK(result.settings.model[0].layers[1].as<toys::ToyDense>()->units == 3);
  CHECK(result.settings.model[0].layers[3].name() == "output");
  CHECK(result.bound.place_of("model.2.dense.units").line == 2);
}

TEST_CASE("a bomb of aliases, deep nesting and long lists end in an error") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string last = "*a" + std::to_string(i - 1) + ", ";
    std::string line = "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 9; ++k) line += last;
    bomb += line + "x]\n";
  }
  CHECK(has(error_of(bomb), "more than 100000 values"));
  CHECK(has(error_of("a: [" + std::string(300000, ',') + "]"), "more than 100000 values"));
  for (const char* bracket : {"[", "{", "- ", "? ", "[a: ", "{a: "}) {
    std::string deep = "model: ";
    for (int i = 0; i < 50000; ++i) deep += bracket;
    CHECK(error_of(deep) != "");
  }
  std::string residual = "model: ";
  for (int i = 0; i < 60; ++i) residual += "[residual: ";
  CHECK(has(error_of(residual), "nested deeper than 100 levels"));
}

TEST_CASE("what cannot be parsed is told in own words") {
  const auto at = [](const std::string& text, const std::string& place_and_message) {
    const std::string error = error_of(text);
    INFO(error);
    CHECK(error.starts_with("wine.yaml:" + place_and_message));
  };
  at("data:\n\tfile: x\n", "2:1: error: a tab in the indentation");
  at("name: x\n \tfile: x\n", "2:2: error: a tab in the indentation");
  at("train:\n  epochs:100\n  seed: 1\n", "2:9: error: no space after this ':'");
  at("model: [output]\ntrain:\n  seed: 1\n  epochs:100\n", "4:3: error: no ': ' after 'epochs:100'");
  at("model: [output]\ntrain:\n  epochs:100\n",
     "3:3: error: train must be options by name; got 'epochs:100'");
  at("train: {epochs: 1\ndata: {file: 2}\n", "1:8: error: this { never ends");
  at("model: [a, {b: 1\ndata: {file: 2}\n", "1:12: error: this { never ends");
  at("model: [output\ntrain: 1\n", "1:8: error: this [ never ends");
  at("model: [output]]\n", "1:16: error: nothing opens this ]");
  at("model: [{dense: 1], output]\n", "1:18: error: a ] where the { of line 1 wants its }");
  at("name: \"x\nmodel: [output]\n", "1:7: error: this \" quote never ends");
  at("name: 'it's'\n", "1:11: error: the value has ended before this");
  at("name: 'x\nmodel: [output]\n", "1:7: error: this ' quote never ends");
  at("name: a: b\n", "1:8: error: a second ':' in one line");
  at("name: @x\n", "1:7: error: a value cannot begin with @");
  at("name: `x\n", "1:7: error: a value cannot begin with `");
  at("name: %x\n", "1:7: error: a value cannot begin with %");
  at("data: {target: *}\n", "1:16: error: no anchor for the alias *");
  at("data: {target: [*_id]}\n", "1:17: error: no anchor for the alias *_id");
  at("name: \"C:\\data\"\n", "1:10: error: a \\ in double quotes begins an escape");
  at("train:\n  epochs: 1\n seed: 2\n", "3:2: error: an indentation of 1 space is that of no line above it");
  at("train:\n  epochs: 1\n   seed: 2\n",
     "3:4: error: indented deeper than the line above, which has its value already");
  at("model:\n  - dense: 1\n  relu: 2\n", "3:3: error: no '- ' before it, as the items above have");
  at("model:\n- dense: 1\n - output\n", "3:2: error: this item is indented otherwise than the one above it");
  at("model: - dense\n", "1:8: error: an item of a list cannot begin here");
  at("model: [output]\ntrain:\n  seed: 1\n  epochs\n", "4:3: error: no ': ' after 'epochs'");
  at("dense", "1:1: error: a configuration begins with 'name: value'; got 'dense'");
  at("- dense\n", "1:1: error: a configuration begins with 'name: value'; got a list");
}
