#include "data/row_lines.hpp"

#include <algorithm>

namespace bpnet {

namespace {

/// The last item that begins at or before `row`.
template <class T>
const T& at_row(const std::vector<T>& items, std::int64_t row) {
  const auto after = std::upper_bound(items.begin(), items.end(), row,
                                      [](std::int64_t r, const T& item) { return r < item.first_row; });
  return *(after - 1);
}

}  // namespace

Place RowLines::of(std::int64_t row, std::size_t strand) const {
  const File& file = at_row(strands_[strand].files, row);
  if (file.names)
    return {(*file.names)[static_cast<std::size_t>(row - file.first_row + file.first_name)], 0, 0, 0, ""};
  const Block& block = at_row(strands_[strand].blocks, row);
  const auto within = static_cast<std::size_t>(row - block.first_row);
  const std::int64_t line =
      block.first_line + (block.offsets.empty() ? static_cast<std::int64_t>(within) : block.offsets[within]);
  return {file.shown, static_cast<int>(line), 1, 0, ""};
}

Place RowLines::of(const NotedCell& cell) const {
  Place place = of(cell.row, static_cast<std::size_t>(cell.strand));
  if (place.line == 0) return place;
  place.line += cell.line;
  place.column = cell.column;
  return place;
}

}  // namespace bpnet
