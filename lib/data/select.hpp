#pragma once
// Which column of a file is what: targets, features, columns that split or weigh rows, declared types.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.hpp"
#include "data/encoding.hpp"

namespace bpnet {

/// True if the pattern's letters are the name's, where * stands for any letters and ? for one.
bool matches(std::string_view pattern, std::string_view name);
/// A glob that every name matches: nothing but stars.
bool matches_all(std::string_view pattern);

struct Roles {
  std::vector<std::string> names;     // of all columns of the file, and of those that are made of several
  std::size_t in_file = 0;            // how many the file has
  std::vector<std::size_t> targets;   // in the order of the settings
  std::vector<std::size_t> features;  // in the order of the file
  std::optional<std::size_t> split, weight, group;  // no features
  std::optional<std::size_t> order;                 // perhaps a feature, too
  std::vector<const Choice*> declared;              // by column; null: not declared
  std::vector<const Choice*> general;    // options of features that are of a type without being declared
  std::vector<std::string> why_ignored;  // by column; empty: it has a role
  std::vector<std::vector<std::size_t>> pixels;  // by column: those it is made of
  std::vector<int> pixel_of;                     // by column: the column made of it, -1: none
  bool is_target(std::size_t column) const;
  bool is_feature(std::size_t column) const;
  /// Whether its cells matter at all.
  bool is_read(std::size_t column) const { return why_ignored[column].empty() || order == column; }

  /// The options written for a column as one of this type; null: there are none.
  template <class T>
  const T* written(std::size_t column) const {
    if (declared[column]) return dynamic_cast<const T*>(declared[column]->options.get());
    for (const Choice* choice : general)
      if (const auto* options = dynamic_cast<const T*>(choice->options.get()); options && is_feature(column))
        return options;
    return nullptr;
  }
  /// The same, or the defaults.
  template <class T>
  T options(std::size_t column) const {
    const T* found = written<T>(column);
    return found ? *found : T{};
  }
};

/// True for forecasts, which may read nothing but the target's own past.
bool tells_itself(const DataSettings& settings);

/// Throws Error(configuration) if no column is called as the target that a stack reads as if it were a
/// feature.
void check_told(const DataSettings& settings, const std::string& target,
                const std::vector<std::string>& names, bool header, const std::string& shown);

/// Throws Error(configuration) with every name that no column has.
Roles select_columns(const DataSettings& settings, const std::vector<std::string>& names, bool header,
                     const std::string& shown);

/// The features of each group of the request. Features that no group reads lose their role. Throws
/// Error(configuration) for names that no feature has.
std::vector<std::vector<std::size_t>> group_columns(const DataRequest& request, Roles& roles);

}  // namespace bpnet
