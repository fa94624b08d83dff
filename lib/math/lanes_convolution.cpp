#include "math/lanes_convolution.hpp"

#include <algorithm>

#include "math/elements.hpp"
#include "math/image_kernels.hpp"
#include "math/shards.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

namespace {

constexpr int most_kernel = 7;
constexpr int behind = 128;  // elements that kernels may read behind a block

/// The window over the gradients whose places are the pixels of the image.
Window turned_window(const Window& window) {
  const auto turn = [](const Slide& s) {
    return Slide{s.places(), s.kernel, 1, 1, s.kernel - 1 - s.before, s.kernel - 1 - s.after};
  };
  return {turn(window.rows), turn(window.columns)};
}

int wide_of(int out) {
  const int outs = outs_at_once(out);
  return (out + outs - 1) / outs * outs;
}

}  // namespace

bool suits_lanes(const LanesShape& s) {
  const auto plain = [](const Slide& a) {
    return a.stride == 1 && a.dilation == 1 && a.kernel <= most_kernel;
  };
  return plain(s.window.rows) && plain(s.window.columns) && s.in <= lanes_channels_at_most &&
         s.out <= lanes_channels_at_most && s.window.rows.places() % s.pool_rows == 0 &&
         s.window.columns.places() % s.pool_columns == 0;
}

LanesConvolution::LanesConvolution(const LanesShape& shape, const ImageKernels& kernels)
    : s_(shape),
      kernels_(kernels),
      lanes_(kernels.width),
      blocks_((shape.samples + lanes_ - 1) / lanes_),
      shards_(std::min(blocks_, 8)),
      in_(std::ptrdiff_t{shape.window.pixels()} * shape.in),
      places_(std::ptrdiff_t{shape.window.places()} * shape.out),
      pooled_(places_ / (shape.pool_rows * shape.pool_columns)),
      weights_(static_cast<std::size_t>(shape.window.elements() * shape.in * shape.out)),
      padded_(static_cast<std::size_t>(shape.window.elements() * std::max(shape.in * wide_of(shape.out),
                                                                          shape.out * wide_of(shape.in))) +
              behind),
      own_(static_cast<std::size_t>(std::max(pooled_, in_) * lanes_ + behind)) {
  saved_bytes = static_cast<std::size_t>((in_ + places_) * lanes_ * blocks_ + behind) * sizeof(Real);
  const std::size_t sums = (weights_ + lanes_channels_at_most + 16) * static_cast<std::size_t>(shards_);
  scratch_bytes = (padded_ + sums + own_ * static_cast<std::size_t>(threads())) * sizeof(Real) + 64;
}

Real* LanesConvolution::own(std::byte* scratch) const {
  return reinterpret_cast<Real*>(scratch) + (padded_ + 15) / 16 * 16 +
         own_ * static_cast<std::size_t>(thread_index());
}

// The weights with outputs filled up by zeros; turned: as the gradient of the input is a convolution with.
const Real* LanesConvolution::padded(const Real* w, bool turned, std::byte* scratch) const {
  Real* to = reinterpret_cast<Real*>(scratch);
  const int elements = s_.window.elements(), rows = turned ? s_.out : s_.in,
            columns = turned ? s_.in : s_.out;
  const int wide = wide_of(columns);
  for (int e = 0; e < elements; ++e)
    for (int r = 0; r < rows; ++r)
      for (int c = 0; c < wide; ++c)
        *to++ = c >= columns ? 0
                : turned     ? w[((elements - 1 - e) * s_.in + c) * s_.out + r]
                             : w[(e * s_.in + r) * s_.out + c];
  return reinterpret_cast<const Real*>(scratch);
}

void LanesConvolution::forward(const Real* x, const Real* w, const Real* bias, Real* y, std::byte* saved,
                               std::byte* scratch) const {
  Real* inputs = reinterpret_cast<Real*>(saved);
  Real* places = inputs + in_ * lanes_ * blocks_;
  const Real* weights = padded(w, false, scratch);
  const int rows = s_.window.rows.places(), columns = s_.window.columns.places();
  parallel(blocks_, static_cast<double>(weights_) * s_.samples * s_.window.places(), [&](std::ptrdiff_t b) {
    const int first = static_cast<int>(b) * lanes_, count = std::min(lanes_, s_.samples - first);
    Real *in = inputs + b * in_ * lanes_, *out = places + b * places_ * lanes_, *pooled = own(scratch);
    kernels_.to_lanes(x + first * in_, in_, count, in);
    kernels_.convolve(s_.window, s_.in, s_.out, in, weights, bias, out);
    kernels_.pool_lanes(out, rows, columns, s_.out, s_.pool_rows, s_.pool_columns, pooled);
    kernels_.from_lanes(pooled, pooled_, count, y + first * pooled_);
  });
}

void LanesConvolution::backward(const Real* dy, const Real* w, bool add, Real* dx, Real* dw, Real* db,
                                std::byte* saved, std::byte* scratch) const {
  const Real* inputs = reinterpret_cast<Real*>(saved);
  Real* places = reinterpret_cast<Real*>(saved) + in_ * lanes_ * blocks_;
  const Real* weights = dx ? padded(w, true, scratch) : nullptr;
  const int rows = s_.window.rows.places(), columns = s_.window.columns.places();
  const Window back = turned_window(s_.window);
  const std::size_t stride = weights_ + lanes_channels_at_most + 16;
  Real* sums = reinterpret_cast<Real*>(scratch) + (padded_ + 15) / 16 * 16 +
               own_ * static_cast<std::size_t>(threads());
  parallel(shards_, 3.0 * static_cast<double>(weights_) * s_.samples * s_.window.places(),
           [&](std::ptrdiff_t shard) {
             const int begin = part_begin(blocks_, shards_, shard),
                       end = part_begin(blocks_, shards_, shard + 1);
             for (int b = begin; b < end; ++b) {
               const int first = b * lanes_, count = std::min(lanes_, s_.samples - first);
               Real *gradient = places + b * places_ * lanes_, *own_memory = own(scratch);
               kernels_.to_lanes(dy + first * pooled_, pooled_, count, own_memory);
               kernels_.pool_lanes_backward(own_memory, rows, columns, s_.out, s_.pool_rows, s_.pool_columns,
                                            gradient);
               if (!dx) continue;
               kernels_.convolve(back, s_.out, s_.in, gradient, weights, nullptr, own_memory);
               kernels_.from_lanes(own_memory, in_, count, dx + first * in_);
             }
             Real* sum = sums + static_cast<std::size_t>(shard) * stride;
             const Real *x = inputs + begin * in_ * lanes_, *gradients = places + begin * places_ * lanes_;
             if (dw)
               kernels_.correlate(s_.window, s_.in, s_.out, x, gradients, end - begin, in_ * lanes_,
                                  places_ * lanes_, sum);
             if (db)
               kernels_.sum_blocks(gradients, s_.window.places(), s_.out, end - begin, places_ * lanes_,
                                   sum + weights_);
           });
  if (dw) sum_shards(sums, shards_, stride, weights_, add, dw);
  if (db) sum_shards(sums + weights_, shards_, stride, static_cast<std::size_t>(s_.out), add, db);
}

}  // namespace bpnet::math
