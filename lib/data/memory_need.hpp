#pragma once
// Whether data fits into memory, before it is read.

#include <cstdint>
#include <vector>

#include "data/table_reader.hpp"

namespace bpnet {

/// An estimate from the files' sizes and their first rows.
struct MemoryNeed {
  std::uint64_t bytes = 0;  // at most at a time, while cells are read and encoded
  std::int64_t rows = 0;
};
MemoryNeed memory_need(const std::vector<Source>& sources, const ReadPlan& plan);

/// Throws Error(data) with the estimate if that is more than `free` bytes.
void demand_memory(const MemoryNeed& need, std::uint64_t free, const std::vector<Source>& sources);

}  // namespace bpnet
