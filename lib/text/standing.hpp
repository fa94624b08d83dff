#pragma once
// Where written text has blanks, and where it has none: words and marks, told one by one, become text again.

#include <cstdint>
#include <span>
#include <string_view>

namespace bpnet {

/// How a token stands beside its neighbours.
enum class Standing : std::uint8_t {
  word,
  number,
  point,       // . , : have no blank before them, and none behind them between two numbers
  closing,     // ! ? ; ) ] } % and the like have no blank before them
  opening,     // ( [ { and the like have none behind them
  apostrophe,  // has no blanks between words; where no word is before it, it opens
  hyphen,      // - / _ have no blanks between words
  quote,       // " opens and closes in turn
  other        // blanks on both sides
};

Standing standing_of(std::string_view token);

/// Whether there is a blank between what was told and the next token. `standings`: by token; `told` is not
/// empty. What the blanks were cannot be known: "1, 2" becomes "1,2", and "a - b" "a-b".
bool stands_apart(std::span<const Standing> standings, std::span<const std::int32_t> told, std::int32_t next);

}  // namespace bpnet
