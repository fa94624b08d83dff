#pragma once
// Small things about words.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bpnet::spec {

/// Of the near words those as near as the nearest, at most three.
std::vector<std::string> nearest_words(std::string_view word, std::span<const std::string> known);

/// "a b c" -> a, b, c
std::vector<std::string> split_words(std::string_view text);

/// True if the list (separated by blanks) has the word, whatever its capitals and underscores.
bool lists_word(std::string_view list, std::string_view word);

/// Our words for another tool's word for an option, the likeliest first: "lr" -> learning_rate.
std::vector<std::string> our_words(std::string_view other);

/// What to say of another tool's word that stands for no one of ours. `path`: of the section or member that a
/// key is in, of the option that has the value, or a table's plural for a name. Empty: nothing is known.
std::string answer_to(std::string_view path, std::string_view word);

}  // namespace bpnet::spec
