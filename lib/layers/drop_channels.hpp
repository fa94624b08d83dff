#pragma once
// What layers share that drop channels of a row as a whole.

#include "layers/noise.hpp"

namespace bpnet {

struct ChannelDrop {
  double rate;
  int channels;  // 1: the whole row
  void forward(const Lent& lent, std::size_t width, const Real* in, Real* out) const {
    math::drop_channels(in, lent.samples, width / static_cast<std::size_t>(channels), channels, rate,
                        lent.random, out);
  }
  void backward(const Lent& lent, std::size_t width, const Real* dout, Real* din) const {
    forward(lent, width, dout, din);
  }
};

}  // namespace bpnet
