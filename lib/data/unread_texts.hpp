#pragma once
// What is told of texts and sequences that are read only in part.

#include <map>
#include <optional>
#include <vector>

#include "core/error.hpp"
#include "data/encoding.hpp"
#include "data/rows.hpp"

namespace bpnet {

/// Counts such rows, over one or more tables.
class UnreadTexts {
 public:
  void add(const TableRows& rows, std::span<const std::int64_t> which);
  void add(const TableRows& rows);  // all of them
  /// Texts that are longer than what is read of them. `rows`: what they are called, "row", "training row".
  std::vector<Problem> cut(const TableEncoding& encoding, const char* rows) const;
  /// Texts with tokens that the vocabulary lacks, and targets with labels that no training row has.
  std::vector<Problem> unknown(const TableEncoding& encoding) const;
  std::vector<Problem> unknown_labels(const TableEncoding& encoding) const;

 private:
  struct Count {
    std::int64_t cut = 0, unknown = 0;  // rows
  };
  std::map<std::size_t, Count> groups_;  // those that are read, or are labels of steps
};

/// A warning if more than half of the tokens of the training texts are unknown. `ids`: of the vocabulary,
/// with those that stand for no token.
std::optional<Problem> mostly_unknown(const std::string& texts, std::int64_t unknown, std::int64_t tokens,
                                      int ids);
/// The same of all texts of an encoding, read and told.
std::vector<Problem> mostly_unknown(const TableRows& rows, std::span<const std::int64_t> training,
                                    const TableEncoding& encoding);

}  // namespace bpnet
