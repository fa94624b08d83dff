#pragma once
// The data that a run was trained on, read once more.

#include <memory>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "train/job.hpp"

namespace bpnet::app {

/// Read and split again, which gives the same parts if the files are the same: else throws Error(data), which
/// offers to do something else `instead`.
std::shared_ptr<const Dataset> own_data(const Model& model, const DataSettings& data, const char* instead);

struct OwnRows {
  std::shared_ptr<const Dataset> dataset;
  std::vector<std::int64_t> which;  // ascending
};
/// Of a part: train, validation, test, all. Throws Error(data) if there are none.
OwnRows own_rows(const Model& model, const DataSettings& data, const std::string& part, const char* instead);

/// Where a model reads several pictures, which one is shown: ", column 'left' (not 'right')"; else nothing.
std::string first_of_pictures(const Encoding& encoding);

/// A file, or '{COLUMN: FILE, ...}', as the argument of this name says it. Throws Error(command_line).
FileItem item_of(const std::string& text, const char* argument);

}  // namespace bpnet::app
