#include "math/convolution.hpp"

namespace bpnet::math {

std::unique_ptr<Convolution> prepare_convolution(const ConvolutionShape& shape) {
  constexpr int worth_winograd = 16;  // channels on both sides
  if (suits_depthwise(shape)) return prepare_depthwise_convolution(shape);
  if (suits_winograd(shape) && shape.in >= worth_winograd && shape.out >= worth_winograd)
    return prepare_winograd_convolution(shape);
  return prepare_patch_convolution(shape);
}

}  // namespace bpnet::math
