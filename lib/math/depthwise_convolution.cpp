// One input channel and one output channel a group: vectors along the channels.

#include <algorithm>

#include "math/convolution.hpp"
#include "math/elements.hpp"
#include "math/shards.hpp"
#include "math/threads.hpp"
#include "math/wide.hpp"

namespace bpnet::math {

namespace {

constexpr int in_flight = 8;  // places computed at once

/// Places at which element k of the window lies inside of the image.
struct Stretch {
  int begin, end;
};
inline Stretch inside(const Slide& s, int k) {
  const int shift = k * s.dilation - s.before;  // at(place, k) = place * stride + shift
  const int begin = shift >= 0 ? 0 : (-shift + s.stride - 1) / s.stride;
  const int last = s.size - 1 - shift;
  const int end = last < 0 ? 0 : std::min(s.places(), last / s.stride + 1);
  return {std::min(begin, end), end};
}

/// One row of places of one sample: y (places, channels) = sums of x (rows, columns, channels) * w (elements,
/// channels), plus bias.
BPNET_CLONES void row_of_places(const Window* window, int channels, const Real* x, const Real* w,
                                const Real* bias, int row, Real* y) {
  const Window s = *window;
  const int places = s.columns.places();
  for (int c = 0; c < channels; c += lanes)
    for (int p = 0; p < places; p += in_flight) {
      const int count = std::min(in_flight, places - p);
      Wide sum[in_flight];
      for (Wide& v : sum) {
        v = Wide{};
        if (bias) load(bias + c, v);
      }
      for (int ky = 0; ky < s.rows.kernel; ++ky) {
        const int at = s.rows.at(row, ky);
        if (at < 0 || at >= s.rows.size) continue;
        const Real* from = x + std::ptrdiff_t{at} * s.columns.size * channels + c;
        for (int kx = 0; kx < s.columns.kernel; ++kx) {
          const Stretch valid = inside(s.columns, kx);
          Wide weight, pixel;
          load(w + (ky * s.columns.kernel + kx) * channels + c, weight);
          const std::ptrdiff_t step = std::ptrdiff_t{s.columns.stride} * channels;
          const Real* pixels = from + std::ptrdiff_t{s.columns.at(p, kx)} * channels;
          if (valid.begin <= p && p + in_flight <= valid.end) {
#pragma GCC unroll 8
            for (int j = 0; j < in_flight; ++j) {
              load(pixels + j * step, pixel);
              sum[j] += pixel * weight;
            }
          } else {
            for (int j = std::max(0, valid.begin - p); j < std::min(count, valid.end - p); ++j) {
              load(pixels + j * step, pixel);
              sum[j] += pixel * weight;
            }
          }
        }
      }
      for (int j = 0; j < count; ++j)
        store_some(sum[j], channels - c, y + std::ptrdiff_t{p + j} * channels + c);
    }
}

/// dx of one sample += what row `row` of dy brings.
BPNET_CLONES void row_back(const Window* window, int channels, const Real* dy, const Real* w, int row,
                           Real* dx) {
  const Window s = *window;
  for (int ky = 0; ky < s.rows.kernel; ++ky) {
    const int at = s.rows.at(row, ky);
    if (at < 0 || at >= s.rows.size) continue;
    for (int kx = 0; kx < s.columns.kernel; ++kx) {
      const Stretch valid = inside(s.columns, kx);
      const Real* weight = w + (ky * s.columns.kernel + kx) * channels;
      for (int p = valid.begin; p < valid.end; ++p) {
        Real* to = dx + (std::ptrdiff_t{at} * s.columns.size + s.columns.at(p, kx)) * channels;
        const Real* from = dy + std::ptrdiff_t{p} * channels;
        for (int c = 0; c < channels; ++c) to[c] += from[c] * weight[c];
      }
    }
  }
}

/// dw (elements, channels) += what one sample brings.
BPNET_CLONES void weights_of_sample(const Window* window, int channels, const Real* x, const Real* dy,
                                    Real* dw) {
  const Window s = *window;
  const int across = s.columns.places();
  for (int ky = 0; ky < s.rows.kernel; ++ky)
    for (int kx = 0; kx < s.columns.kernel; ++kx) {
      const Stretch down = inside(s.rows, ky), valid = inside(s.columns, kx);
      Real* to = dw + (ky * s.columns.kernel + kx) * channels;
      for (int c = 0; c < channels; c += lanes) {
        Wide sum[4] = {}, a, b;
        for (int row = down.begin; row < down.end; ++row) {
          const Real* pixels =
              x + (std::ptrdiff_t{s.rows.at(row, ky)} * s.columns.size + s.columns.at(0, kx)) * channels + c;
          const Real* gradients = dy + std::ptrdiff_t{row} * across * channels + c;
          int p = valid.begin;
          for (; p + 4 <= valid.end; p += 4)
#pragma GCC unroll 4
            for (int j = 0; j < 4; ++j) {
              load(pixels + std::ptrdiff_t{p + j} * s.columns.stride * channels, a);
              load(gradients + std::ptrdiff_t{p + j} * channels, b);
              sum[j] += a * b;
            }
          for (; p < valid.end; ++p) {
            load(pixels + std::ptrdiff_t{p} * s.columns.stride * channels, a);
            load(gradients + std::ptrdiff_t{p} * channels, b);
            sum[0] += a * b;
          }
        }
        const Wide all = (sum[0] + sum[1]) + (sum[2] + sum[3]);
        for (int i = 0; i < std::min(lanes, channels - c); ++i) to[c + i] += all[i];
      }
    }
}

class DepthwiseConvolution final : public Convolution {
 public:
  explicit DepthwiseConvolution(const ConvolutionShape& s)
      : s_(s),
        elements_(s.window.elements()),
        weights_(static_cast<std::size_t>(elements_) * static_cast<std::size_t>(s.in)),
        stride_((weights_ + 15) / 16 * 16 + 16),
        shards_(shards_for(weights_, s.samples)),
        back_(back_of(s.window)) {
    scratch_bytes = static_cast<std::size_t>(shards_ + 1) * stride_ * sizeof(Real);
  }

  void forward(const Real* x, const Real* w, const Real* bias, Real* y, std::byte* scratch) const override {
    Real* turned = turn(w, false, scratch);
    run(s_.window, x, turned, bias, y);
  }

  void backward_input(const Real* dy, const Real* w, Real* dx, std::byte* scratch) const override {
    const bool mirrored = s_.window.rows.stride == 1 && s_.window.columns.stride == 1;
    Real* turned = turn(w, mirrored, scratch);
    if (mirrored) return run(back_, dy, turned, nullptr, dx);
    const std::ptrdiff_t in = std::ptrdiff_t{s_.window.pixels()} * s_.in, across = s_.window.columns.places();
    parallel(s_.samples, work(), [&](std::ptrdiff_t sample) {
      Real* to = dx + sample * in;
      fill(0, static_cast<std::size_t>(in), to);
      for (int row = 0; row < s_.window.rows.places(); ++row)
        row_back(&s_.window, s_.in, dy + (sample * s_.window.rows.places() + row) * across * s_.in, turned, row, to);
    });
  }

  void backward_weight(const Real* x, const Real* dy, bool add, Real* dw, std::byte* scratch) const override {
    Real* sums = reinterpret_cast<Real*>(scratch);
    const std::ptrdiff_t in = std::ptrdiff_t{s_.window.pixels()} * s_.in;
    const std::ptrdiff_t out = std::ptrdiff_t{s_.window.places()} * s_.in;
    parallel(shards_, work(), [&](std::ptrdiff_t shard) {
      Real* sum = sums + static_cast<std::size_t>(shard) * stride_;
      fill(0, weights_, sum);
      const int end = part_begin(s_.samples, shards_, shard + 1);
      for (int sample = part_begin(s_.samples, shards_, shard); sample < end; ++sample)
        weights_of_sample(&s_.window, s_.in, x + sample * in, dy + sample * out, sum);
    });
    Real* all = sums + static_cast<std::size_t>(shards_) * stride_;
    sum_shards(sums, shards_, stride_, weights_, false, all);
    for (int c = 0; c < s_.in; ++c)
      for (int e = 0; e < elements_; ++e, ++dw) *dw = all[e * s_.in + c] + (add ? *dw : 0);
  }

 private:
  /// The window over dy whose places are the pixels of x, for stride 1.
  static Window back_of(const Window& window) {
    const auto slide = [](const Slide& s) {
      Slide out = s;
      out.size = s.places();
      out.before = s.reach() - 1 - s.before;
      out.after = s.reach() - 1 - s.after;
      return out;
    };
    return {slide(window.rows), slide(window.columns)};
  }
  double work() const { return 4.0 * s_.samples * s_.window.places() * static_cast<double>(weights_); }
  /// (elements, channels) of w (channels, elements), the elements in reverse if `mirrored`.
  Real* turn(const Real* w, bool mirrored, std::byte* scratch) const {
    Real* out = reinterpret_cast<Real*>(scratch);
    for (int c = 0; c < s_.in; ++c)
      for (int e = 0; e < elements_; ++e) out[(mirrored ? elements_ - 1 - e : e) * s_.in + c] = *w++;
    return out;
  }
  void run(const Window& window, const Real* x, const Real* w, const Real* bias, Real* y) const {
    const int rows = window.rows.places();
    const std::ptrdiff_t in = std::ptrdiff_t{window.pixels()} * s_.in;
    const std::ptrdiff_t out = std::ptrdiff_t{window.columns.places()} * s_.in;
    parallel(std::ptrdiff_t{s_.samples} * rows, work(), [&](std::ptrdiff_t i) {
      row_of_places(&window, s_.in, x + i / rows * in, w, bias, static_cast<int>(i % rows), y + i * out);
    });
  }

  ConvolutionShape s_;
  int elements_;
  std::size_t weights_, stride_;
  int shards_;
  Window back_;
};

}  // namespace

bool suits_depthwise(const ConvolutionShape& s) { return s.groups == s.in && s.in == s.out && s.in > 1; }

std::unique_ptr<Convolution> prepare_depthwise_convolution(const ConvolutionShape& shape) {
  return std::make_unique<DepthwiseConvolution>(shape);
}

}  // namespace bpnet::math
