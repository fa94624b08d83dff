// Every way of computing a convolution against sums written out, on odd sizes.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "math/convolution.hpp"
#include "math/image_kernels.hpp"
#include "math_help.hpp"

using namespace bpnet;
using math::Convolution, math::ConvolutionShape;
using math_test::Numbers;

namespace {

/// Uniform numbers between -1/2 and 1/2.
struct Even : Numbers {
  Even(std::size_t n, std::uint64_t series) : Numbers(n) {
    const Draw draw = Draw::of(1, series);
    for (std::size_t i = 0; i < n; ++i) (*this)[i] = static_cast<Real>(draw.uniform(0, i)) - Real{0.5};
  }
};

// Calls f(x index, w index, y index) for every product of the convolution.
template <class F>
void each_product(const ConvolutionShape& s, F f) {
  const auto &rows = s.window.rows, &columns = s.window.columns;
  const int in = s.in_of_group(), out = s.out_of_group();
  for (int n = 0; n < s.samples; ++n)
    for (int y = 0; y < rows.places(); ++y)
      for (int x = 0; x < columns.places(); ++x)
        for (int g = 0; g < s.groups; ++g)
          for (int ky = 0; ky < rows.kernel; ++ky)
            for (int kx = 0; kx < columns.kernel; ++kx) {
              const int iy = rows.at(y, ky), ix = columns.at(x, kx);
              if (iy < 0 || iy >= rows.size || ix < 0 || ix >= columns.size) continue;
              for (int i = 0; i < in; ++i)
                for (int o = 0; o < out; ++o)
                  f(static_cast<std::size_t>(((n * rows.size + iy) * columns.size + ix) * s.in + g * in + i),
                    static_cast<std::size_t>((((g * rows.kernel + ky) * columns.kernel + kx) * in + i) * out +
                                             o),
                    static_cast<std::size_t>(((n * rows.places() + y) * columns.places() + x) * s.out +
                                             g * out + o));
            }
}

// Winograd's sums cancel: errors are measured against the greatest value.
void check_near(Numbers& got, const std::vector<double>& want) {
  double worst = 0, greatest = 0;
  for (std::size_t i = 0; i < want.size(); ++i) {
    worst = std::max(worst, std::abs(double{got.data()[i]} - want[i]));
    greatest = std::max(greatest, std::abs(want[i]));
  }
  CHECK(worst < 1e-5 * greatest);
}

void check(const ConvolutionShape& s, const Convolution& convolution) {
  const auto size = [](int a, int b) { return static_cast<std::size_t>(a) * static_cast<std::size_t>(b); };
  Even x(size(s.samples * s.window.pixels(), s.in), 0), w(size(s.fan(), s.out), 1),
      bias(static_cast<std::size_t>(s.out), 2);
  Even dy(size(s.samples * s.window.places(), s.out), 3), dw(w.size(), 4);
  Numbers y(dy.size()), dx(x.size());
  std::vector<double> want_y(y.size()), want_dx(x.size()), want_dw(w.size());
  for (std::size_t i = 0; i < y.size(); ++i) want_y[i] = double{bias.data()[i % bias.size()]};
  each_product(s, [&](std::size_t a, std::size_t b, std::size_t c) {
    want_y[c] += double{x.data()[a]} * double{w.data()[b]};
    want_dx[a] += double{dy.data()[c]} * double{w.data()[b]};
    want_dw[b] += double{dy.data()[c]} * double{x.data()[a]};
  });
  std::vector<double> want_more = want_dw;
  for (std::size_t i = 0; i < dw.size(); ++i) want_more[i] += double{dw.data()[i]};
  Memory scratch(convolution.scratch_bytes);
  convolution.forward(x.data(), w.data(), bias.data(), y.data(), scratch.data());
  check_near(y, want_y);
  convolution.backward_input(dy.data(), w.data(), dx.data(), scratch.data());
  check_near(dx, want_dx);
  convolution.backward_weight(x.data(), dy.data(), true, dw.data(), scratch.data());
  check_near(dw, want_more);
  convolution.backward_weight(x.data(), dy.data(), false, dw.data(), scratch.data());
  check_near(dw, want_dw);
}

ConvolutionShape shape(int samples, math::Slide rows, math::Slide columns, int in, int out, int groups = 1) {
  return {samples, {rows, columns}, in, out, groups};
}

}  // namespace

TEST_CASE("convolutions are sums over windows") {
  const std::vector<ConvolutionShape> shapes = {
      shape(3, {7, 3, 1, 1, 1, 1}, {6, 3, 1, 1, 1, 1}, 5, 4),
      shape(2, {9, 3, 2, 1, 1, 1}, {8, 3, 2, 1, 0, 1}, 3, 17),
      shape(2, {9, 3, 1, 2, 2, 2}, {11, 2, 1, 3, 0, 0}, 4, 6, 2),
      shape(2, {5, 1, 1, 1, 0, 0}, {5, 1, 1, 1, 0, 0}, 7, 9),
      shape(2, {5, 1, 2, 1, 0, 0}, {6, 1, 2, 1, 0, 0}, 7, 9),
      shape(2, {4, 7, 1, 1, 3, 3}, {3, 7, 1, 1, 3, 3}, 2, 3),
      shape(1, {1, 1, 1, 1, 0, 0}, {9, 4, 3, 1, 3, 0}, 6, 6, 3),
      shape(40, {28, 5, 1, 1, 2, 2}, {28, 5, 1, 1, 2, 2}, 1, 6),
  };
  for (const ConvolutionShape& s : shapes) {
    CAPTURE(s.in);
    CAPTURE(s.out);
    check(s, *math::prepare_patch_convolution(s));
  }
}

TEST_CASE("Winograd's convolutions are sums over windows") {
  for (const auto& [rows, columns] : {std::pair{8, 8}, {7, 5}, {3, 9}})
    for (const int pad : {0, 1, 2})
      for (const auto& [in, out] : {std::pair{16, 32}, {24, 8}, {5, 19}, {130, 132}}) {
        const auto s = shape(3, {rows, 3, 1, 1, pad, pad}, {columns, 3, 1, 1, pad, 1}, in, out);
        CAPTURE(rows);
        CAPTURE(pad);
        CAPTURE(in);
        REQUIRE(math::suits_winograd(s));
        for (const auto* kernels : math::usable_image_kernels())
          check(s, *math::prepare_winograd_convolution(s, *kernels));
      }
}

TEST_CASE("depthwise convolutions are sums over windows") {
  for (const int stride : {1, 2})
    for (const int channels : {3, 16, 37})
      for (const int kernel : {3, 5}) {
        const auto s = shape(3, {9, kernel, stride, 1, 1, 2}, {12, kernel, stride, 2, 2, 0}, channels,
                             channels, channels);
        CAPTURE(stride);
        CAPTURE(channels);
        REQUIRE(math::suits_depthwise(s));
        for (const auto* kernels : math::usable_image_kernels())
          check(s, *math::prepare_depthwise_convolution(s, *kernels));
      }
}

TEST_CASE("few channels: convolution, rectifier and pool in one are the three one behind the other") {
  const auto size = [](int a, int b) { return static_cast<std::size_t>(a) * static_cast<std::size_t>(b); };
  const std::vector<math::LanesShape> shapes = {
      {37, {{12, 5, 1, 1, 2, 2}, {8, 5, 1, 1, 2, 2}}, 1, 6, 2, 2},
      {16, {{14, 5, 1, 1, 0, 0}, {14, 5, 1, 1, 0, 0}}, 6, 16, 2, 2},
      {5, {{7, 3, 1, 1, 1, 1}, {9, 2, 1, 1, 0, 0}}, 3, 5, 1, 2},
      {18, {{9, 7, 1, 1, 3, 3}, {6, 4, 1, 1, 1, 2}}, 2, 12, 3, 2},
  };
  for (const math::LanesShape& s : shapes) {
    CAPTURE(s.in);
    CAPTURE(s.out);
    REQUIRE(math::suits_lanes(s));
    const ConvolutionShape c = shape(s.samples, s.window.rows, s.window.columns, s.in, s.out);
    const math::Slide rows = {s.window.rows.places(), s.pool_rows, s.pool_rows};
    const math::Slide columns = {s.window.columns.places(), s.pool_columns, s.pool_columns};
    const math::PoolShape pool = {s.samples, {rows, columns}, s.out};
    const auto apart = math::prepare_patch_convolution(c);
    Memory scratch(apart->scratch_bytes);
    Even x(size(s.samples * s.window.pixels(), s.in), 0), w(size(c.fan(), s.out), 1);
    Even bias(static_cast<std::size_t>(s.out), 2);
    Numbers convolved(size(s.samples * s.window.places(), s.out));
    Numbers want_y(size(s.samples * pool.window.places(), s.out)), dconvolved(convolved.size());
    Even dy(want_y.size(), 3);
    Numbers want_dx(x.size()), want_dw(w.size());
    apart->forward(x.data(), w.data(), bias.data(), convolved.data(), scratch.data());
    for (std::size_t i = 0; i < convolved.size(); ++i)
      convolved.data()[i] = std::max(convolved.data()[i], Real{0});
    math::max_pool(pool, convolved.data(), want_y.data());
    math::max_pool_backward(pool, convolved.data(), dy.data(), dconvolved.data());
    std::vector<double> want_db(static_cast<std::size_t>(s.out));
    for (std::size_t i = 0; i < convolved.size(); ++i) {
      if (!(convolved.data()[i] > 0)) dconvolved.data()[i] = 0;
      want_db[i % want_db.size()] += double{dconvolved.data()[i]};
    }
    apart->backward_input(dconvolved.data(), w.data(), want_dx.data(), scratch.data());
    apart->backward_weight(x.data(), dconvolved.data(), false, want_dw.data(), scratch.data());
    const auto doubles = [](Numbers& v) { return std::vector<double>(v.data(), v.data() + v.size()); };
    for (const auto* kernels : math::usable_image_kernels()) {
      CAPTURE(kernels->width);
      const math::LanesConvolution fused(s, *kernels);
      Memory saved(fused.saved_bytes), own(fused.scratch_bytes);
      Even dw(w.size(), 4), db(bias.size(), 5);
      Numbers y(want_y.size()), dx(x.size());
      std::vector<double> more = doubles(want_dw), more_bias = want_db;
      for (std::size_t i = 0; i < dw.size(); ++i) more[i] += double{dw.data()[i]};
      for (std::size_t i = 0; i < db.size(); ++i) more_bias[i] += double{db.data()[i]};
      fused.forward(x.data(), w.data(), bias.data(), y.data(), saved.data(), own.data());
      check_near(y, doubles(want_y));
      fused.backward(dy.data(), w.data(), true, dx.data(), dw.data(), db.data(), saved.data(), own.data());
      check_near(dx, doubles(want_dx));
      check_near(dw, more);
      check_near(db, more_bias);
    }
  }
}

TEST_CASE("pools are the same by the kernels of every instruction set") {
  const math::PoolShape s = {3, {{9, 3, 2, 1, 1, 1}, {8, 2, 1, 1, 0, 0}}, 21};
  Even x(static_cast<std::size_t>(s.samples * s.window.pixels() * s.channels), 0);
  Even dy(static_cast<std::size_t>(s.samples * s.window.places() * s.channels), 1);
  std::vector<Real> first;
  for (const auto* kernels : math::usable_image_kernels()) {
    Numbers most(dy.size()), mean(dy.size()), dmost(x.size()), dmean(x.size());
    math::max_pool(s, x.data(), most.data(), *kernels);
    math::average_pool(s, x.data(), mean.data(), *kernels);
    math::max_pool_backward(s, x.data(), dy.data(), dmost.data(), *kernels);
    math::average_pool_backward(s, dy.data(), dmean.data(), *kernels);
    std::vector<Real> all(most.data(), most.data() + most.size());
    all.insert(all.end(), dmost.data(), dmost.data() + dmost.size());
    if (first.empty()) first = all;
    CHECK(first == all);  // nothing is rounded, or in one order only
    for (std::size_t i = 0; i < mean.size(); ++i) CHECK(mean.data()[i] <= most.data()[i]);
    double in = 0, out = 0;
    for (std::size_t i = 0; i < dy.size(); ++i) in += double{dy.data()[i]};
    for (std::size_t i = 0; i < x.size(); ++i) out += double{dmean.data()[i]};
    CHECK(std::abs(in - out) < 1e-4);
  }
}

TEST_CASE("convolutions give the same bits for any number of threads") {
  const std::vector<ConvolutionShape> shapes = {
      shape(16, {32, 3, 1, 1, 1, 1}, {32, 3, 1, 1, 1, 1}, 16, 32),
      shape(16, {8, 3, 1, 1, 1, 1}, {8, 3, 1, 1, 1, 1}, 128, 160),
      shape(16, {32, 5, 2, 1, 2, 2}, {32, 5, 2, 1, 2, 2}, 3, 20),
      shape(16, {16, 3, 1, 1, 1, 1}, {16, 3, 1, 1, 1, 1}, 64, 64, 64)};
  for (const ConvolutionShape& s : shapes) {
    std::vector<Real> first;
    for (const int threads : {1, 2, 3}) {
      math::set_threads(threads);
      const auto convolution = math::prepare_convolution(s);
      const auto size = [](int a, int b) {
        return static_cast<std::size_t>(a) * static_cast<std::size_t>(b);
      };
      Even x(size(s.samples * s.window.pixels(), s.in), 0), w(size(s.fan(), s.out), 1);
      Even dy(size(s.samples * s.window.places(), s.out), 3);
      Numbers y(dy.size()), dx(x.size()), dw(w.size());
      Memory scratch(convolution->scratch_bytes);
      convolution->forward(x.data(), w.data(), nullptr, y.data(), scratch.data());
      convolution->backward_input(dy.data(), w.data(), dx.data(), scratch.data());
      convolution->backward_weight(x.data(), dy.data(), false, dw.data(), scratch.data());
      std::vector<Real> all(y.data(), y.data() + y.size());
      all.insert(all.end(), dx.data(), dx.data() + dx.size());
      all.insert(all.end(), dw.data(), dw.data() + dw.size());
      if (first.empty()) first = all;
      CHECK(first == all);
    }
    math::set_threads(1);
  }
}
