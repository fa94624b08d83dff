#pragma once
// Windows of images as rows of a matrix, and back.

#include "math/convolution.hpp"

namespace bpnet::math {

/// out (count, fan) = what group g's windows see at places first, first + 1, ... of all samples' places one
/// behind the other; zeros outside of the image. May write up to 64 bytes behind its end.
void lay_out_patches(const ConvolutionShape& s, const Real* x, int first, int count, int g, Real* out);
/// x += each element of `patches` where lay_out_patches reads it.
void add_patches(const ConvolutionShape& s, const Real* patches, int first, int count, int g, Real* x);

}  // namespace bpnet::math
