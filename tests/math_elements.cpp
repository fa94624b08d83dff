#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <numeric>
#include <vector>

#include "math/elements.hpp"
#include "math/gather.hpp"
#include "math/update.hpp"
#include "math_help.hpp"

using bpnet::Draw;
using bpnet::Real;
using math_test::Numbers;
namespace math = bpnet::math;

namespace {

struct Square {
  static constexpr bool reads_in = true, reads_out = false;
  Real value(Real x) const { return x * x; }
  Real slope(Real x, Real) const { return 2 * x; }
};

struct Momentum {
  Real rate;
  void operator()(Real& w, Real g, Real (&s)[1]) const {
    s[0] = Real{0.5} * s[0] + g;
    w -= rate * s[0];
  }
};

}  // namespace

TEST_CASE("maps, sums and updates of any length") {
  for (std::size_t n : {1u, 15u, 16u, 17u, 1000u, 16384u, 40001u}) {
    const Numbers x(n, 1), y(n, 2), out(n);
    math::map(Square{}, x.data(), n, out.data());
    CHECK(out[n - 1] == x[n - 1] * x[n - 1]);
    math::map_backward(Square{}, x.data(), out.data(), y.data(), n, out.data());
    CHECK(out[n / 2] == doctest::Approx(2 * x[n / 2] * y[n / 2]));
    math::add(x.data(), y.data(), n, out.data());
    math::scale(2, n, out.data());
    CHECK(out[n - 1] == 2 * (x[n - 1] + y[n - 1]));
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += static_cast<double>(x[i]) * static_cast<double>(x[i]);
    CHECK(math::sum_of_squares(x.data(), n) == doctest::Approx(sum).epsilon(1e-12));
    double magnitudes = 0, products = 0;
    for (std::size_t i = 0; i < n; ++i) {
      magnitudes += std::abs(static_cast<double>(x[i]));
      products += static_cast<double>(x[i]) * static_cast<double>(y[i]);
    }
    CHECK(math::sum_of_magnitudes(x.data(), n) == doctest::Approx(magnitudes).epsilon(1e-12));
    CHECK(math::dot(x.data(), y.data(), n) == doctest::Approx(products).epsilon(1e-12).scale(1));
    const Numbers w = x.clone(), state(n);
    math::fill(1, n, state.data());
    math::update<1>(Momentum{Real{0.25}}, w.data(), y.data(), std::array{state.data()}, n);
    CHECK(state[n - 1] == doctest::Approx(Real{0.5} + y[n - 1]));
    CHECK(w[n - 1] == doctest::Approx(x[n - 1] - Real{0.25} * state[n - 1]).epsilon(1e-5));
  }
}

TEST_CASE("numbers that are not finite are found") {
  const Numbers x(50000, 3);
  CHECK(math::first_not_finite(x.data(), x.size()) == x.size());
  x[40000] = std::numeric_limits<Real>::infinity();
  x[40001] = std::numeric_limits<Real>::quiet_NaN();
  CHECK(math::first_not_finite(x.data(), x.size()) == 40000);
  CHECK_FALSE(std::isfinite(math::sum_of_squares(x.data(), x.size())));
}

TEST_CASE("sums of columns are added to what is there") {
  for (int cols : {1, 2, 3, 10, 16, 17, 64, 65, 200}) {
    const int rows = 37;
    const auto width = static_cast<std::size_t>(cols);
    const Numbers in(width * 37, 4), out(width);
    math::fill(1, width, out.data());
    math::add_column_sums(in.data(), rows, cols, out.data());
    for (std::size_t c = 0; c < width; ++c) {
      double sum = 1;
      for (std::size_t r = 0; r < 37; ++r) sum += static_cast<double>(in[r * width + c]);
      CHECK(static_cast<double>(out[c]) == doctest::Approx(sum).epsilon(1e-5));
    }
  }
}

TEST_CASE("rows and columns are copied, looked up and added") {
  const Numbers table(4 * 3, 5), out(3 * 5);
  const std::array<std::int32_t, 5> codes = {2, -1, 0, 2, 3};
  math::lookup(table.data(), codes.data(), 5, 3, out.data());
  CHECK(out[0] == table[6]);
  CHECK(out[3] == 0);
  CHECK(out[14] == table[11]);
  const Numbers sums(4 * 3);
  math::add_to_rows(out.data(), codes.data(), 5, 3, sums.data());
  CHECK(sums[7] == 2 * table[7]);
  CHECK(sums[0] == table[0]);
  CHECK(sums[3] == 0);
  const Numbers wide(2 * 7, 6), narrow(2 * 3);
  math::copy_columns(wide.data(), 2, 7, 4, narrow.data(), 3, 1, 2);
  CHECK(narrow[1] == wide[4]);
  CHECK(narrow[5] == wide[12]);
  CHECK(narrow[3] == 0);
}

TEST_CASE("batches are gathered") {
  std::vector<float> table(100 * 3);
  std::iota(table.begin(), table.end(), 0.0f);
  const std::vector<std::int64_t> rows = {99, 0, 7, 7, 50, 3, 2, 1, 0, 98, 97};
  const Numbers out(rows.size() * 4);
  math::gather_rows(table.data(), 3, rows, 2, out.data(), 4, 1);
  CHECK(out[1] == 297);
  CHECK(out[2] == 298);
  CHECK(out[3] == 0);
  CHECK(out[4 * 10 + 1] == 291);
  const std::vector<std::int32_t> codes = {0, 5, 1, 5, 2, 5, -1, 5, 9, 5};
  const std::vector<std::int64_t> few = {0, 2, 3, 4};
  const Numbers columns(4 * 3);
  math::gather_one_hot(codes.data(), 2, few, 3, columns.data(), 3, 0);
  const std::array<Real, 12> expected = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0};
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(columns[i] == expected[i]);
  std::array<std::int32_t, 4> picked{};
  math::gather_codes(codes.data(), 2, few, picked.data());
  CHECK(picked == std::array<std::int32_t, 4>{0, 2, -1, 9});
}

TEST_CASE("dropout drops its share, scales the rest, and is the same backward and for any order of rows") {
  const std::size_t width = 1003;
  std::vector<std::int64_t> samples(40);
  std::iota(samples.begin(), samples.end(), 1000);
  const Numbers in(width * samples.size()), out(in.size());
  math::fill(1, in.size(), in.data());
  const Draw draw = Draw::of(1, bpnet::stream_of("dropout"));
  const math::Dropped zeros = {0, static_cast<Real>(1 / 0.7), 0};
  math::dropout(in.data(), samples, width, 0.3, draw, zeros, out.data());
  double dropped = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    dropped += out[i] == 0;
    CHECK((out[i] == 0 || out[i] == static_cast<Real>(1 / 0.7)));
  }
  CHECK(dropped / static_cast<double>(out.size()) == doctest::Approx(0.3).epsilon(0.02));
  CHECK((out[5] == 0) == (draw.word(1000, 5) < 0.3 * 0x1p32));
  CHECK((out[3 * width + 1002] == 0) == (draw.word(1003, 1002) < 0.3 * 0x1p32));

  const Numbers gradient = in.clone();
  math::dropout(gradient.data(), samples, width, 0.3, draw, zeros, gradient.data());
  CHECK(gradient.same_bits(out));

  const std::vector<std::int64_t> last = {samples.back()};
  const Numbers row(width);
  math::dropout(in.data(), last, width, 0.3, draw, zeros, row.data());
  CHECK(std::memcmp(row.data(), out.data() + 39 * width, width * sizeof(Real)) == 0);
}

TEST_CASE("elements have the same bits on any number of threads") {
  const Numbers x(300000, 7);
  CHECK(math_test::same_on_any_threads([&] {
    Numbers out(600);
    math::add_column_sums(x.data(), 500, 600, out.data());
    return out;
  }));
  CHECK(math_test::same_on_any_threads([&] {
    Numbers out(2);
    const double sum = math::sum_of_squares(x.data(), x.size());
    std::memcpy(out.data(), &sum, sizeof sum);
    return out;
  }));
}
