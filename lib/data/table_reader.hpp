#pragma once
// Whole files into numbers and codes, on several threads.

#include <memory>
#include <vector>

#include "data/block_reader.hpp"
#include "data/float_table.hpp"
#include "data/pictures.hpp"
#include "data/read_plan.hpp"
#include "data/row_lines.hpp"
#include "data/table_file.hpp"

namespace bpnet {

/// One of the files that make a data set, one behind the other.
struct Source {
  const TableFile* file = nullptr;
  std::vector<int> columns;         // by column of the file: column of the data set, -1: none
  std::vector<Source> beside = {};  // other files with other columns of the same rows
  /// The one of its files that has this column of the data set.
  const TableFile& file_of(std::size_t column) const;
  double text_size() const;  // of all of them
};

/// 1 for each column of the file that the plan reads.
std::vector<char> wanted_columns(const Source& source, const ReadPlan& plan);

/// All rows of the sources, one source behind the other.
struct RawTable {
  std::int64_t rows = 0;
  FloatTable numbers;
  std::vector<std::vector<double>> exacts;
  std::vector<LabelColumn> labels;
  std::vector<std::shared_ptr<const Pictures>> pictures;  // made of other columns
  std::vector<std::vector<Findings>> findings;            // (source, column)
  std::vector<std::int64_t> first_rows;                   // of each source, and `rows`
  RowLines lines;
};

/// Throws Error(data) with the records that could not be cut, or if the memory there is will not do. The
/// result does not depend on threads.
RawTable read_table(const std::vector<Source>& sources, const ReadPlan& plan,
                    const std::vector<std::string>& missing);

/// Problems with records, of which only the first are kept.
class RecordProblems {
 public:
  void add(BlockContent& block);
  /// Throws Error(data) if there are any.
  void finish();

 private:
  std::vector<Problem> first_;
  std::size_t others_ = 0;
};

/// Adds a block's codes and findings to the columns of a whole.
void append_block(BlockContent&& block, std::vector<std::vector<double>>& exacts,
                  std::vector<LabelColumn>& labels, std::vector<Findings>& findings);

/// Lines of a block's records, counted from its first; empty if each record is one line.
std::vector<std::int32_t> record_lines(const Records& records, bool plain);

}  // namespace bpnet
