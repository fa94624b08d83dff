#pragma once
// What other tools call our options; only for suggestions.

#include <string>
#include <string_view>
#include <vector>

namespace bpnet::spec {

/// Our words for another tool's word, the likeliest first: "lr" -> learning_rate.
std::vector<std::string> our_words(std::string_view other);

}  // namespace bpnet::spec
