#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "text/bleu.hpp"
#include "text/chrf.hpp"
#include "text/edit_distance.hpp"

using namespace bpnet;

namespace {

nlohmann::json recorded() {
  std::ifstream file(BPNET_SOURCE "/tests/reference/text_metrics.json");
  return nlohmann::json::parse(file);
}

}  // namespace

TEST_CASE("BLEU and chrF of sentence pairs and corpora are sacrebleu's") {
  const auto json = recorded();
  REQUIRE(json["pairs"].size() >= 20);
  const auto check = [&](std::size_t first, std::size_t count, const nlohmann::json& expected) {
    Bleu bleu;
    Chrf chrf;
    for (std::size_t i = first; i < first + count; ++i) {
      const auto said = json["pairs"][i]["hypothesis"].get<std::string>(),
                 meant = json["pairs"][i]["reference"].get<std::string>();
      bleu.add(said, {&meant, 1});
      chrf.add(said, {&meant, 1});
    }
    CHECK(bleu.value() == doctest::Approx(expected["bleu"].get<double>()).epsilon(1e-12));
    CHECK(chrf.value() == doctest::Approx(expected["chrf"].get<double>()).epsilon(1e-12));
  };
  for (std::size_t i = 0; i < json["pairs"].size(); ++i) {
    CAPTURE(i);
    check(i, 1, json["pairs"][i]);
  }
  for (const auto& corpus : json["corpora"]) check(corpus["first"], corpus["count"], corpus);
}

TEST_CASE("BLEU and chrF of texts with several references are sacrebleu's") {
  const auto json = recorded();
  REQUIRE(json["several"].size() >= 9);
  const auto check = [](const Bleu& bleu, const Chrf& chrf, const nlohmann::json& expected) {
    CHECK(bleu.value() == doctest::Approx(expected["bleu"].get<double>()).epsilon(1e-12));
    CHECK(chrf.value() == doctest::Approx(expected["chrf"].get<double>()).epsilon(1e-12));
  };
  Bleu all_bleu;
  Chrf all_chrf;
  for (const auto& one : json["several"]) {
    CAPTURE(one.dump());
    const auto said = one["hypothesis"].get<std::string>();
    const auto meant = one["references"].get<std::vector<std::string>>();
    Bleu bleu;
    Chrf chrf;
    bleu.add(said, meant);
    chrf.add(said, meant);
    check(bleu, chrf, one);
    all_bleu.merge(bleu);
    all_chrf.merge(chrf);
  }
  check(all_bleu, all_chrf, json["several_corpus"]);
}

TEST_CASE("Marks are parted from words as mteval-v13a does") {
  const auto json = recorded();
  for (const auto& pair : json["pairs"])
    CHECK(tokenise_13a(pair["hypothesis"].get<std::string>()) == pair["tokens"].get<std::string>());
}

TEST_CASE("Word error rates are edits for each word of the reference") {
  ErrorRate all;
  std::int64_t edits = 0, words = 0;
  const auto json = recorded();
  for (const auto& pair : json["pairs"]) {
    ErrorRate one;
    one.add(pair["hypothesis"].get<std::string>(), pair["reference"].get<std::string>());
    CHECK(one.edits == pair["edits"].get<std::int64_t>());
    CHECK(one.length == pair["words"].get<std::int64_t>());
    all.add(pair["hypothesis"].get<std::string>(), pair["reference"].get<std::string>());
    edits += one.edits;
    words += one.length;
  }
  CHECK(all.value() == static_cast<double>(edits) / static_cast<double>(words));
  CHECK(std::isnan(ErrorRate().value()));
}

TEST_CASE("Symbols are told apart by their own separator") {
  const auto rate = [](std::string_view told, std::string_view right, std::string_view separator) {
    ErrorRate one;
    one.add(told, right, separator);
    return one.value();
  };
  CHECK(rate("a;b;c;d", "a;b;x;d", ";") == 0.25);
  CHECK(rate("new york;rome", "new york;paris;rome", ";") == doctest::Approx(1.0 / 3));
  CHECK(rate("a;b;c;d", "a;b;x;d", "") == 1);
}

TEST_CASE("Edit distances of ids") {
  const std::vector<std::int32_t> kitten = {1, 2, 3, 3, 4, 5}, sitting = {6, 2, 3, 3, 2, 5, 7};
  CHECK(edit_distance(kitten, sitting) == 3);
  CHECK(edit_distance(sitting, kitten) == 3);
  CHECK(edit_distance(kitten, kitten) == 0);
  CHECK(edit_distance({}, kitten) == 6);
  CHECK(edit_distance({}, {}) == 0);
}
