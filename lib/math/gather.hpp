#pragma once
// Kernels that make batches out of a table of encoded rows.

#include <cstdint>
#include <span>

#include "core/shape.hpp"

namespace bpnet::math {

/// out (rows.size(), out_width) at column `to` = the first `width` columns of the named rows of table (any,
/// table_width). Rows to come are fetched ahead, as they lie anywhere.
void gather_rows(const float* table, int table_width, std::span<const std::int64_t> rows, int width,
                 Real* out, int out_width, int to);
/// out (rows.size(), out_width) at column `to`: `width` columns that are 0 but for a 1 at column
/// codes[row * stride]; a code outside 0 .. width - 1 gives zeros.
void gather_one_hot(const std::int32_t* codes, int stride, std::span<const std::int64_t> rows, int width,
                    Real* out, int out_width, int to);
/// out (rows.size()) = codes[row * stride].
void gather_codes(const std::int32_t* codes, int stride, std::span<const std::int64_t> rows,
                  std::int32_t* out);

}  // namespace bpnet::math
