#include "math/text.hpp"

#include <algorithm>

namespace bpnet::math {

namespace {

Separators find_separators_plain(const char* text, std::size_t size, char separator,
                                 std::uint32_t* positions) {
  Separators seen;
  for (std::size_t i = 0; i < size; ++i) {
    const char c = text[i];
    positions[seen.count] = static_cast<std::uint32_t>(i);
    seen.count += (c == separator) | (c == '\n');
    seen.line_ends += c == '\n';
    seen.quotes |= (c == '"') | (c == '\0');
    seen.returns |= c == '\r';
  }
  return seen;
}

bool read_decimal_plain(const char* at, const char* end, char mark, double* out) {
  static constexpr double powers[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                      1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const bool negative = at != end && *at == '-';
  if (negative) ++at;
  const std::ptrdiff_t size = end - at;
  if (size < 1 || size > 16) return false;
  if (*at == '0' && size > 1 && at[1] != mark) return false;
  std::uint64_t digits = 0;
  std::ptrdiff_t marked = size;
  for (std::ptrdiff_t i = 0; i < size; ++i) {
    if (at[i] == mark && marked == size) {
      marked = i;
      continue;
    }
    const auto digit = static_cast<unsigned char>(at[i] - '0');
    if (digit > 9) return false;
    digits = digits * 10 + digit;
  }
  const std::ptrdiff_t count = marked < size ? size - 1 : size;
  if (count < 1 || count > 15) return false;
  const double value = static_cast<double>(digits) / powers[std::max<std::ptrdiff_t>(0, size - 1 - marked)];
  *out = negative ? -value : value;
  return true;
}

int read_decimals_plain(const char* text, std::uint32_t begin, const std::uint32_t* ends, int cells,
                        char mark, float* out) {
  for (int i = 0; i < cells; ++i) {
    double number = 0;
    if (!read_decimal_plain(text + begin, text + ends[i], mark, &number)) return i;
    out[i] = static_cast<float>(number);
    begin = ends[i] + 1;
  }
  return cells;
}

TextKernels pick() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512vbmi") &&
      __builtin_cpu_supports("avx512vbmi2"))
    return text_kernels_vbmi;
  if (__builtin_cpu_supports("x86-64-v3")) return text_kernels_v3;
#endif
  return {find_separators_plain, read_decimals_plain, read_decimal_plain};
}

const TextKernels& kernels() {
  static const TextKernels picked = pick();
  return picked;
}

}  // namespace

Separators find_separators(const char* text, std::size_t size, char separator, std::uint32_t* positions) {
  return kernels().find_separators(text, size, separator, positions);
}

int read_decimals(const char* text, std::uint32_t begin, const std::uint32_t* ends, int cells, char mark,
                  float* out) {
  return kernels().read_decimals(text, begin, ends, cells, mark, out);
}

bool read_decimal(const char* at, const char* end, char mark, double* out) {
  return kernels().read_decimal(at, end, mark, out);
}

}  // namespace bpnet::math
