#pragma once
// Pooling over the steps of sequences: (samples, steps, width) to (samples, width), over the steps in use. A
// sample without steps gets zeros. din is assigned, 0 at steps not in use.

#include <cstdint>
#include <span>

#include "core/shape.hpp"

namespace bpnet::math {

struct StepsShape {
  int samples = 0, steps = 0, width = 0;
};

void mean_of_steps(const StepsShape& s, const Real* in, std::span<const int> lengths, Real* out);
void mean_of_steps_backward(const StepsShape& s, const Real* dout, std::span<const int> lengths, Real* din);
/// Of equal numbers the first counts.
void greatest_of_steps(const StepsShape& s, const Real* in, std::span<const int> lengths, Real* out);
void greatest_of_steps_backward(const StepsShape& s, const Real* in, const Real* out, const Real* dout,
                                std::span<const int> lengths, Real* din);
enum class StepsEnd : std::uint8_t { first, last };
void end_of_steps(const StepsShape& s, StepsEnd end, const Real* in, std::span<const int> lengths, Real* out);
void end_of_steps_backward(const StepsShape& s, StepsEnd end, const Real* dout, std::span<const int> lengths,
                           Real* din);
/// Mean with weights: the softmax over steps of in * score (width). `saved` (samples, steps): the weights.
void attend_steps(const StepsShape& s, const Real* in, const Real* score, std::span<const int> lengths,
                  Real* out, Real* saved);
/// dscore (width) is added to; din and dscore null: not wanted. `scratch`: (samples, width).
void attend_steps_backward(const StepsShape& s, const Real* in, const Real* score, const Real* dout,
                           std::span<const int> lengths, const Real* saved, Real* din, Real* dscore,
                           Real* scratch);

}  // namespace bpnet::math
