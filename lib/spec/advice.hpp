#pragma once
// Ways out of a wrong name: what was meant, where it belongs, what there is.

#include <string>
#include <vector>

#include "spec/info.hpp"

namespace bpnet::spec {

/// Help lines for a key that none of `here` is named. `root`: all settings, to find where it belongs; may be
/// empty. `path` is where `here` are.
std::vector<std::string> advise_option(const Node& key, const std::vector<Info>& here, const std::string& path,
                                       const std::vector<Info>& root);

/// Help lines for a name that is not in the table.
std::vector<std::string> advise_name(const Node& name, const Table& table);

/// The entry that `word` is another tool's word for, or null.
const Entry* entry_called(const Table& table, std::string_view word);

/// "a: {b: c}", for lines to paste.
std::string one_line(const Node& node);

}  // namespace bpnet::spec
