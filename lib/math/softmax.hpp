#pragma once
// Softmax over the last axis, alone and with cross-entropy in one pass. Rows by width, row-major.

#include <cstdint>

#include "core/shape.hpp"

namespace bpnet::math {

/// What a loss over rows returns, added up in double in a fixed order.
struct RowSums {
  double loss = 0;    // sum of row weight * loss of the row
  double weight = 0;  // sum of row weight * class weight of the row's class
  RowSums& operator+=(const RowSums& other) {
    loss += other.loss;
    weight += other.weight;
    return *this;
  }
};

/// How classes become a target distribution q over `width` classes (PyTorch's cross_entropy):
///   q[c] = class_weights[c] * ((1 - smoothing) * [c is the row's class] + smoothing / width)
struct ClassTarget {
  Real smoothing = 0;
  const Real* class_weights = nullptr;  // (classes); null: all 1
};

/// out = softmax of each row of logits; out may be logits.
void softmax(const Real* logits, int rows, int width, Real* out);
/// din = the gradient of the logits, where out = softmax(logits); din may be dout.
void softmax_backward(const Real* out, const Real* dout, int rows, int width, Real* din);
/// log(sum over i of exp(row[i])): what to take from a logit for the logarithm of its probability.
double log_sum_exp(const Real* row, int width);

/// Loss of a row: -sum over c of q[c] * log(softmax(row)[c]). `classes` (rows): -1 leaves the row out (it
/// counts nothing, its gradient is 0). `row_weights` (rows), null: all 1. `gradient` (rows, width) of the sum
/// of losses is assigned; null: not wanted; it may be logits. A row with a logit that is not finite has a
/// loss that is not finite.
RowSums softmax_cross_entropy(const Real* logits, int rows, int width, const std::int32_t* classes,
                              const Real* row_weights, const ClassTarget& target, Real* gradient);

}  // namespace bpnet::math
