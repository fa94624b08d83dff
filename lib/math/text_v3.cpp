// Text kernels for x86-64-v3 (AVX2). The digits of a cell are moved to the end of one register, the decimal
// mark left out, and added up in pairs: 16 digits in four multiplications.

#if defined(__x86_64__)
#include <immintrin.h>

#include <array>
#include <bit>
#include <cstdint>
#pragma GCC target("arch=x86-64-v3")
#include "math/text.hpp"

namespace bpnet::math {

namespace {

constexpr int widest = 16;

/// shuffles[size * 17 + mark]: moves the digits of a cell of this size to the end; mark == size: it has none.
constexpr auto shuffles = [] {
  std::array<std::array<std::uint8_t, 16>, (widest + 1) * (widest + 1)> table{};
  for (int size = 0; size <= widest; ++size)
    for (int mark = 0; mark <= widest; ++mark) {
      auto& moves = table[static_cast<std::size_t>(size * (widest + 1) + mark)];
      moves.fill(0x80);
      const int digits = mark < size ? size - 1 : size;
      for (int i = 0; i < digits; ++i)
        moves[static_cast<std::size_t>(widest - digits + i)] =
            static_cast<std::uint8_t>(i < mark ? i : i + 1);
    }
  return table;
}();

constexpr double powers[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                             1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

std::uint64_t mask_of(__m256i low, __m256i high) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(low)) |
         std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(high))} << 32;
}

Separators find_separators_v3(const char* text, std::size_t size, char separator, std::uint32_t* positions) {
  const __m256i cut = _mm256_set1_epi8(separator), line = _mm256_set1_epi8('\n'),
                quote = _mm256_set1_epi8('"'), back = _mm256_set1_epi8('\r'), none = _mm256_setzero_si256();
  __m256i quotes = none, returns = none;
  Separators seen;
  std::uint32_t* out = positions;
  std::size_t at = 0;
  for (; at + 64 <= size; at += 64) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + at));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + at + 32));
    const auto note = [&](__m256i x) {
      quotes =
          _mm256_or_si256(quotes, _mm256_or_si256(_mm256_cmpeq_epi8(x, quote), _mm256_cmpeq_epi8(x, none)));
      returns = _mm256_or_si256(returns, _mm256_cmpeq_epi8(x, back));
    };
    note(a);
    note(b);
    const std::uint64_t lines = mask_of(_mm256_cmpeq_epi8(a, line), _mm256_cmpeq_epi8(b, line));
    std::uint64_t cuts = lines | mask_of(_mm256_cmpeq_epi8(a, cut), _mm256_cmpeq_epi8(b, cut));
    seen.line_ends += static_cast<std::size_t>(std::popcount(lines));
    const int count = std::popcount(cuts);
    const auto write = [&](int i) {
      out[i] = static_cast<std::uint32_t>(at) + static_cast<std::uint32_t>(std::countr_zero(cuts));
      cuts &= cuts - 1;
    };
    for (int i = 0; i < 8; ++i) write(i);  // 8 without asking: most stretches have as many or fewer
    for (int i = 8; i < count; ++i) write(i);
    out += count;
  }
  seen.quotes = _mm256_movemask_epi8(quotes) != 0;
  seen.returns = _mm256_movemask_epi8(returns) != 0;
  for (; at < size; ++at) {
    const char c = text[at];
    if (c == separator || c == '\n') *out++ = static_cast<std::uint32_t>(at);
    seen.line_ends += c == '\n';
    seen.quotes |= (c == '"') | (c == '\0');
    seen.returns |= c == '\r';
  }
  seen.count = static_cast<std::size_t>(out - positions);
  return seen;
}

int read_decimals_v3(const char* text, std::uint32_t begin, const std::uint32_t* ends, int cells, char mark,
                     float* out) {
  const __m128i marks = _mm_set1_epi8(mark), zeros = _mm_set1_epi8('0');
  for (int i = 0; i < cells; ++i) {
    const char* at = text + begin;
    const bool negative = *at == '-';
    at += negative;
    const std::ptrdiff_t size = text + ends[i] - at;
    if (size < 1 || size > widest) return i;
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const int marked = std::countr_zero(
        static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, marks))) | (1u << size));
    const bool padded = (*at == '0') & (size > 1) & (at[1] != mark);
    const int digits = static_cast<int>(size) - (marked < size);
    if (padded | (digits < 1) | (digits > 15)) return i;
    const auto& moves = shuffles[static_cast<std::size_t>(size * (widest + 1) + marked)];
    const __m128i value = _mm_shuffle_epi8(_mm_sub_epi8(bytes, zeros),
                                           _mm_loadu_si128(reinterpret_cast<const __m128i*>(moves.data())));
    const __m128i above = _mm_subs_epu8(value, _mm_set1_epi8(9));
    if (!_mm_testz_si128(above, above)) return i;
    const __m128i twos = _mm_maddubs_epi16(value, _mm_set1_epi16(0x010A));
    const __m128i fours = _mm_madd_epi16(twos, _mm_set1_epi32(0x00010064));
    const __m128i eights = _mm_madd_epi16(_mm_packus_epi32(fours, fours), _mm_set1_epi32(0x00012710));
    const auto both = static_cast<std::uint64_t>(_mm_cvtsi128_si64(eights));
    const std::uint64_t all = (both & 0xFFFFFFFFu) * 100000000u + (both >> 32);
    const double number =
        static_cast<double>(static_cast<std::int64_t>(all)) / powers[marked < size ? size - 1 - marked : 0];
    // No branch on the sign, which is a coin's toss.
    const auto sign = std::uint64_t{negative} << 63;
    out[i] = static_cast<float>(std::bit_cast<double>(std::bit_cast<std::uint64_t>(number) ^ sign));
    begin = ends[i] + 1;
  }
  return cells;
}

}  // namespace

constinit const TextKernels text_kernels_v3 = {find_separators_v3, read_decimals_v3};

}  // namespace bpnet::math
#endif
