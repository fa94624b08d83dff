#include "data/memory_need.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_set>

#include "core/free_memory.hpp"
#include "data/csv_cells.hpp"
#include "data/csv_records.hpp"

namespace bpnet {

namespace {

using Kind = ReadColumn::Kind;

/// Bytes of a text that is kept, in a block's dictionary and in the whole's.
constexpr double text_overhead = 2 * 100;

/// Cells of a column among the first rows.
struct Texts {
  std::unordered_set<std::string> different;
  double bytes = 0;
};

/// Bytes a row takes in dictionaries, where most texts of a column differ.
double bytes_of_texts(const Source& source, const ReadPlan& plan, const Records& records) {
  const std::size_t width = source.columns.size();
  std::vector<Texts> columns(width);
  std::string scratch;
  for (std::size_t r = 0; r < records.starts.size(); ++r) {
    std::size_t begin = records.starts[r];
    for (std::size_t c = 0; c < width; ++c) {
      const std::size_t end = records.ends[r * width + c];
      const int column = source.columns[c];
      if (column >= 0 && plan.columns[static_cast<std::size_t>(column)].kind == Kind::label) {
        const char* const text = records.text.data();
        const std::string_view content =
            text_of(read_cell(text + begin, text + end, source.file->dialect().delimiter), scratch);
        columns[c].different.emplace(content);
        columns[c].bytes += static_cast<double>(content.size());
      }
      begin = end + 1;
    }
  }
  double bytes = 0;
  for (const Texts& texts : columns)
    if (2 * texts.different.size() > records.starts.size())
      bytes += text_overhead + 2 * texts.bytes / static_cast<double>(records.starts.size());
  return bytes;
}

}  // namespace

MemoryNeed memory_need(const std::vector<Source>& sources, const ReadPlan& plan) {
  // Numbers go to their table. Labels and exact numbers are in their blocks and in the whole for a time, or
  // as texts' codes and as labels' positions. A row is in a part and in the order of an epoch.
  const double cells = 4.0 * plan.width + 8.0 * plan.labels + 16.0 * plan.exacts + 2 * 8;
  MemoryNeed need;
  const auto add = [&](const Source& source, double cells_of_row, bool counts) {
    const auto json = source.file->json_records(wanted_columns(source, plan));
    RecordFlow flow = source.file->records(json.get());
    RecordFlow::Piece piece;
    if (!flow.next(piece)) return;
    flow.cut(piece);
    if (piece.records.starts.empty()) return;
    const double rows = source.file->text_size() / static_cast<double>(piece.text.size()) *
                        static_cast<double>(piece.records.starts.size());
    if (counts) need.rows += static_cast<std::int64_t>(rows);
    need.bytes +=
        static_cast<std::uint64_t>(rows * (cells_of_row + bytes_of_texts(source, plan, piece.records)));
  };
  for (const Source& source : sources) {
    add(source, cells, true);
    for (const Source& other : source.beside) add(other, 0, false);
  }
  return need;
}

void demand_memory(const MemoryNeed& need, std::uint64_t free, const std::vector<Source>& sources) {
  if (need.bytes <= free) return;
  double size = 0;
  for (const Source& source : sources) size += source.text_size();
  Problem problem;
  problem.place.file = sources.front().file->shown();
  problem.message =
      fmt::format("this data takes about {} of memory ({} of text, about {} rows), and {} are free",
                  memory_text(static_cast<double>(need.bytes)), memory_text(size), need.rows,
                  memory_text(static_cast<double>(free)));
  problem.help = {
      "leave columns out (data.ignore, or data.features), or rows: head -n " +
      std::to_string(std::max<std::int64_t>(
          1000, static_cast<std::int64_t>(static_cast<double>(need.rows) * 0.8 * static_cast<double>(free) /
                                          static_cast<double>(need.bytes)))) +
      " FILE > PART"};
  throw Error(Fault::data, {std::move(problem)});
}

}  // namespace bpnet
