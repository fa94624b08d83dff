#pragma once
// What the normalisations share.

#include "layers/numbers.hpp"

namespace bpnet {

/// The last axis is normalised or kept: its width, and all other elements of a batch as rows.
struct NormRows {
  int rows, width;
};
inline NormRows norm_rows(const Port& in, Batch batch) {
  const int width = in.shape[-1];
  return {batch.rows() * static_cast<int>(in.shape.elements() / static_cast<std::size_t>(width)), width};
}

/// A learnt scale, from 1, and a learnt shift, from 0, on the last axis.
inline Plan norm_plan(const Port& in, bool scale, bool shift) {
  require_numbers(in);
  Plan plan;
  plan.out = {in};
  if (scale) plan.parameters.push_back({"weight", {in.shape[-1]}, initialiser_named("ones"), Role::norm});
  if (shift) plan.parameters.push_back({"bias", {in.shape[-1]}, nullptr, Role::norm});
  plan.backward_reads_in = true;
  return plan;
}

}  // namespace bpnet
