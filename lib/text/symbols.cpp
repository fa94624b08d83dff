#include "text/symbols.hpp"

#include <nlohmann/json.hpp>

#include "spec/table.hpp"
#include "text/letters.hpp"
#include "text/vocabulary.hpp"

namespace bpnet {

namespace {

class SymbolTokenizer final : public Tokenizer {
 public:
  SymbolTokenizer(bool lower, std::string separator, std::vector<std::string> symbols)
      : Tokenizer(lower), separator_(std::move(separator)), symbols_(std::move(symbols)) {}
  std::string_view separator() const override { return separator_; }
  std::string_view joint() const override { return separator_; }
  int size() const override { return symbols_.size(); }

 protected:
  void append(std::string_view text, std::vector<std::int32_t>& ids, std::size_t most) const override {
    if (ids.size() >= most) return;
    split_parts(text, separator_, [&](std::string_view symbol) {
      ids.push_back(symbols_.find(symbol));
      return ids.size() < most;
    });
  }
  std::string token(std::int32_t id) const override { return symbols_[id]; }
  std::string unknown_token() const override { return "\uFFFD"; }
  const char* name() const override { return "symbols"; }
  nlohmann::json tokens_to_json() const override {
    return {{"separator", separator_}, {"symbols", symbols_.tokens()}};
  }

 private:
  const std::string separator_;
  const Vocabulary symbols_;
};

struct Symbols final : TokenizerType {
  std::string separator = " ";
  std::int64_t vocabulary = 20'000, min_count = 1;

  std::int64_t least() const override { return Tokenizer::first + 1; }
  void hold_to(std::int64_t ids) override { vocabulary = ids; }
  void visit(Visitor& v) override {
    v("separator", separator, "what stands between two symbols");
    v("vocabulary", vocabulary, between(static_cast<double>(least()), 1 << 24),
      "the most ids, with the three that stand for no symbol");
    v("lower", lower, "read capitals as small letters");
    v("min_count", min_count, at_least(1), "symbols that are seen less often are unknown");
  }
  std::shared_ptr<const Tokenizer> train(std::span<const std::string_view> documents) const override {
    if (separator.empty())
      throw Error(Fault::configuration, "tokenizer symbols: separator may not be empty",
                  {"a token for each character: tokenizer: characters"});
    TokenCounts counts;
    for (const std::string_view text : documents) {
      const std::string lowered = lower ? lower_case(text) : std::string();
      split_parts(lower ? lowered : text, separator, [&](std::string_view symbol) {
        counts.add(symbol);
        return true;
      });
    }
    return std::make_shared<SymbolTokenizer>(lower, separator, counts.chosen(min_count, vocabulary));
  }
  std::shared_ptr<const Tokenizer> read(const nlohmann::json& tokens) const override {
    auto between = tokens.at("separator").get<std::string>();
    if (between.empty()) throw Error(Fault::data, "the model file's tokenizer is damaged: no separator");
    return std::make_shared<SymbolTokenizer>(lower, std::move(between),
                                             tokens.at("symbols").get<std::vector<std::string>>());
  }
};

}  // namespace

std::shared_ptr<TokenizerType> symbols_between(std::string separator) {
  auto out = std::make_shared<Symbols>();
  out->separator = std::move(separator);
  return out;
}

namespace tokenizer_entries {
extern const Entry symbols = {"symbols",
                              "a token for each part between separators, such as phonemes or codes",
                              "split delimiter separator labels",
                              "symbols: \",\"",
                              "",
                              make<Symbols>};
}

std::string with_one_joint(const Tokenizer& tokenizer, std::string text, std::size_t most) {
  const std::string_view joint = tokenizer.joint();
  if (joint.empty()) return text;
  std::string out;
  std::size_t parts = 0;
  split_parts(text, joint, [&](std::string_view part) {
    if (parts == most) return false;
    if (parts++ > 0) out += joint;
    out += part;
    return true;
  });
  return out;
}

}  // namespace bpnet
