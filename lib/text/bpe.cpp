#include "text/bpe.hpp"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cstring>
#include <nlohmann/json.hpp>
#include <span>

#include "core/hash.hpp"
#include "spec/table.hpp"
#include "text/letters.hpp"
#include "text/tokenizer.hpp"

namespace bpnet::tokenizer_entries {

namespace {

/// Words a thread met lately and their ids, of whatever tokenizer. Most words of a text are met again.
class WordCache {
 public:
  static constexpr std::size_t most_bytes = 24, most_ids = 10;
  struct Seen {
    std::uint64_t owner = 0;  // no tokenizer has the number 0
    std::uint8_t bytes = 0, ids = 0;
    char word[most_bytes];
    std::int32_t id[most_ids];
    bool is(std::uint64_t tokenizer, std::string_view text) const {
      return owner == tokenizer && bytes == text.size() && std::memcmp(word, text.data(), bytes) == 0;
    }
  };
  Seen& at(std::string_view word) {
    const auto* const data = reinterpret_cast<const std::byte*>(word.data());
    return seen_[hash64({data, word.size()}) % size];
  }

 private:
  static constexpr std::size_t size = 8192;
  std::vector<Seen> seen_ = std::vector<Seen>(size);
};

std::uint64_t next_owner() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

class BpeTokenizer final : public Tokenizer {
 public:
  BpeTokenizer(bool lower, std::vector<Merge> merges)
      : Tokenizer(lower), merges_(std::move(merges)), merger_(merges_), owner_(next_owner()) {
    for (int byte = 0; byte < byte_symbols; ++byte) texts_.push_back({static_cast<char>(byte)});
    for (const Merge& m : merges_)
      texts_.push_back(texts_[static_cast<std::size_t>(m[0])] + texts_[static_cast<std::size_t>(m[1])]);
  }
  int size() const override { return first + static_cast<int>(texts_.size()); }

 protected:
  void append(std::string_view text, std::vector<std::int32_t>& ids, std::size_t most) const override {
    thread_local WordCache cache;
    for (std::size_t at = 0; at < text.size() && ids.size() < most;) {
      const std::string_view word = next_word(text, at);
      if (word.size() > WordCache::most_bytes) {
        append_word(word, ids);
        continue;
      }
      WordCache::Seen& seen = cache.at(word);
      if (seen.is(owner_, word)) {
        ids.insert(ids.end(), seen.id, seen.id + seen.ids);
        continue;
      }
      const std::size_t before = ids.size();
      append_word(word, ids);
      const std::size_t count = ids.size() - before;
      if (count > WordCache::most_ids) continue;
      seen.owner = owner_;
      seen.bytes = static_cast<std::uint8_t>(word.size());
      seen.ids = static_cast<std::uint8_t>(count);
      std::memcpy(seen.word, word.data(), word.size());
      std::copy(ids.end() - static_cast<std::ptrdiff_t>(count), ids.end(), seen.id);
    }
    ids.resize(std::min(ids.size(), most));
  }
  std::string token(std::int32_t id) const override { return texts_[static_cast<std::size_t>(id - first)]; }
  const char* name() const override { return "bpe"; }
  nlohmann::json tokens_to_json() const override { return merges_; }

 private:
  void append_word(std::string_view word, std::vector<std::int32_t>& ids) const {
    std::int32_t symbols[256];
    assert(word.size() <= std::size(symbols));
    for (std::size_t i = 0; i < word.size(); ++i) symbols[i] = static_cast<unsigned char>(word[i]);
    const std::size_t count = merger_.apply({symbols, word.size()});
    for (std::size_t i = 0; i < count; ++i) ids.push_back(first + symbols[i]);
  }
  const std::vector<Merge> merges_;
  const Merger merger_;
  const std::uint64_t owner_;
  std::vector<std::string> texts_;  // by symbol
};

struct Bpe final : TokenizerType {
  std::int64_t vocabulary = 8'000, min_count = 2;

  std::int64_t least() const override { return Tokenizer::first + byte_symbols; }
  void hold_to(std::int64_t ids) override { vocabulary = ids; }
  void visit(Visitor& v) override {
    v("vocabulary", vocabulary, between(static_cast<double>(least()), 1 << 20),
      "the most ids: 256 bytes, what is merged of them, and three that stand for no text");
    v("lower", lower, "read capitals as small letters");
    v("min_count", min_count, at_least(1), "pairs that are seen less often are not merged");
  }
  std::shared_ptr<const Tokenizer> train(std::span<const std::string_view> documents) const override {
    std::vector<std::string> lowered;
    std::vector<std::string_view> texts(documents.begin(), documents.end());
    if (lower) {
      for (const std::string_view text : documents) lowered.push_back(lower_case(text));
      texts.assign(lowered.begin(), lowered.end());
    }
    const auto most = static_cast<std::size_t>(vocabulary) - Tokenizer::first - byte_symbols;
    return std::make_shared<BpeTokenizer>(lower, learn_merges(texts, most, min_count));
  }
  std::shared_ptr<const Tokenizer> read(const nlohmann::json& tokens) const override {
    auto merges = tokens.get<std::vector<Merge>>();
    std::vector<std::size_t> lengths(byte_symbols, 1);  // texts as long as a damaged file says take no memory
    for (const auto& [left, right] : merges) {
      const auto known = static_cast<std::int32_t>(lengths.size());
      if (left < 0 || right < 0 || left >= known || right >= known)
        throw Error(Fault::data, "the model file's tokenizer is damaged: a merge of what is not there");
      lengths.push_back(lengths[static_cast<std::size_t>(left)] + lengths[static_cast<std::size_t>(right)]);
      if (lengths.back() > 256)
        throw Error(Fault::data, "the model file's tokenizer is damaged: a token of more than 256 bytes");
    }
    return std::make_shared<BpeTokenizer>(lower, std::move(merges));
  }
};

}  // namespace

extern const Entry bpe = {
    "bpe",
    "byte-pair encoding: bytes, and the parts of words that are frequent; nothing is unknown",
    "byte_pair_encoding byte_pair subwords BPE sentencepiece wordpiece gpt2",
    "bpe: 1000",
    "",
    make<Bpe>};

}  // namespace bpnet::tokenizer_entries
