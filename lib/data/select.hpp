#pragma once
// Which column of a file is what: targets, features, the split column, declared types.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.hpp"
#include "data/encoding.hpp"

namespace bpnet {

/// True if the pattern's letters are the name's, where * stands for any letters and ? for one.
bool matches(std::string_view pattern, std::string_view name);

struct Roles {
  std::vector<std::string> names;     // of all columns
  std::vector<std::size_t> targets;   // in the order of the settings
  std::vector<std::size_t> features;  // in the order of the file
  std::optional<std::size_t> split;
  std::vector<const Choice*> declared;   // by column; null: not declared
  std::vector<std::string> why_ignored;  // by column; empty: it has a role
  bool is_target(std::size_t column) const;
};

/// Throws Error(configuration) with every name that no column has.
Roles select_columns(const DataSettings& settings, const std::vector<std::string>& names, bool header,
                     const std::string& shown);

/// The features of each group of the request. Features that no group reads lose their role. Throws
/// Error(configuration) for names that no feature has.
std::vector<std::vector<std::size_t>> group_columns(const DataRequest& request, Roles& roles);

}  // namespace bpnet
