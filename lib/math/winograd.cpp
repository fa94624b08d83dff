#include "math/winograd.hpp"

#include "math/image_kernels.hpp"

namespace bpnet::math::winograd {

void transform_inputs(const Tiling& t, const Real* x, int channels, int first, int count, Real* out,
                      std::size_t plane) {
  image_kernels().winograd_inputs(t, x, channels, first, count, out, plane);
}
void transform_gradients(const Tiling& t, const Real* dy, int channels, int first, int count, Real* out,
                         std::size_t plane) {
  image_kernels().winograd_gradients(t, dy, channels, first, count, out, plane);
}
void transform_outputs(const Tiling& t, const Real* in, std::size_t plane, const Real* bias, int channels,
                       int first, int count, Real* y) {
  image_kernels().winograd_outputs(t, in, plane, bias, channels, first, count, y);
}
void transform_weights(const Real* w, int in, int out, int i, bool flipped, Real* to, std::size_t plane) {
  image_kernels().winograd_weights(w, in, out, i, flipped, to, plane);
}
void weight_gradients(const Real* in, std::size_t plane, int shards, std::size_t shard, int ins, int outs,
                      int i, bool add, Real* dw) {
  image_kernels().winograd_weight_gradients(in, plane, shards, shard, ins, outs, i, add, dw);
}

}  // namespace bpnet::math::winograd
