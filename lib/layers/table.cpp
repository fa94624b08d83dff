#include "layers/layer.hpp"

// clang-format off
#define LAYERS(X) \
  X(dense)          \
  X(output)         \
  X(embedding)      \
  X(periodic)       \
  X(piecewise_linear) \
  X(feature_tokens) \
  X(conv2d)         \
  X(conv1d)         \
  X(conv2d_transpose) \
  X(whitening)      \
  X(rnn)            \
  X(lstm)           \
  X(gru)            \
  X(attention)      \
  X(cross_attention) \
  X(steps)          \
  X(positions)      \
  X(transformer)    \
  X(temporal_pool)  \
  X(max_pool2d)     \
  X(average_pool2d) \
  X(global_average_pool) \
  X(global_max_pool) \
  X(upsample)       \
  X(zero_pad)       \
  X(flatten)        \
  X(reshape)        \
  X(dropout)        \
  X(alpha_dropout)  \
  X(spatial_dropout) \
  X(drop_path)      \
  X(gaussian_noise) \
  X(batch_norm)     \
  X(layer_norm)     \
  X(rms_norm)       \
  X(group_norm)     \
  X(instance_norm)  \
  X(local_response_norm) \
  X(squeeze_excite) \
  X(swiglu)         \
  X(maxout)         \
  X(cross)          \
  X(residual)       \
  X(parallel)       \
  X(repeat)         \
  X(relu)           \
  X(leaky_relu)     \
  X(prelu)          \
  X(relu6)          \
  X(squared_relu)   \
  X(elu)            \
  X(selu)           \
  X(celu)           \
  X(gelu)           \
  X(gelu_tanh)      \
  X(silu)           \
  X(mish)           \
  X(softplus)       \
  X(softsign)       \
  X(tanh)           \
  X(sigmoid)        \
  X(softmax)        \
  X(log_sigmoid)    \
  X(hard_sigmoid)   \
  X(hard_tanh)      \
  X(hard_swish)     \
  X(exponential)    \
  X(identity)
// clang-format on

namespace bpnet {
BPNET_TABLE(layers, "layer", "layers", layer_entries, LAYERS)
}
