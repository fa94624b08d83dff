#pragma once
// Kernels that find and read numbers in text: separators of cells, and decimals as most files write them.

#include <cstddef>
#include <cstdint>

namespace bpnet::math {

/// Bytes behind a cell that the kernels may read, whatever they are.
inline constexpr std::size_t readable_behind = 128;

/// What find_separators saw.
struct Separators {
  std::size_t count = 0, line_ends = 0;  // positions written; those of them that are '\n'
  bool quotes = false;                   // a '"' or a zero byte is in the text
  bool returns = false;                  // a '\r' is in the text
};

/// Writes the positions of `separator` and '\n' in text, in order. Room for size + 8 positions.
Separators find_separators(const char* text, std::size_t size, char separator, std::uint32_t* positions);

/// Reads cells that lie side by side, cell i in [end of cell i - 1 plus 1, ends[i]), the first from `begin`
/// on, as long as they are plain decimals: a '-' or not, then up to 15 digits with at most one `mark` in
/// 16 bytes, no 0 before another digit. out[i]: the nearest double as a float. Returns how many cells were
/// read; the next one is something else. readable_behind bytes behind each cell must be readable.
int read_decimals(const char* text, std::uint32_t begin, const std::uint32_t* ends, int cells, char mark,
                  float* out);

/// One such cell, [at, end), as the nearest double; false: it is something else.
bool read_decimal(const char* at, const char* end, char mark, double* out);

/// The versions of these that a processor may have.
struct TextKernels {
  Separators (*find_separators)(const char*, std::size_t, char, std::uint32_t*);
  int (*read_decimals)(const char*, std::uint32_t, const std::uint32_t*, int, char, float*);
  bool (*read_decimal)(const char*, const char*, char, double*);
};
#if defined(__x86_64__)
extern const TextKernels text_kernels_v3, text_kernels_vbmi;
#endif

}  // namespace bpnet::math
