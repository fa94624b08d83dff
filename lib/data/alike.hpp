#pragma once
// Problems of columns, of which those that are alike are told once.

#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "data/words.hpp"

namespace bpnet {

/// "and 49 more columns like it: x1, x2, x3, ..."; nothing of none.
inline std::vector<std::string> more_columns(const std::vector<std::string>& names) {
  constexpr std::size_t most = 3;
  if (names.empty()) return {};
  std::string out = "and " + count_of(static_cast<std::int64_t>(names.size()), "more column") + " like it: ";
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i) out += (i ? ", " : "") + names[i];
  return {names.size() > most ? out + ", ..." : out};
}

class AlikeProblems {
 public:
  /// `kind`: what problems have in common that are alike; `owner`: what they come from, such as one of the
  /// settings; null: no matter.
  void add(const void* owner, std::string kind, const std::string& column, Problem problem) {
    for (Group& group : groups_)
      if (group.owner == owner && group.kind == kind) return group.others.push_back(column);
    groups_.push_back({owner, std::move(kind), std::move(problem), {}});
  }
  /// Puts them behind other problems, in the order in which they came.
  void append_to(std::vector<Problem>& problems) {
    for (Group& group : groups_) {
      for (std::string& line : more_columns(group.others)) group.first.help.push_back(std::move(line));
      problems.push_back(std::move(group.first));
    }
    groups_.clear();
  }

 private:
  struct Group {
    const void* owner;
    std::string kind;
    Problem first;
    std::vector<std::string> others;
  };
  std::vector<Group> groups_;
};

}  // namespace bpnet
