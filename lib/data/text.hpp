#pragma once
// Columns of text.

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "data/column_type.hpp"
#include "text/tokenizer.hpp"

namespace bpnet {

struct Text final : ColumnType {
  Choice tokenizer = choose(tokenizers, "words");
  std::optional<std::int64_t> vocabulary;  // the tokenizer's, written here
  bool lower = false;                      // too
  std::int64_t max_length = 256, ngrams = 1, buckets = 0;
  void visit(Visitor&) override;
  Cells cells() const override { return Cells::sentences; }
  std::vector<std::string> faults() const override;
  /// The tokenizer with what is written beside it.
  std::shared_ptr<TokenizerType> tokenizer_type() const;
};

/// How the texts that a stack reads become its sequences: those of several columns one behind the other, with
/// Tokenizer::end between two. n-grams of tokens are further steps behind the tokens of their text, hashed
/// into buckets (Joulin et al. 2016).
struct TextCode {
  std::shared_ptr<const Tokenizer> tokenizer;
  int max_length = 1;  // tokens of a text
  int ngrams = 1, buckets = 0;
  /// Of a text that is told: how often each id is in the training rows; else empty.
  std::vector<std::int64_t> counts = {};
  int classes() const { return tokenizer->size() + buckets; }
  /// The most steps of so many columns.
  int longest(std::size_t columns) const;
  /// Appends the steps of one column's text; false if it has more tokens than are read.
  bool append(std::string_view text, std::vector<std::int32_t>& ids) const;
  nlohmann::json to_json() const;
  static TextCode from_json(const nlohmann::json&);
};

/// A feature whose code is that of the stacks that read it.
struct TextFeature {
  nlohmann::json to_json() const;
};

}  // namespace bpnet
