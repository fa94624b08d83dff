#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "spec/spec.hpp"
#include "text/bpe.hpp"
#include "text/letters.hpp"
#include "text/tokenizer.hpp"
#include "text/utf8.hpp"

using namespace bpnet;

namespace {

using Ids = std::vector<std::int32_t>;

std::shared_ptr<const Tokenizer> trained(const char* yaml, std::vector<std::string_view> documents) {
  return parse_choice(tokenizers, yaml).as<TokenizerType>()->train(documents);
}

Ids encoded(const Tokenizer& tokenizer, std::string_view text, std::size_t most = Tokenizer::all) {
  Ids ids;
  tokenizer.encode(text, ids, most);
  return ids;
}

/// A character of every 97th code point of all planes, surrogates left out.
std::string all_planes() {
  std::string out;
  char bytes[4];
  for (std::uint32_t letter = 1; letter <= 0x10FFFF; letter += 97)
    if (letter < 0xD800 || letter > 0xDFFF) out.append(bytes, write_utf8(letter, bytes));
  return out;
}

}  // namespace

TEST_CASE("Characters, bytes and byte pairs give every text of Unicode back, also from JSON") {
  const std::string text = all_planes() + " plain words, plain words   and\n\n more";
  for (const char* yaml : {"characters", "bytes", "bpe: 400"}) {
    const auto tokenizer = trained(yaml, {text});
    const Ids ids = encoded(*tokenizer, text);
    CHECK(tokenizer->decode(ids) == text);
    const auto again = Tokenizer::from_json(nlohmann::json::parse(tokenizer->to_json().dump()));
    CHECK(again->size() == tokenizer->size());
    CHECK(encoded(*again, text) == ids);
    CHECK(again->decode(ids) == text);
  }
}

TEST_CASE("Tokenizers give bytes that are no UTF-8 a defined answer") {
  const std::string_view broken = "a\xFF\xC3(\xED\xA0\x80";
  const auto characters = trained("characters", {"a(\xFF"});  // the byte is learnt as U+FFFD
  CHECK(characters->decode(encoded(*characters, broken)) == "a\uFFFD\uFFFD(\uFFFD\uFFFD\uFFFD");
  for (const char* yaml : {"bytes", "bpe: 260"}) {
    const auto tokenizer = trained(yaml, {broken});
    CHECK(tokenizer->decode(encoded(*tokenizer, broken)) == broken);
  }
  const auto words = trained("words", {"a \xFF b"});
  CHECK(words->size() == Tokenizer::first + 2);
  CHECK(encoded(*words, "a\xFF") == Ids{3, Tokenizer::unknown});
}

TEST_CASE("Characters are numbered in the order of their code points, the rare ones unknown") {
  const auto tokenizer = trained("characters", {"cab\u00E4 ab"});
  CHECK(tokenizer->size() == Tokenizer::first + 5);
  CHECK(encoded(*tokenizer, " abc\u00E4x") == Ids{3, 4, 5, 6, 7, Tokenizer::unknown});
  CHECK(tokenizer->decode(Ids{Tokenizer::begin, 4, Tokenizer::unknown, Tokenizer::end}) == "a\uFFFD");
  const auto few = trained("characters: {vocabulary: 5}", {"ccaab"});
  CHECK(encoded(*few, "abc") == Ids{3, Tokenizer::unknown, 4});
  CHECK(encoded(*few, "abc", 2) == Ids{3, Tokenizer::unknown});
}

TEST_CASE("Words are runs of letters and digits and single marks, the most frequent first") {
  const auto tokenizer = trained("words", {"The cat, the dog.", "the \u00E4pfel\u2014the end"});
  Ids ids = encoded(*tokenizer, "the,  cat\u2014\u00C4 ");
  REQUIRE(ids.size() == 5);
  CHECK(ids[0] == Tokenizer::first);
  CHECK(ids[4] == Tokenizer::unknown);
  CHECK(tokenizer->decode(ids) == "the, cat \u2014 \uFFFD");
  const auto lower = trained("words: {lower: true, min_count: 2}", {"The cat the CAT \u00C4 dog"});
  CHECK(lower->size() == Tokenizer::first + 2);
  CHECK(encoded(*lower, "CAT the tHe dog") == Ids{3, 4, 4, Tokenizer::unknown});
  CHECK(encoded(*lower, "a b c d", 2) == Ids{Tokenizer::unknown, Tokenizer::unknown});
  const auto again = Tokenizer::from_json(lower->to_json());
  CHECK(encoded(*again, "THE") == Ids{4});
}

TEST_CASE("Words and marks become text as it is usually written") {
  const std::string texts[] = {"Zed-2, Ex, don't.",
                               "\"Hello,\" she said: (really!) [yes] {no}; why?",
                               "It costs $ 1,234.56, at 10:30 or 5% of it...",
                               "the 5-year-old's well-known e_mail and/or O'Brien\u2019s",
                               "'tis a \"quoted\" word & more - so they say",
                               "\u00BFQu\u00E9? \u00A1S\u00ED! l'\u00E9t\u00E9\u2026",
                               "a -- b",
                               "one two"};
  for (const std::string& text : texts) {
    const auto tokenizer = trained("words", {text});
    const std::string told = tokenizer->decode(encoded(*tokenizer, text));
    CHECK(encoded(*tokenizer, told) == encoded(*tokenizer, text));
    if (text.find(" - ") == std::string::npos && text != "a -- b") CHECK(told == text);
  }
  // What the blanks were cannot be known.
  for (const auto& [text, told] :
       {std::pair("a - b", "a-b"), std::pair("1, 2", "1,2"), std::pair("the dogs' tails", "the dogs'tails"),
        std::pair("U.S.", "U. S."), std::pair("( a )", "(a)"), std::pair("a.b", "a. b")}) {
    const auto tokenizer = trained("words", {text});
    CHECK(tokenizer->decode(encoded(*tokenizer, text)) == told);
  }
}

TEST_CASE("Words of byte pairs are cut as GPT-2 does") {
  const auto cut = [](std::string_view text) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size();) words.emplace_back(next_word(text, at));
    return words;
  };
  using Words = std::vector<std::string>;
  CHECK(cut("Hello world, it's 1984!") == Words{"Hello", " world", ",", " it", "'s", " 1984", "!"});
  CHECK(cut("a   b\n\nc \t d  ") == Words{"a", "  ", " b", "\n", "\n", "c", " \t", " d", "  "});
  CHECK(cut("'tis \u00E4b\u00E4 x'") == Words{"'t", "is", " \u00E4b\u00E4", " x", "'"});
  CHECK(cut(std::string(300, 'x')).size() == 3);
}

TEST_CASE("The most frequent pair is merged first, of equals that of smaller symbols") {
  const auto learnt = [](std::vector<std::string_view> documents, std::size_t most) {
    return learn_merges(documents, most, 2);
  };
  // "abab" twice and "ab" once: ab 5 times, then abab twice.
  CHECK(learnt({"abab", "abab", "ab"}, 9) == std::vector<Merge>{{'a', 'b'}, {256, 256}});
  CHECK(learnt({"abab", "abab", "ab"}, 1).size() == 1);
  CHECK(learnt({"xy", "xy", "cd", "cd"}, 1) == std::vector<Merge>{{'c', 'd'}});
  const auto tokenizer = trained("bpe: 1000", {"abab", "abab", "ab"});
  CHECK(encoded(*tokenizer, "ababab") == Ids{Tokenizer::first + 257, Tokenizer::first + 256});
  CHECK(encoded(*tokenizer, "ababab", 1) == Ids{Tokenizer::first + 257});
}

TEST_CASE("A model file's damaged tokenizer is refused") {
  for (const char* text : {R"({})", R"({"tokenizer": "morse", "lower": false, "tokens": []})",
                           R"({"tokenizer": "bpe", "lower": false, "tokens": [[97, 256]]})",
                           R"({"tokenizer": "bpe", "lower": false, "tokens": [[-1, 3]]})",
                           R"({"tokenizer": "words", "lower": false, "tokens": [1]})",
                           R"({"tokenizer": "characters", "lower": false, "tokens": [4000000000]})"})
    CHECK_THROWS_AS(Tokenizer::from_json(nlohmann::json::parse(text)), Error);
}

TEST_CASE("Small letters of Latin, Greek, Cyrillic and Armenian capitals") {
  CHECK(lower_case("A\u00C4\u0141\u017D\u0178\u0391\u038F\u0416\u0401\u04C0\u0531\u1E9E\u1EA0z\xFF\u4E2D") ==
        "a\u00E4\u0142\u017E\u00FF\u03B1\u03CE\u0436\u0451\u04CF\u0561\u00DF\u1EA1z\xFF\u4E2D");
}
