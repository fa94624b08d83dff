#include "math/pixels.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "math/map.hpp"

namespace bpnet::math {

namespace {

constexpr std::size_t length = ChannelPattern::length;

template <class From, class To>
[[gnu::always_inline]] inline void convert(const From* pixels, std::size_t elements,
                                           const ChannelPattern& pattern, To* out) {
  std::size_t at = 0;
  for (; at + length <= elements; at += length)
    for (std::size_t i = 0; i < length; ++i)
      out[at + i] =
          static_cast<To>(static_cast<float>(pixels[at + i]) * pattern.factors[i] + pattern.shifts[i]);
  for (std::size_t i = 0; at + i < elements; ++i)
    out[at + i] =
        static_cast<To>(static_cast<float>(pixels[at + i]) * pattern.factors[i] + pattern.shifts[i]);
}

BPNET_CLONES void convert_bytes(const std::uint8_t* pixels, std::size_t elements,
                                const ChannelPattern* pattern, Real* out) {
  convert(pixels, elements, *pattern, out);
}

BPNET_CLONES void convert_to_floats(const std::uint8_t* pixels, std::size_t elements,
                                    const ChannelPattern* pattern, float* out) {
  convert(pixels, elements, *pattern, out);
}

BPNET_CLONES void convert_floats(const float* pixels, std::size_t elements, const ChannelPattern* pattern,
                                 Real* out) {
  convert(pixels, elements, *pattern, out);
}

/// How much each pixel of a line weighs in one of the result: `weights` from `first` on.
struct Share {
  int first = 0;
  std::vector<float> weights;
};

std::vector<Share> shares(int size, double begin, double extent, ResizeFilter filter, int out_size) {
  const double step = extent / out_size, wide = std::max(step, 1.0);
  const double reach = wide * (filter == ResizeFilter::box ? 0.5 : 1);
  std::vector<Share> out;
  for (int i = 0; i < out_size; ++i) {
    const double centre = begin + (i + 0.5) * step;
    Share share;
    share.first = std::max(0, static_cast<int>(centre - reach + 0.5));
    const int end = std::min(size, static_cast<int>(centre + reach + 0.5));
    double sum = 0;
    std::vector<double> weights;
    for (int x = share.first; x < end; ++x) {
      const double away = (x - centre + 0.5) / wide;
      const bool covered = away > -0.5 && away <= 0.5;
      const double weight =
          filter == ResizeFilter::box ? (covered ? 1 : 0) : std::max(0.0, 1 - std::abs(away));
      weights.push_back(weight);
      sum += weight;
    }
    for (const double weight : weights) share.weights.push_back(static_cast<float>(weight / sum));
    out.push_back(std::move(share));
  }
  return out;
}

}  // namespace

ChannelPattern::ChannelPattern(const ChannelScale& scale, int channels) {
  for (std::size_t i = 0; i < length; ++i) {
    factors[i] = scale.factor[i % static_cast<std::size_t>(channels)];
    shifts[i] = scale.shift[i % static_cast<std::size_t>(channels)];
  }
}

void convert_pixels(const std::uint8_t* pixels, std::size_t elements, const ChannelPattern& pattern,
                    Real* out) {
  convert_bytes(pixels, elements, &pattern, out);
}

void pixels_to_unit(const std::uint8_t* pixels, std::size_t elements, const ChannelPattern& pattern,
                    float* out) {
  convert_to_floats(pixels, elements, &pattern, out);
}

void convert_pixels(const float* pixels, std::size_t elements, const ChannelPattern& pattern, Real* out) {
  convert_floats(pixels, elements, &pattern, out);
}

void sum_pixels(const std::uint8_t* pixels, std::size_t elements, int channels, std::uint64_t* sums,
                std::uint64_t* squares) {
  const auto step = static_cast<std::size_t>(channels);
  for (std::size_t c = 0; c < step; ++c) {
    std::uint64_t sum = 0, square = 0;
    for (std::size_t i = c; i < elements; i += step) {
      sum += pixels[i];
      square += std::uint64_t{pixels[i]} * pixels[i];
    }
    sums[c] += sum;
    squares[c] += square;
  }
}

void resize_pixels(const std::uint8_t* in, PictureSize size, PictureRegion region, ResizeFilter filter,
                   int height, int width, std::uint8_t* out) {
  const auto across = shares(size.width, region.left, region.width, filter, width);
  const auto down = shares(size.height, region.top, region.height, filter, height);
  const auto channels = static_cast<std::size_t>(size.channels);
  const std::size_t line = static_cast<std::size_t>(width) * channels;
  const std::size_t in_line = static_cast<std::size_t>(size.width) * channels;
  const int first = down.front().first;
  const int end = down.back().first + static_cast<int>(down.back().weights.size());
  std::vector<float> lines(static_cast<std::size_t>(end - first) * line, 0.0f);
  for (int y = first; y < end; ++y) {
    const std::uint8_t* from = in + static_cast<std::size_t>(y) * in_line;
    float* to = lines.data() + static_cast<std::size_t>(y - first) * line;
    for (const Share& share : across) {
      const std::uint8_t* pixel = from + static_cast<std::size_t>(share.first) * channels;
      for (const float weight : share.weights)
        for (std::size_t c = 0; c < channels; ++c) to[c] += weight * static_cast<float>(*pixel++);
      to += channels;
    }
  }
  std::vector<float> sums(line);
  for (const Share& share : down) {
    std::fill(sums.begin(), sums.end(), 0.0f);
    const float* from = lines.data() + static_cast<std::size_t>(share.first - first) * line;
    for (const float weight : share.weights) {
      for (std::size_t i = 0; i < line; ++i) sums[i] += weight * from[i];
      from += line;
    }
    for (const float sum : sums) *out++ = static_cast<std::uint8_t>(std::clamp(sum + 0.5f, 0.0f, 255.0f));
  }
}

}  // namespace bpnet::math
