#pragma once
// How a node looks in the text: what the YAML library does not tell.

#include <cstddef>
#include <string>
#include <string_view>

namespace bpnet::spec {

/// A scalar as written.
struct Written {
  std::size_t offset = 0,
              length = 0;  // without anchor; with quotes; cut at the end of the first line if plain
  char quote = 0;          // ' " | or >; 0: plain
  bool closed = true;      // false: a quote that never ends
  bool folded = false;     // plain, over several lines
};
/// The scalar whose node (anchor included) begins at `at` and that reads `value`.
Written written_scalar(std::string_view text, std::size_t at, std::string_view value);

/// The null written at `at` (~, null, Null, NULL), or nothing where the value was left out. A key of that
/// name on the next line is no value.
std::string written_null(std::string_view text, std::size_t at, bool is_key);

/// True if a ':' follows, past blanks.
bool colon_follows(std::string_view text, std::size_t at);

}  // namespace bpnet::spec
