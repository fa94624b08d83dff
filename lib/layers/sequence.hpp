#pragma once
// What layers share that look at several steps of a sequence.

#include "layers/numbers.hpp"

namespace bpnet {

/// Throws Misfit unless the port brings a row of numbers for each step of a sequence.
inline void require_sequence(const Port& in) {
  require_numbers(in);
  if (in.time == 0)
    throw Misfit{
        "goes through the steps of a sequence, but its input is one row a sample: " + in.shape.text(),
        {"texts, sequences and series have steps, and steps makes some of the pixels of a picture; a "
         "pooling layer or output: last before it takes them away"}};
  if (in.shape.axes() != 1)
    throw Misfit{"takes a row of numbers a step, but its input is " + in.shape.text() + " a step",
                 {"put flatten in front of it"}};
}

}  // namespace bpnet
