#include "math/gather.hpp"

#include <algorithm>

namespace bpnet::math {

namespace {
constexpr std::size_t ahead = 8;  // rows fetched before they are needed

void fetch(const void* p, std::size_t bytes) {
  const char* from = static_cast<const char*>(p);
  for (std::size_t i = 0; i < bytes; i += 64) __builtin_prefetch(from + i);
}

/// A row of a few numbers, four at a time: a call of memcpy for each takes longer.
void copy_row(const float* from, int width, Real* out) {
  int j = 0;
  for (; j + 4 <= width; j += 4)
    for (int k = 0; k < 4; ++k) out[j + k] = from[j + k];
  for (int k = 0; k < 3 && j + k < width; ++k) out[j + k] = from[j + k];
}
}  // namespace

void gather_rows(const float* table, int table_width, std::span<const std::int64_t> rows, int width,
                 Real* out, int out_width, int to) {
  const std::size_t bytes = static_cast<std::size_t>(width) * sizeof(float);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (r + ahead < rows.size())
      fetch(table + rows[r + ahead] * table_width, std::min<std::size_t>(bytes, 512));
    const float* from = table + rows[r] * table_width;
    Real* target = out + static_cast<std::ptrdiff_t>(r) * out_width + to;
    if (width < 32)
      copy_row(from, width, target);
    else
      std::copy_n(from, width, target);
  }
}

void gather_one_hot(const std::int32_t* codes, int stride, std::span<const std::int64_t> rows, int width,
                    Real* out, int out_width, int to) {
  for (std::size_t r = 0; r < rows.size(); ++r) {
    Real* columns = out + static_cast<std::ptrdiff_t>(r) * out_width + to;
    std::fill_n(columns, width, Real{0});
    const std::int32_t code = codes[rows[r] * stride];
    if (code >= 0 && code < width) columns[code] = 1;
  }
}

void gather_codes(const std::int32_t* codes, int stride, std::span<const std::int64_t> rows,
                  std::int32_t* out) {
  for (std::size_t r = 0; r < rows.size(); ++r) out[r] = codes[rows[r] * stride];
}

}  // namespace bpnet::math
