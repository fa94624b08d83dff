// Text kernels for processors with AVX-512 VBMI2. Eight cells at a time: one permutation of a 128-byte window
// moves the digits of each to the end of its own 8 bytes, the decimal mark left out.

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#pragma GCC target("arch=x86-64-v4,avx512vbmi,avx512vbmi2")
#include "math/text.hpp"

namespace bpnet::math {

namespace {

/// Numbers of the bytes of a register.
__m512i bytes_in_order() {
  alignas(64) static constexpr auto order = [] {
    std::array<std::int8_t, 64> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::int8_t>(i);
    return bytes;
  }();
  return _mm512_load_si512(order.data());
}

Separators find_separators_vbmi(const char* text, std::size_t size, char separator,
                                std::uint32_t* positions) {
  const __m512i cut = _mm512_set1_epi8(separator), line = _mm512_set1_epi8('\n'),
                quote = _mm512_set1_epi8('"'), back = _mm512_set1_epi8('\r');
  Separators seen;
  std::uint64_t quotes = 0, returns = 0;
  std::uint32_t* out = positions;
  for (std::size_t at = 0; at < size; at += 64) {
    const std::size_t left = size - at;
    const __mmask64 inside = left >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1;
    const __m512i x = _mm512_maskz_loadu_epi8(inside, text + at);
    quotes |= _mm512_mask_cmpeq_epi8_mask(inside, x, quote) | _mm512_mask_testn_epi8_mask(inside, x, x);
    returns |= _mm512_cmpeq_epi8_mask(x, back);
    const std::uint64_t lines = _mm512_cmpeq_epi8_mask(x, line);
    const std::uint64_t cuts = lines | _mm512_cmpeq_epi8_mask(x, cut);
    seen.line_ends += static_cast<std::size_t>(std::popcount(lines));
    const int count = std::popcount(cuts);
    const __m512i found = _mm512_maskz_compress_epi8(cuts, bytes_in_order());
    const __m512i base = _mm512_set1_epi32(static_cast<int>(at));
    const auto write = [&](int first, __m128i sixteen) {
      const int n = count - first;
      const auto some = static_cast<__mmask16>(n >= 16 ? 0xFFFF : (1 << n) - 1);
      _mm512_mask_storeu_epi32(out + first, some, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(sixteen)));
    };
    write(0, _mm512_castsi512_si128(found));
    if (count > 16) {
      write(16, _mm512_extracti32x4_epi32(found, 1));
      if (count > 32) write(32, _mm512_extracti32x4_epi32(found, 2));
      if (count > 48) write(48, _mm512_extracti32x4_epi32(found, 3));
    }
    out += count;
  }
  seen.quotes = quotes != 0;
  seen.returns = returns != 0;
  seen.count = static_cast<std::size_t>(out - positions);
  return seen;
}

/// Keeps a constant in its register: compilers like to make it anew each time.
__m512i kept(__m512i constant) {
  asm("" : "+v"(constant));
  return constant;
}

/// Reads eight cells at a time, of at most 8 digits each.
class EightCells {
 public:
  static constexpr int cells = 8;
  static constexpr std::uint32_t window = 126;  // bytes; positions fit signed bytes

  explicit EightCells(char mark) : mark_(kept(_mm512_set1_epi8(mark))) {}

  /// The cells from `text` on that end `ends` behind it, inside the window; false: one of them is something
  /// else.
  bool read(const char* text, __m256i ends, float* out) const {
    const __m512i low = _mm512_loadu_si512(text), high = _mm512_loadu_si512(text + 64);
    const __m256i one = _mm512_castsi512_si256(minus_one_);
    const __m256i starts = _mm256_maskz_sub_epi32(
        0xFE, _mm256_permutexvar_epi32(_mm256_setr_epi32(0, 0, 1, 2, 3, 4, 5, 6), ends), one);
    // The sign, without a branch: it is a coin's toss.
    const __m512i start = in_eighths(starts);
    const __mmask64 minus = _mm512_cmpeq_epi8_mask(_mm512_permutex2var_epi8(low, start, high), minus_sign_);
    const __m512i begin = _mm512_mask_sub_epi8(start, minus, start, minus_one_);
    const auto negative = static_cast<__mmask8>(_pext_u64(minus, 0x0101010101010101));
    const __m256i begins = _mm256_mask_sub_epi32(starts, negative, starts, one);
    const __m256i points = points_of(low, high, begins, ends);
    const __m512i end = in_eighths(ends), point = in_eighths(points);

    // byte of a cell's digit i (of 8, the last ones are used) = end - 8 + i, before the mark one less
    const __m512i unmarked = _mm512_add_epi8(end, last_eight_);
    const __mmask64 whole = _mm512_cmple_epi8_mask(unmarked, point);
    const __m512i from = _mm512_mask_add_epi8(unmarked, whole, unmarked, minus_one_);
    const __mmask64 used = _mm512_cmpge_epi8_mask(from, begin);
    const __m512i value = _mm512_maskz_sub_epi8(used, _mm512_permutex2var_epi8(low, from, high), zeros_);

    // Something else than a digit, none or more than 8, no digit before eight decimals, a 0 before another
    // digit.
    const __mmask64 strange = _mm512_cmpgt_epu8_mask(value, nines_);
    const __mmask8 pointed = _mm256_cmpgt_epi32_mask(points, one);
    const __m256i bytes = _mm256_sub_epi32(ends, begins);
    const __m256i digits = _mm256_mask_add_epi32(bytes, pointed, bytes, one);
    const __m256i decimals = _mm256_maskz_add_epi32(pointed, _mm256_sub_epi32(ends, points), one);
    const __mmask8 odd_size = _mm256_cmpgt_epu32_mask(_mm256_add_epi32(digits, one), _mm256_set1_epi32(7)) |
                              _mm256_cmpgt_epu32_mask(decimals, _mm256_set1_epi32(7));
    const __m512i second = _mm512_sub_epi8(begin, minus_one_);
    const __mmask64 zero = _mm512_cmpeq_epi8_mask(_mm512_permutex2var_epi8(low, begin, high), zeros_);
    const __mmask64 padded =
        _mm512_mask_cmpneq_epi8_mask(_mm512_mask_cmplt_epi8_mask(zero, second, end), second, point);
    if ((strange | padded | odd_size) != 0) return false;

    const __m512i twos = _mm512_maddubs_epi16(value, tens_);
    const __m512i fours = _mm512_madd_epi16(twos, hundreds_);
    const __m512i eights = _mm512_madd_epi16(_mm512_packus_epi32(fours, fours), ten_thousands_);
    const __m256i numbers = _mm512_castsi512_si256(_mm512_permutexvar_epi64(even_, eights));
    const __m256 powers =
        _mm256_permutexvar_ps(decimals, _mm512_castps512_ps256(_mm512_castsi512_ps(powers_)));
    // Up to 2^24 both are floats as they are, and their quotient is rounded once.
    const __m256 quotients =
        _mm256_cmpgt_epi32_mask(numbers, _mm256_set1_epi32(1 << 24)) == 0
            ? _mm256_div_ps(_mm256_cvtepi32_ps(numbers), powers)
            : _mm512_cvtpd_ps(_mm512_div_pd(_mm512_cvtepi32_pd(numbers), _mm512_cvtps_pd(powers)));
    const __m256i signs = _mm256_maskz_mov_epi32(negative, _mm512_castsi512_si256(sign_bit_));
    _mm256_storeu_ps(out, _mm256_or_ps(quotients, _mm256_castsi256_ps(signs)));
    return true;
  }

 private:
  /// Each of eight numbers in all 8 bytes of its eighth.
  __m512i in_eighths(__m256i numbers) const {
    return _mm512_permutexvar_epi8(eighths_, _mm512_castsi256_si512(numbers));
  }

  /// Where the mark of each cell is; -1: it has none. A second one is no digit, and is noticed as such.
  __m256i points_of(__m512i low, __m512i high, __m256i begins, __m256i ends) const {
    const __mmask64 in_low = _mm512_cmpeq_epi8_mask(low, mark_),
                    in_high = _mm512_cmpeq_epi8_mask(high, mark_);
    // The positions in both halves, one behind the other.
    const __m512i first = _mm512_maskz_compress_epi8(in_low, order_),
                  second = _mm512_maskz_compress_epi8(in_high, _mm512_or_si512(order_, sixty_four_));
    const __m512i count = _mm512_set1_epi8(static_cast<char>(std::popcount(in_low)));
    const __m512i joined = _mm512_mask_sub_epi8(order_, _mm512_cmpge_epi8_mask(order_, count),
                                                _mm512_or_si512(order_, sixty_four_), count);
    const __m256i found =
        _mm256_cvtepu8_epi32(_mm512_castsi512_si128(_mm512_permutex2var_epi8(first, joined, second)));
    const __mmask8 one_each =
        _mm256_mask_cmplt_epi32_mask(_mm256_cmpge_epi32_mask(found, begins), found, ends);
    if (one_each == 0xFF) return found;
    alignas(32) std::int32_t from[cells], to[cells], where[cells];
    _mm256_store_si256(reinterpret_cast<__m256i*>(from), begins);
    _mm256_store_si256(reinterpret_cast<__m256i*>(to), ends);
    for (int i = 0; i < cells; ++i) {
      int at = from[i] > 63 ? 64 : from[i] + std::countr_zero(in_low >> from[i]);
      if (at >= 64)
        at = 64 + std::countr_zero(from[i] > 63 ? in_high >> (from[i] - 64) << (from[i] - 64) : in_high);
      where[i] = at < to[i] ? at : -1;
    }
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(where));
  }

  const __m512i order_ = kept(bytes_in_order()), sixty_four_ = kept(_mm512_set1_epi8(64));
  const __m512i eighths_ =
      kept(_mm512_and_si512(_mm512_srli_epi16(bytes_in_order(), 1), _mm512_set1_epi8(0x1C)));
  const __m512i last_eight_ = kept(_mm512_set1_epi64(-0x0001020304050607 - 1));
  const __m512i mark_, minus_sign_ = kept(_mm512_set1_epi8('-')), zeros_ = kept(_mm512_set1_epi8('0')),
                       nines_ = kept(_mm512_set1_epi8(9)), minus_one_ = kept(_mm512_set1_epi8(-1)),
                       sign_bit_ = kept(_mm512_set1_epi32(INT32_MIN));
  const __m512i tens_ = kept(_mm512_set1_epi16(0x010A)), hundreds_ = kept(_mm512_set1_epi32(0x00010064)),
                ten_thousands_ = kept(_mm512_set1_epi32(0x00012710)),
                even_ = kept(_mm512_set_epi64(0, 0, 0, 0, 6, 4, 2, 0));
  const __m512i powers_ = kept(_mm512_castps_si512(
      _mm512_castps256_ps512(_mm256_setr_ps(1, 1e1F, 1e2F, 1e3F, 1e4F, 1e5F, 1e6F, 1e7F))));
};

int read_decimals_vbmi(const char* text, std::uint32_t begin, const std::uint32_t* ends, int cells, char mark,
                       float* out) {
  const EightCells eight(mark);
  int i = 0;
  while (i < cells) {
    if (i + EightCells::cells <= cells && ends[i + EightCells::cells - 1] - begin <= EightCells::window) {
      const __m256i there = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(ends + i));
      if (eight.read(text + begin, _mm256_sub_epi32(there, _mm256_set1_epi32(static_cast<int>(begin))),
                     out + i)) {
        begin = ends[i + EightCells::cells - 1] + 1;
        i += EightCells::cells;
        continue;
      }
    }
    const int some = std::min(cells - i, EightCells::cells);
    const int read = text_kernels_v3.read_decimals(text, begin, ends + i, some, mark, out + i);
    i += read;
    if (read < some) return i;
    begin = ends[i - 1] + 1;
  }
  return i;
}

bool read_decimal_vbmi(const char* at, const char* end, char mark, double* out) {
  return text_kernels_v3.read_decimal(at, end, mark, out);
}

}  // namespace

constinit const TextKernels text_kernels_vbmi = {find_separators_vbmi, read_decimals_vbmi, read_decimal_vbmi};

}  // namespace bpnet::math
#endif
