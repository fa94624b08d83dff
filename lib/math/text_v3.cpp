// Text kernels for x86-64-v3 (AVX2). The digits of a cell are moved to the end of its place in a register,
// the decimal mark left out, and added up in pairs: of four short cells at once, or of one with up to 15
// digits.

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
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
    // 8 without asking: most stretches have as many or fewer. Unrolled, this loop is slower.
#pragma GCC unroll 1
    for (int i = 0; i < 8; ++i) write(i);
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

bool read_decimal_v3(const char* at, const char* end, char mark, double* out) {
  const bool negative = *at == '-';
  at += negative;
  const std::ptrdiff_t size = end - at;
  if (size < 1 || size > widest) return false;
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const int marked = std::countr_zero(
      static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(mark)))) |
      (1u << size));
  const bool padded = (*at == '0') & (size > 1) & (at[1] != mark);
  const int digits = static_cast<int>(size) - (marked < size);
  if (padded | (digits < 1) | (digits > 15)) return false;
  const auto& moves = shuffles[static_cast<std::size_t>(size * (widest + 1) + marked)];
  const __m128i value = _mm_shuffle_epi8(_mm_sub_epi8(bytes, _mm_set1_epi8('0')),
                                         _mm_loadu_si128(reinterpret_cast<const __m128i*>(moves.data())));
  const __m128i above = _mm_subs_epu8(value, _mm_set1_epi8(9));
  if (!_mm_testz_si128(above, above)) return false;
  const __m128i twos = _mm_maddubs_epi16(value, _mm_set1_epi16(0x010A));
  const __m128i fours = _mm_madd_epi16(twos, _mm_set1_epi32(0x00010064));
  const __m128i eights = _mm_madd_epi16(_mm_packus_epi32(fours, fours), _mm_set1_epi32(0x00012710));
  const auto both = static_cast<std::uint64_t>(_mm_cvtsi128_si64(eights));
  const std::uint64_t all = (both & 0xFFFFFFFFu) * 100000000u + (both >> 32);
  const double number =
      static_cast<double>(static_cast<std::int64_t>(all)) / powers[marked < size ? size - 1 - marked : 0];
  // No branch on the sign, which is a coin's toss.
  const auto sign = std::uint64_t{negative} << 63;
  *out = std::bit_cast<double>(std::bit_cast<std::uint64_t>(number) ^ sign);
  return true;
}

constexpr std::uint32_t short_sizes = 16;  // bytes of a cell with its '-', from 0 on

/// How the digits of a short cell come to the end of 8 bytes and what they are divided by: below 0 for a
/// cell with a '-'. Digits that make less than `least` begin with a 0 that should not be there; what is no
/// plain decimal of up to 8 digits always makes less. Of 9 digits the first comes behind the 8: it must be 0.
struct alignas(32) Move {
  std::array<std::uint8_t, 16> moves{};
  float power = 0;
  std::int32_t least = 0;
};

/// By: it has a '-' in front, size, where the mark is; at `size`: it has none.
constexpr auto short_moves = [] {
  std::array<std::array<std::array<Move, short_sizes>, short_sizes>, 2> table{};
  for (auto& of_sign : table)
    for (auto& of_size : of_sign)
      for (Move& move : of_size) move.least = std::numeric_limits<std::int32_t>::max();
  for (int minus = 0; minus < 2; ++minus)
    for (int size = 1; size < static_cast<int>(short_sizes); ++size)
      for (int mark = minus; mark <= size; ++mark) {
        const int whole = mark - minus, decimals = mark < size ? size - 1 - mark : 0;
        const bool nine = whole == 1 && decimals == 8;
        const int digits = whole + decimals - nine;
        if (digits < 1 || digits > 8) continue;
        Move& move = table[static_cast<std::size_t>(minus)][static_cast<std::size_t>(size)]
                          [static_cast<std::size_t>(mark)];
        move.moves.fill(0x80);
        if (nine) move.moves[8] = static_cast<std::uint8_t>(minus);
        for (int from = minus + nine, to = 8 - digits; from < size; ++from)
          if (from != mark) move.moves[static_cast<std::size_t>(to++)] = static_cast<std::uint8_t>(from);
        move.power = static_cast<float>(minus ? -powers[decimals] : powers[decimals]);
        move.least = whole > 1 ? static_cast<std::int32_t>(powers[digits - 1]) : 0;
      }
  return table;
}();

/// Powers and least numbers of two cells.
__m128 limits_of(const Move& a, const Move& b) {
  const __m128 first = _mm_castpd_ps(_mm_load_sd(reinterpret_cast<const double*>(&a.power)));
  return _mm_loadh_pi(first, reinterpret_cast<const __m64*>(&b.power));
}

__m256i load_two(const void* low, const void* high) {
  return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(static_cast<const __m128i*>(low))),
                                 _mm_loadu_si128(static_cast<const __m128i*>(high)), 1);
}

/// Digits of two cells, each in its half of a register, and how they came there.
struct TwoCells {
  __m256i digits;
  const Move *a, *b;
};

[[gnu::always_inline]] inline TwoCells two_cells(const char* a, std::uint32_t a_size, const char* b,
                                                 std::uint32_t b_size, __m256i marks) {
  const __m256i bytes = load_two(a, b);
  const auto marked = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, marks)));
  const auto move_of = [](char first, std::uint32_t size, std::uint32_t seen) {
    return &short_moves[first == '-'][size][static_cast<std::size_t>(std::countr_zero(seen | (1u << size)))];
  };
  const Move *const of_a = move_of(*a, a_size, marked), *const of_b = move_of(*b, b_size, marked >> 16);
  return {_mm256_shuffle_epi8(_mm256_sub_epi8(bytes, _mm256_set1_epi8('0')),
                              load_two(of_a->moves.data(), of_b->moves.data())),
          of_a, of_b};
}

/// Reads four cells side by side; false: one of them is not short, or something else.
[[gnu::always_inline]] inline bool read_four(const char* text, std::uint32_t begin, const std::uint32_t* ends,
                                             __m256i marks, float* out) {
  const std::uint32_t begins[] = {begin, ends[0] + 1, ends[1] + 1, ends[2] + 1};
  const std::uint32_t sizes[] = {ends[0] - begins[0], ends[1] - begins[1], ends[2] - begins[2],
                                 ends[3] - begins[3]};
  if ((sizes[0] | sizes[1] | sizes[2] | sizes[3]) >= short_sizes) return false;
  const TwoCells ab = two_cells(text + begins[0], sizes[0], text + begins[1], sizes[1], marks),
                 cd = two_cells(text + begins[2], sizes[2], text + begins[3], sizes[3], marks);
  const __m256i digits = _mm256_unpacklo_epi64(ab.digits, cd.digits);  // a, c and b, d
  const __m256i twos = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010A));
  const __m256i fours = _mm256_madd_epi16(twos, _mm256_set1_epi32(0x00010064));
  const __m256i eights = _mm256_madd_epi16(_mm256_packus_epi32(fours, fours), _mm256_set1_epi32(0x00012710));
  const __m128i numbers =
      _mm_unpacklo_epi32(_mm256_castsi256_si128(eights), _mm256_extracti128_si256(eights, 1));
  const __m128 first = limits_of(*ab.a, *ab.b), last = limits_of(*cd.a, *cd.b);
  const __m128 divisors = _mm_shuffle_ps(first, last, 0b10001000);
  const __m128i least = _mm_castps_si128(_mm_shuffle_ps(first, last, 0b11011101));
  const __m256i strange = _mm256_or_si256(_mm256_subs_epu8(digits, _mm256_set1_epi8(9)),
                                          _mm256_unpackhi_epi64(ab.digits, cd.digits));
  const __m256i all = _mm256_or_si256(strange, _mm256_zextsi128_si256(_mm_cmpgt_epi32(least, numbers)));
  if (!_mm256_testz_si256(all, all)) return false;
  // Up to 2^24 both are floats as they are, and their quotient is rounded once.
  const __m128i long_ones = _mm_cmpgt_epi32(numbers, _mm_set1_epi32(1 << 24));
  if (_mm_testz_si128(long_ones, long_ones))
    _mm_storeu_ps(out, _mm_div_ps(_mm_cvtepi32_ps(numbers), divisors));
  else
    _mm_storeu_ps(out,
                  _mm256_cvtpd_ps(_mm256_div_pd(_mm256_cvtepi32_pd(numbers), _mm256_cvtps_pd(divisors))));
  return true;
}

int read_decimals_v3(const char* text, std::uint32_t begin, const std::uint32_t* ends, int cells, char mark,
                     float* out) {
  constexpr int some = 4;
  const __m256i marks = _mm256_set1_epi8(mark);
  for (int i = 0; i < cells;) {
    if (cells - i < some && i > 0 && cells >= some) i = cells - some;  // some of them once more
    const std::uint32_t first = i == 0 ? begin : ends[i - 1] + 1;
    if (cells - i >= some && read_four(text, first, ends + i, marks, out + i)) {
      i += some;
      continue;
    }
    for (const int end = std::min(cells, i + some); i < end; ++i) {
      double number = 0;
      if (!read_decimal_v3(text + (i == 0 ? begin : ends[i - 1] + 1), text + ends[i], mark, &number))
        return i;
      out[i] = static_cast<float>(number);
    }
  }
  return cells;
}

}  // namespace

constinit const TextKernels text_kernels_v3 = {find_separators_v3, read_decimals_v3, read_decimal_v3};

}  // namespace bpnet::math
#endif
