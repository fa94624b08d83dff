#pragma once
// The files of a data set.

#include <deque>
#include <vector>

#include "data/dataset.hpp"
#include "data/select.hpp"
#include "data/table_file.hpp"
#include "data/table_reader.hpp"

namespace bpnet {

struct DataFile {
  TableFile file;
  Part part;                      // whose rows it has; training also where they are yet to be cut into parts
  std::vector<TableFile> beside;  // row i beside row i
  std::vector<const TableFile*> all() const;
  std::vector<std::string> names() const;  // of the columns of all
};

/// Opens the files the settings name, those of training rows first. Throws Error(configuration) if the
/// settings contradict themselves, Error(missing_input), Error(data).
std::deque<DataFile> open_files(const DataSettings& settings, const std::filesystem::path& base);

/// One of several files side by side. If it has one column, that is `column`, and it needs no header.
TableFile open_column(const std::filesystem::path& path, const std::string& shown, CsvSettings csv,
                      const std::string& column);

/// Columns of each file by name: columns of the first. Throws Error(data) where a column with a role is
/// missing, or in two files side by side.
std::vector<Source> match_columns(const std::deque<DataFile>& files, const Roles& roles,
                                  std::vector<Problem>& warnings);

}  // namespace bpnet
