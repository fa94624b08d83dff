#include <doctest/doctest.h>

#include "math/affine.hpp"
#include "math/shorten.hpp"
#include "math_help.hpp"

using namespace bpnet;
using math_test::Numbers;

namespace {

std::size_t at(int row, int step, int col) { return static_cast<std::size_t>(row * step + col); }

}  // namespace

TEST_CASE("affine scales and shifts a block of columns, and its backward are the sums") {
  for (int cols : {1, 5, 64, 65, 200}) {
    CAPTURE(cols);
    const int rows = 9, in_step = cols + 3, out_step = cols + 7;
    const math::Block block{rows, cols, in_step, out_step};
    const auto width = static_cast<std::size_t>(cols);
    const Numbers in(at(rows, in_step, 0), 1), dout(at(rows, out_step, 0), 2), scale(width, 3),
        shift(width, 4);
    const Numbers out(at(rows, out_step, 0)), din(at(rows, in_step, 0), 5), dscale(width, 6),
        dshift(width, 7);
    const Numbers din_before = din.clone(), dscale_before = dscale.clone(), dshift_before = dshift.clone();
    math::affine(block, in.data(), scale.data(), shift.data(), out.data());
    math::affine_backward(block, in.data(), dout.data(), dscale.data(), dshift.data());
    math::affine_backward_input(block, dout.data(), scale.data(), true, din.data());
    for (int c = 0; c < cols; ++c) {
      const auto k = static_cast<std::size_t>(c);
      double by_scale = dscale_before[k], by_shift = dshift_before[k];
      for (int r = 0; r < rows; ++r) {
        const std::size_t i = at(r, in_step, c), o = at(r, out_step, c);
        CHECK(out[o] == doctest::Approx(in[i] * scale[k] + shift[k]).epsilon(1e-5));
        CHECK(din[i] == doctest::Approx(din_before[i] + dout[o] * scale[k]).epsilon(1e-5));
        by_scale += static_cast<double>(dout[o]) * static_cast<double>(in[i]);
        by_shift += static_cast<double>(dout[o]);
      }
      CHECK(dscale[k] == doctest::Approx(by_scale).epsilon(1e-5));
      CHECK(dshift[k] == doctest::Approx(by_shift).epsilon(1e-5));
    }
    for (int r = 0; r < rows; ++r)
      for (int c = cols; c < in_step; ++c) CHECK(din[at(r, in_step, c)] == din_before[at(r, in_step, c)]);
    math::affine_backward_input(block, dout.data(), scale.data(), false, din.data());
    CHECK(din[0] == dout[0] * scale[0]);
  }
}

TEST_CASE("affine and shortening give the same bits on any number of threads") {
  const int rows = 500, cols = 700;
  const math::Block block{rows, cols, cols, cols};
  const Numbers in(std::size_t{rows} * cols, 1), dout(std::size_t{rows} * cols, 2), scale(cols, 3);
  CHECK(math_test::same_on_any_threads([&] {
    Numbers out(in.size());
    math::affine(block, in.data(), scale.data(), nullptr, out.data());
    return out;
  }));
  CHECK(math_test::same_on_any_threads([&] {
    Numbers sums(2 * std::size_t{cols});
    math::affine_backward(block, in.data(), dout.data(), sums.data(), sums.data() + cols);
    return sums;
  }));
  for (const auto shorten : {math::shorten_columns, math::shorten_rows})
    CHECK(math_test::same_on_any_threads([&] {
      Numbers out = in.clone();
      shorten(out.data(), rows, cols, Real{22});
      return out;
    }));
}
