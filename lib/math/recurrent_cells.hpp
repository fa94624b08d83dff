#pragma once
// One step of recurrent cells, element by element, for some rows (samples) of a batch whose steps lie one
// behind another. Order of gates as in PyTorch: i, f, g, o (lstm) and r, z, n (gru).

#include <cstddef>

#include "core/shape.hpp"

namespace bpnet::math {

enum class Cell : std::uint8_t { lstm, gru, tanh, relu };

/// Parts of a row of gates.
constexpr int gates_of(Cell cell) { return cell == Cell::lstm ? 4 : cell == Cell::gru ? 3 : 1; }

/// What a cell reads and writes at one step: arrays of (rows, hidden) but where said.
struct CellStep {
  int rows = 0, hidden = 0;
  const int* lengths = nullptr;  // (rows) steps in use
  int step = 0;           // rows whose length is not above it keep their state, and no gradient is theirs
  Real* gates = nullptr;  // (rows, gates * hidden): sums; forward leaves gates, backward their gradients
  Real* recurrent =
      nullptr;  // gru, (rows, 3 * hidden): the sums of what comes from the state; backward: gradients
  Real* candidate = nullptr;     // gru: the part of `recurrent` that n takes, kept for backward
  const Real* before = nullptr;  // state, and the memory cell of lstm, one step before
  const Real* cell_before = nullptr;
  Real* state = nullptr;  // and now
  Real* cell = nullptr;
  Real* out = nullptr;         // a copy of the state, rows `stride` apart; null: not wanted
  const Real* dout = nullptr;  // its gradient, as far apart; null: none
  std::ptrdiff_t stride = 0;
  Real* dstate = nullptr;  // backward: gradient of the state; left: what of it goes to the state before
                           // without a product, to which the product's share is to be added
  Real* dcell = nullptr;   // of the memory cell, now and then one step before
};

void forward_step(Cell cell, const CellStep& step);
void backward_step(Cell cell, const CellStep& step);

}  // namespace bpnet::math
