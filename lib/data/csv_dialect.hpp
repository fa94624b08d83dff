#pragma once
// How a CSV file is written: found from its beginning.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/settings.hpp"

namespace bpnet {

struct Dialect {
  char delimiter = ',';
  char decimal = '.';
  bool header = true;
  std::vector<std::string> names;  // of the columns; column_1, ... where there are none
  std::size_t begin = 0;           // offset of the first record behind header and byte order mark
};

/// Throws Error(configuration) if the settings contradict themselves.
void check_csv(const CsvSettings& settings);

/// Finds delimiter and header as far as the settings leave them open. `text` is the beginning of the file,
/// `whole` if there is no more of it; `shown` is its name in messages. Nothing if the first row may go on
/// behind the text. Throws Error(data): empty, compressed, UTF-16, two columns of one name, names that are
/// not UTF-8.
std::optional<Dialect> find_dialect(std::string_view text, bool whole, const CsvSettings& settings,
                                    const std::string& shown);

/// Offset of the first byte that is no UTF-8; npos if all of it is.
std::size_t find_no_utf8(std::string_view text);

}  // namespace bpnet
