#include <nlohmann/json.hpp>

#include "spec/table.hpp"
#include "text/letters.hpp"
#include "text/standing.hpp"
#include "text/tokenizer.hpp"
#include "text/utf8.hpp"
#include "text/vocabulary.hpp"

namespace bpnet::tokenizer_entries {

namespace {

/// Calls take(word) for each run of letters and digits and for each mark by itself, until it says false.
template <class Take>
void split_words(std::string_view text, const Take& take) {
  std::size_t word = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t here = at;
    const std::uint32_t letter = read_utf8(text, at);
    const bool space = is_space(letter);
    if (!space && !is_mark(letter)) continue;
    if (here > word && !take(text.substr(word, here - word))) return;
    if (!space && !take(text.substr(here, at - here))) return;
    word = at;
  }
  if (word < text.size()) take(text.substr(word));
}

class WordTokenizer final : public Tokenizer {
 public:
  WordTokenizer(bool lower, std::vector<std::string> tokens) : Tokenizer(lower), words_(std::move(tokens)) {
    for (std::int32_t id = 0; id < size(); ++id)
      standings_.push_back(id < first ? Standing::word : standing_of(words_[id]));
  }
  std::string_view joint() const override { return " "; }
  std::string_view joint_before(std::span<const std::int32_t> told, std::int32_t next) const override {
    return stands_apart(standings_, told, next) ? " " : "";
  }
  int size() const override { return words_.size(); }

 protected:
  void append(std::string_view text, std::vector<std::int32_t>& ids, std::size_t most) const override {
    if (ids.size() >= most) return;
    split_words(text, [&](std::string_view word) {
      ids.push_back(words_.find(word));
      return ids.size() < most;
    });
  }
  std::string token(std::int32_t id) const override { return words_[id]; }
  std::string unknown_token() const override { return "\uFFFD"; }
  const char* name() const override { return "words"; }
  nlohmann::json tokens_to_json() const override { return words_.tokens(); }

 private:
  const Vocabulary words_;  // the most frequent first
  std::vector<Standing> standings_;
};

struct Words final : TokenizerType {
  std::int64_t vocabulary = 20'000, min_count = 1;

  std::int64_t least() const override { return Tokenizer::first + 1; }
  void hold_to(std::int64_t ids) override { vocabulary = ids; }
  void visit(Visitor& v) override {
    v("vocabulary", vocabulary, between(static_cast<double>(least()), 1 << 24),
      "the most ids, with the three that stand for no word");
    v("lower", lower, "read capitals as small letters");
    v("min_count", min_count, at_least(1), "words that are seen less often are unknown");
  }
  std::shared_ptr<const Tokenizer> train(std::span<const std::string_view> documents) const override {
    TokenCounts counts;
    for (const std::string_view text : documents) {
      const std::string lowered = lower ? lower_case(text) : std::string();
      split_words(lower ? lowered : text, [&](std::string_view word) {
        counts.add(word);
        return true;
      });
    }
    return std::make_shared<WordTokenizer>(lower, counts.chosen(min_count, vocabulary));
  }
  std::shared_ptr<const Tokenizer> read(const nlohmann::json& tokens) const override {
    return std::make_shared<WordTokenizer>(lower, tokens.get<std::vector<std::string>>());
  }
};

}  // namespace

extern const Entry words = {"words",
                            "a token for each word: a run of letters and digits, or one mark such as a "
                            "comma; spaces are dropped, and "
                            "put back as they are usual around marks",
                            "word whitespace basic_english",
                            "words: {vocabulary: 10000, lower: true}",
                            "",
                            make<Words>};

}  // namespace bpnet::tokenizer_entries
