#include <nlohmann/json.hpp>
#include <unordered_map>

#include "spec/table.hpp"
#include "text/counted.hpp"
#include "text/letters.hpp"
#include "text/tokenizer.hpp"
#include "text/utf8.hpp"

namespace bpnet::tokenizer_entries {

namespace {

class CharacterTokenizer final : public Tokenizer {
 public:
  CharacterTokenizer(bool lower, std::vector<std::uint32_t> letters)
      : Tokenizer(lower), letters_(std::move(letters)) {
    std::uint32_t last = 0;
    for (const std::uint32_t letter : letters_) last = std::max(last, letter);
    ids_.resize(last + 1, unknown);
    for (std::size_t i = 0; i < letters_.size(); ++i)
      ids_[letters_[i]] = first + static_cast<std::int32_t>(i);
  }
  int size() const override { return first + static_cast<int>(letters_.size()); }

 protected:
  void append(std::string_view text, std::vector<std::int32_t>& ids, std::size_t most) const override {
    for (std::size_t at = 0; at < text.size() && ids.size() < most;) {
      const std::uint32_t letter = read_utf8(text, at);
      ids.push_back(letter < ids_.size() ? ids_[letter] : unknown);
    }
  }
  std::string token(std::int32_t id) const override {
    char bytes[4];
    return std::string(bytes, write_utf8(letters_[static_cast<std::size_t>(id - first)], bytes));
  }
  std::string unknown_token() const override { return "\uFFFD"; }
  const char* name() const override { return "characters"; }
  nlohmann::json tokens_to_json() const override { return letters_; }

 private:
  std::vector<std::uint32_t> letters_;  // sorted
  std::vector<std::int32_t> ids_;       // by code point
};

struct Characters final : TokenizerType {
  std::optional<std::int64_t> vocabulary;
  std::int64_t min_count = 1;

  std::int64_t least() const override { return Tokenizer::first + 1; }
  void hold_to(std::int64_t ids) override { vocabulary = ids; }
  void visit(Visitor& v) override {
    v.optional("vocabulary", vocabulary, "all", between(static_cast<double>(least()), 1 << 21),
               "the most ids, with the three that stand for no character");
    v("lower", lower, "read capitals as small letters");
    v("min_count", min_count, at_least(1), "characters that are seen less often are unknown");
  }
  std::shared_ptr<const Tokenizer> train(std::span<const std::string_view> documents) const override {
    std::unordered_map<std::uint32_t, std::int64_t> counts;
    for (const std::string_view text : documents)
      for (std::size_t at = 0; at < text.size();) {
        const std::uint32_t letter = read_utf8(text, at);
        ++counts[lower ? lower_case(letter) : letter];
      }
    const auto most = static_cast<std::size_t>(vocabulary.value_or(1 << 21) - Tokenizer::first);
    auto letters = most_frequent<std::uint32_t>({counts.begin(), counts.end()}, min_count, most);
    std::sort(letters.begin(), letters.end());
    return std::make_shared<CharacterTokenizer>(lower, std::move(letters));
  }
  std::shared_ptr<const Tokenizer> read(const nlohmann::json& tokens) const override {
    auto letters = tokens.get<std::vector<std::uint32_t>>();
    for (const std::uint32_t letter : letters)
      if (letter > 0x10FFFF) throw Error(Fault::data, "the model file's tokenizer is damaged: no character");
    return std::make_shared<CharacterTokenizer>(lower, std::move(letters));
  }
};

}  // namespace

extern const Entry characters = {"characters",
                                 "a token for each character (Unicode code point)",
                                 "chars char character letters",
                                 "characters: {lower: true}",
                                 "",
                                 make<Characters>};

}  // namespace bpnet::tokenizer_entries
