#pragma once
// Ways out of a wrong name: what was meant, where it belongs, what there is.

#include <string>
#include <vector>

#include "spec/info.hpp"

namespace bpnet::spec {

struct Advice {
  std::vector<std::string> help;
  std::vector<std::string> meant;  // options the key may stand for
};
/// Advice on a key that none of the options `here` is named. `path`: where they are; `root`: all settings, to
/// find where the key belongs; may be empty.
Advice advise_option(const Node& key, const std::vector<Info>& here, const std::string& path,
                     const std::vector<Info>& root);

/// Help for a name that is not in the table. `alone`: neither an item of a list nor followed by options, so
/// that a member which needs options is hardly meant (`activation: linear`).
std::vector<std::string> advise_name(const Node& name, const Table& table, bool alone = false);

/// The one member that is called so but for capitals and underscores, or that other tools call so; null when
/// there is none, or several.
const Entry* surely_meant(const std::string& name, const Table& table);

/// The option of that name, or that other tools call so; null when there is none.
const Info* info_called(const std::string& word, const std::vector<Info>& infos);

/// Help for a word that is none of `known`; empty when nothing is near.
std::vector<std::string> advise_word(const std::string& word, const std::vector<std::string>& known);

}  // namespace bpnet::spec
