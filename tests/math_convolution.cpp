// Every way of computing a convolution against sums written out, on odd sizes.

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "core/memory.hpp"
#include "core/random.hpp"
#include "math/convolution.hpp"
#include "math/threads.hpp"

using namespace bpnet;
using math::Convolution, math::ConvolutionShape;

namespace {

struct Values {
  explicit Values(std::size_t n, int series = -1) : memory((n + 16) * sizeof(Real)), size(n) {
    const Draw draw = Draw::of(1, static_cast<std::uint64_t>(series));
    for (std::size_t i = 0; i < n && series >= 0; ++i)
      data()[i] = static_cast<Real>(draw.uniform(0, i)) - Real{0.5};
  }
  Real* data() { return memory.as<Real>().data(); }
  Memory memory;
  std::size_t size;
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
void check_near(Values& got, const std::vector<double>& want) {
  double worst = 0, greatest = 0;
  for (std::size_t i = 0; i < want.size(); ++i) {
    worst = std::max(worst, std::abs(double{got.data()[i]} - want[i]));
    greatest = std::max(greatest, std::abs(want[i]));
  }
  CHECK(worst < 1e-5 * greatest);
}

void check(const ConvolutionShape& s, const Convolution& convolution) {
  const auto size = [](int a, int b) { return static_cast<std::size_t>(a) * static_cast<std::size_t>(b); };
  Values x(size(s.samples * s.window.pixels(), s.in), 0), w(size(s.fan(), s.out), 1),
      bias(static_cast<std::size_t>(s.out), 2);
  Values dy(size(s.samples * s.window.places(), s.out), 3), y(dy.size), dx(x.size), dw(w.size, 4);
  std::vector<double> want_y(y.size), want_dx(x.size), want_dw(w.size);
  for (std::size_t i = 0; i < y.size; ++i) want_y[i] = double{bias.data()[i % bias.size]};
  each_product(s, [&](std::size_t a, std::size_t b, std::size_t c) {
    want_y[c] += double{x.data()[a]} * double{w.data()[b]};
    want_dx[a] += double{dy.data()[c]} * double{w.data()[b]};
    want_dw[b] += double{dy.data()[c]} * double{x.data()[a]};
  });
  std::vector<double> want_more = want_dw;
  for (std::size_t i = 0; i < dw.size; ++i) want_more[i] += double{dw.data()[i]};
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
        check(s, *math::prepare_winograd_convolution(s));
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
        check(s, *math::prepare_depthwise_convolution(s));
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
      Values x(size(s.samples * s.window.pixels(), s.in), 0), w(size(s.fan(), s.out), 1);
      Values dy(size(s.samples * s.window.places(), s.out), 3), y(dy.size), dx(x.size), dw(w.size);
      Memory scratch(convolution->scratch_bytes);
      convolution->forward(x.data(), w.data(), nullptr, y.data(), scratch.data());
      convolution->backward_input(dy.data(), w.data(), dx.data(), scratch.data());
      convolution->backward_weight(x.data(), dy.data(), false, dw.data(), scratch.data());
      std::vector<Real> all(y.data(), y.data() + y.size);
      all.insert(all.end(), dx.data(), dx.data() + dx.size);
      all.insert(all.end(), dw.data(), dw.data() + dw.size);
      if (first.empty()) first = all;
      CHECK(first == all);
    }
    math::set_threads(1);
  }
}
