#pragma once
// Tokens that are written out, and how often they were seen.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/counted.hpp"
#include "text/tokenizer.hpp"
#include "text/utf8.hpp"

namespace bpnet {

/// Texts of tokens; the first has the id Tokenizer::first.
class Vocabulary {
 public:
  explicit Vocabulary(std::vector<std::string> tokens) : tokens_(std::move(tokens)) {
    ids_.reserve(tokens_.size());
    for (std::size_t i = 0; i < tokens_.size(); ++i)
      ids_.emplace(tokens_[i], Tokenizer::first + static_cast<std::int32_t>(i));
  }
  Vocabulary(const Vocabulary&) = delete;
  Vocabulary& operator=(const Vocabulary&) = delete;
  std::int32_t find(std::string_view token) const {
    const auto found = ids_.find(token);
    return found == ids_.end() ? Tokenizer::unknown : found->second;
  }
  const std::string& operator[](std::int32_t id) const {
    return tokens_[static_cast<std::size_t>(id - Tokenizer::first)];
  }
  int size() const { return Tokenizer::first + static_cast<int>(tokens_.size()); }
  const std::vector<std::string>& tokens() const { return tokens_; }

 private:
  std::vector<std::string> tokens_;
  std::unordered_map<std::string_view, std::int32_t> ids_;  // of tokens_
};

/// Counts tokens.
class TokenCounts {
 public:
  void add(std::string_view token) {
    key_.assign(token);
    ++counts_[key_];
  }
  /// Those that become a vocabulary of at most so many ids; bytes that are no UTF-8 are in none.
  std::vector<std::string> chosen(std::int64_t min_count, std::int64_t vocabulary) {
    std::erase_if(counts_, [](const auto& c) { return find_no_utf8(c.first) != std::string_view::npos; });
    return most_frequent<std::string>({counts_.begin(), counts_.end()}, min_count,
                                      static_cast<std::size_t>(vocabulary - Tokenizer::first));
  }

 private:
  std::unordered_map<std::string, std::int64_t> counts_;
  std::string key_;
};

}  // namespace bpnet
