#include <algorithm>
#include <queue>
#include <string>
#include <unordered_map>

#include "text/bpe.hpp"

namespace bpnet {

namespace {

struct Word {
  std::vector<std::int32_t> symbols;
  std::int64_t count = 0;
};

/// A pair and how often it was there when it was noted; stale once that has changed.
struct Candidate {
  std::int64_t count;
  Merge pair;
  bool operator<(const Candidate& other) const {  // true: the other is better
    return count != other.count ? count < other.count : pair > other.pair;
  }
};

struct PairHash {
  std::size_t operator()(const Merge& pair) const {
    const auto key = static_cast<std::uint64_t>(pair[0]) << 32 | static_cast<std::uint32_t>(pair[1]);
    return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15u) >> 16);
  }
};

struct Place {
  std::int64_t count = 0;
  std::vector<std::uint32_t> words;  // that had the pair once; some more than once
};

std::vector<Word> words_of(std::span<const std::string_view> documents) {
  std::unordered_map<std::string_view, std::size_t> numbers;
  std::vector<Word> words;
  for (const std::string_view text : documents)
    for (std::size_t at = 0; at < text.size();) {
      const std::string_view word = next_word(text, at);
      const auto [found, added] = numbers.try_emplace(word, words.size());
      if (added) {
        words.emplace_back();
        for (const char c : word) words.back().symbols.push_back(static_cast<unsigned char>(c));
      }
      ++words[found->second].count;
    }
  return words;
}

class Learning {
 public:
  Learning(std::span<const std::string_view> documents, std::int64_t min_count)
      : words_(words_of(documents)), min_count_(min_count) {
    for (std::size_t w = 0; w < words_.size(); ++w)
      for (std::size_t i = 0; i + 1 < words_[w].symbols.size(); ++i)
        change({words_[w].symbols[i], words_[w].symbols[i + 1]}, w, words_[w].count);
    note_changes();
  }
  std::vector<Merge> learn(std::size_t most) {
    std::vector<Merge> merges;
    while (merges.size() < most && !best_.empty()) {
      const Candidate best = best_.top();
      best_.pop();
      const auto found = places_.find(best.pair);
      if (found == places_.end() || found->second.count != best.count) continue;
      std::vector<std::uint32_t> words = std::move(found->second.words);
      std::sort(words.begin(), words.end());
      words.erase(std::unique(words.begin(), words.end()), words.end());
      const auto symbol = byte_symbols + static_cast<std::int32_t>(merges.size());
      for (const std::uint32_t w : words) replace(w, best.pair, symbol);
      places_.erase(best.pair);
      note_changes();
      merges.push_back(best.pair);
    }
    return merges;
  }

 private:
  void change(const Merge& pair, std::size_t word, std::int64_t by) {
    Place& place = places_[pair];
    place.count += by;
    if (by > 0 && (place.words.empty() || place.words.back() != word))
      place.words.push_back(static_cast<std::uint32_t>(word));
    changed_.push_back(pair);
  }
  void note_changes() {
    std::sort(changed_.begin(), changed_.end());
    changed_.erase(std::unique(changed_.begin(), changed_.end()), changed_.end());
    for (const Merge& pair : changed_)
      if (const auto found = places_.find(pair); found != places_.end() && found->second.count >= min_count_)
        best_.push({found->second.count, pair});
    changed_.clear();
  }
  void replace(std::size_t w, const Merge& pair, std::int32_t symbol) {
    std::vector<std::int32_t>& s = words_[w].symbols;
    const auto is_pair = [&](std::size_t i) {
      return i + 1 < s.size() && s[i] == pair[0] && s[i + 1] == pair[1];
    };
    std::size_t i = 0;
    while (i < s.size() && !is_pair(i)) ++i;
    if (i == s.size()) return;
    for (std::size_t k = 0; k + 1 < s.size(); ++k) change({s[k], s[k + 1]}, w, -words_[w].count);
    std::size_t to = i;
    for (; i < s.size(); ++i) {
      const bool merge = is_pair(i);
      s[to++] = merge ? symbol : s[i];
      if (merge) ++i;
    }
    s.resize(to);
    for (std::size_t k = 0; k + 1 < s.size(); ++k) change({s[k], s[k + 1]}, w, words_[w].count);
  }

  std::vector<Word> words_;
  std::int64_t min_count_;
  std::unordered_map<Merge, Place, PairHash> places_;
  std::priority_queue<Candidate> best_;
  std::vector<Merge> changed_;  // since the last note
};

}  // namespace

std::vector<Merge> learn_merges(std::span<const std::string_view> documents, std::size_t most,
                                std::int64_t min_count) {
  return Learning(documents, min_count).learn(most);
}

}  // namespace bpnet
