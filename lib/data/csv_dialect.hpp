#pragma once
// How a CSV file is written: found from its beginning.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/csv_cells.hpp"
#include "data/csv_number.hpp"
#include "data/settings.hpp"

namespace bpnet {

struct Dialect : Marks {
  NumberMarks numbers;
  bool header = true;
  std::vector<std::string> names;  // of the columns; column_1, ... where there are none
  std::size_t begin = 0;           // offset of the first record behind header and byte order mark
  std::int64_t line = 1;           // the line it stands in
  bool made = false;               // of a folder, IDX or lines: no cell is missing
};

NumberMarks numbers_of(const CsvSettings& settings);

/// Throws Error(configuration) if the settings contradict themselves.
void check_csv(const CsvSettings& settings);

/// Finds delimiter and header as far as the settings leave them open. `text` is the beginning of the file,
/// `whole` if there is no more of it; `shown` is its name in messages. Nothing if the first row may go on
/// behind the text. Throws Error(data): empty, an archive, UTF-16 without a mark, two columns of one name,
/// names that are not UTF-8.
std::optional<Dialect> find_dialect(std::string_view text, bool whole, const CsvSettings& settings,
                                    const std::string& shown);

}  // namespace bpnet
