#include "data/text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/random.hpp"
#include "spec/spec.hpp"
#include "spec/table.hpp"

namespace bpnet {

namespace {
constexpr std::int64_t most_tokens = 1 << 20, most_ngrams = 5, most_buckets = 1 << 26;
}

void Text::visit(Visitor& v) {
  v("tokenizer", tokenizer, tokenizers,
    "what a token is; the vocabulary is learnt from the training rows, by all text columns of a stack "
    "together");
  v.optional("vocabulary", vocabulary, "auto", between(1, 1 << 20),
             "the most ids, instead of the tokenizer's own option");
  v("lower", lower, "read capitals as small letters: true here or of the tokenizer does it");
  v("max_length", max_length, between(1, most_tokens), "tokens that are read of a text; the rest is cut off");
  v("ngrams", ngrams, between(1, most_ngrams),
    "2: each two neighbouring tokens are a further step of the sequence; 3: each three, too; ...");
  v("buckets", buckets, between(0, most_buckets), "ids that n-grams are hashed to");
}

std::shared_ptr<TokenizerType> Text::tokenizer_type() const {
  auto type = clone(tokenizer).as<TokenizerType>();
  type->lower |= lower;
  if (vocabulary) type->hold_to(*vocabulary);
  return type;
}

std::vector<std::string> Text::faults() const {
  const std::int64_t least = tokenizer.as<TokenizerType>()->least();
  if (vocabulary && least == 0)
    return {"tokenizer: " + tokenizer.name() + " has no vocabulary to choose: leave vocabulary out"};
  if (vocabulary && *vocabulary < least)
    return {"vocabulary: " + std::to_string(*vocabulary) + " is too small, tokenizer: " + tokenizer.name() +
            " needs " + std::to_string(least)};
  if (ngrams > 1 && buckets == 0)
    return {"ngrams: " + std::to_string(ngrams) +
            " needs buckets, the ids that n-grams share: add buckets: 100000"};
  if (ngrams == 1 && buckets > 0) return {"buckets are for n-grams: add ngrams: 2"};
  return {};
}

int TextCode::longest(std::size_t columns) const {
  int steps = 0;
  for (int n = 1; n <= ngrams; ++n) steps += std::max(0, max_length - n + 1);
  return static_cast<int>(columns) * (steps + 1) - 1;
}

bool TextCode::append(std::string_view text, std::vector<std::int32_t>& ids) const {
  const std::size_t first = ids.size(), most = static_cast<std::size_t>(max_length);
  tokenizer->encode(text, ids, most + 1);
  const bool whole = ids.size() - first <= most;
  if (!whole) ids.pop_back();
  const std::size_t end = ids.size();
  for (std::size_t n = 2; n <= static_cast<std::size_t>(ngrams); ++n)
    for (std::size_t i = first; i + n <= end; ++i) {
      std::uint64_t hash = n;
      for (std::size_t k = 0; k < n; ++k) hash = mix(hash, static_cast<std::uint64_t>(ids[i + k]));
      ids.push_back(tokenizer->size() +
                    static_cast<std::int32_t>(hash % static_cast<std::uint64_t>(buckets)));
    }
  return whole;
}

nlohmann::json TextCode::to_json() const {
  return {{"tokenizer", tokenizer->to_json()},
          {"max_length", max_length},
          {"ngrams", ngrams},
          {"buckets", buckets},
          {"counts", counts}};
}

TextCode TextCode::from_json(const nlohmann::json& json) {
  TextCode code;
  code.tokenizer = Tokenizer::from_json(json.at("tokenizer"));
  json.at("max_length").get_to(code.max_length);
  json.at("ngrams").get_to(code.ngrams);
  json.at("buckets").get_to(code.buckets);
  code.counts = json.value("counts", code.counts);
  if (code.max_length < 1 || code.max_length > most_tokens || code.ngrams < 1 || code.ngrams > most_ngrams ||
      code.buckets < 0 || code.buckets > most_buckets || (code.ngrams > 1) != (code.buckets > 0) ||
      (!code.counts.empty() && code.counts.size() != static_cast<std::size_t>(code.tokenizer->size())))
    throw nlohmann::json::other_error::create(501, "a text's form makes no sense", &json);
  return code;
}

nlohmann::json TextFeature::to_json() const { return nullptr; }

namespace column_type_entries {
extern const Entry text = {
    "text",
    "written language: a sequence of tokens, for a stack that begins with an embedding",
    "string sentence document natural_language str",
    "text: {tokenizer: words, lower: true, max_length: 100}",
    "",
    make<Text>};
}

}  // namespace bpnet
