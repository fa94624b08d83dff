#include "math/recurrent_cells.hpp"

#include <algorithm>

#include "math/functions.hpp"
#include "math/map.hpp"

namespace bpnet::math {

namespace {

// Loops below write to arrays that do not overlap, or at the element they have read.
#define BPNET_APART _Pragma("GCC ivdep")

BPNET_CLONES void lstm_row(int n, Real* gates, const Real* cell_before, Real* cell, Real* state) {
  BPNET_APART
  for (int j = 0; j < n; ++j) {
    const Real i = sigmoid(gates[j]), f = sigmoid(gates[n + j]);
    const Real g = tanh(gates[2 * n + j]), o = sigmoid(gates[3 * n + j]);
    const Real c = f * cell_before[j] + i * g;
    gates[j] = i;
    gates[n + j] = f;
    gates[2 * n + j] = g;
    gates[3 * n + j] = o;
    cell[j] = c;
    state[j] = o * tanh(c);
  }
}

/// dstate: the whole gradient of the state.
BPNET_CLONES void lstm_row_back(int n, Real* gates, const Real* cell_before, const Real* cell,
                                const Real* dstate, Real* dcell) {
  BPNET_APART
  for (int j = 0; j < n; ++j) {
    const Real i = gates[j], f = gates[n + j], g = gates[2 * n + j], o = gates[3 * n + j];
    const Real t = tanh(cell[j]), d = dstate[j];
    const Real dc = dcell[j] + d * o * (1 - t * t);
    gates[j] = dc * g * i * (1 - i);
    gates[n + j] = dc * cell_before[j] * f * (1 - f);
    gates[2 * n + j] = dc * i * (1 - g * g);
    gates[3 * n + j] = d * t * o * (1 - o);
    dcell[j] = dc * f;
  }
}

BPNET_CLONES void gru_row(int n, Real* gates, const Real* recurrent, const Real* before, Real* candidate,
                          Real* state) {
  BPNET_APART
  for (int j = 0; j < n; ++j) {
    const Real r = sigmoid(gates[j] + recurrent[j]), z = sigmoid(gates[n + j] + recurrent[n + j]);
    const Real from_state = recurrent[2 * n + j], c = tanh(gates[2 * n + j] + r * from_state);
    gates[j] = r;
    gates[n + j] = z;
    gates[2 * n + j] = c;
    candidate[j] = from_state;
    state[j] = c + z * (before[j] - c);
  }
}

/// Leaves in dstate what goes to the state before directly.
BPNET_CLONES void gru_row_back(int n, Real* gates, Real* recurrent, const Real* before, const Real* candidate,
                               Real* dstate) {
  BPNET_APART
  for (int j = 0; j < n; ++j) {
    const Real r = gates[j], z = gates[n + j], c = gates[2 * n + j], d = dstate[j];
    const Real dz = d * (before[j] - c) * z * (1 - z);
    const Real dc = d * (1 - z) * (1 - c * c);
    const Real dr = dc * candidate[j] * r * (1 - r);
    gates[j] = recurrent[j] = dr;
    gates[n + j] = recurrent[n + j] = dz;
    gates[2 * n + j] = dc;
    recurrent[2 * n + j] = dc * r;
    dstate[j] = d * z;
  }
}

BPNET_CLONES void tanh_row(int n, const Real* gates, Real* state) {
  BPNET_APART
  for (int j = 0; j < n; ++j) state[j] = tanh(gates[j]);
}
BPNET_CLONES void tanh_row_back(int n, Real* gates, const Real* state, const Real* dstate) {
  BPNET_APART
  for (int j = 0; j < n; ++j) gates[j] = dstate[j] * (1 - state[j] * state[j]);
}
BPNET_CLONES void relu_row(int n, const Real* gates, Real* state) {
  BPNET_APART
  for (int j = 0; j < n; ++j) state[j] = gates[j] > 0 ? gates[j] : Real{0};
}
BPNET_CLONES void relu_row_back(int n, Real* gates, const Real* state, const Real* dstate) {
  BPNET_APART
  for (int j = 0; j < n; ++j) gates[j] = state[j] > 0 ? dstate[j] : Real{0};
}

}  // namespace

void forward_step(Cell cell, const CellStep& s) {
  const int n = s.hidden, wide = gates_of(cell) * n;
  const auto at = [n](auto* array, int r) { return array + std::ptrdiff_t{r} * n; };
  const auto step = [&](int r) {
    Real* gates = s.gates + std::ptrdiff_t{r} * wide;
    switch (cell) {
      case Cell::lstm:
        return lstm_row(n, gates, at(s.cell_before, r), at(s.cell, r), at(s.state, r));
      case Cell::gru:
        return gru_row(n, gates, s.recurrent + std::ptrdiff_t{r} * wide, at(s.before, r), at(s.candidate, r),
                       at(s.state, r));
      case Cell::tanh:
        return tanh_row(n, gates, at(s.state, r));
      case Cell::relu:
        return relu_row(n, gates, at(s.state, r));
    }
  };
  for (int r = 0; r < s.rows; ++r) {
    if (s.step < s.lengths[r]) {
      step(r);
    } else {
      std::copy_n(at(s.before, r), n, at(s.state, r));
      if (cell == Cell::lstm) std::copy_n(at(s.cell_before, r), n, at(s.cell, r));
    }
    if (s.out) std::copy_n(at(s.state, r), n, s.out + r * s.stride);
  }
}

void backward_step(Cell cell, const CellStep& s) {
  const int n = s.hidden, wide = gates_of(cell) * n;
  const auto at = [n](auto* array, int r) { return array + std::ptrdiff_t{r} * n; };
  for (int r = 0; r < s.rows; ++r) {
    Real* gates = s.gates + std::ptrdiff_t{r} * wide;
    Real* recurrent = cell == Cell::gru ? s.recurrent + std::ptrdiff_t{r} * wide : nullptr;
    Real* d = at(s.dstate, r);
    if (s.step >= s.lengths[r]) {
      std::fill_n(gates, wide, Real{0});
      if (recurrent) std::fill_n(recurrent, wide, Real{0});
      continue;
    }
    if (s.dout) {
      const Real* more = s.dout + r * s.stride;
      for (int j = 0; j < n; ++j) d[j] += more[j];
    }
    switch (cell) {
      case Cell::lstm:
        lstm_row_back(n, gates, at(s.cell_before, r), at(s.cell, r), d, at(s.dcell, r));
        break;
      case Cell::gru:
        gru_row_back(n, gates, recurrent, at(s.before, r), at(s.candidate, r), d);
        continue;
      case Cell::tanh:
        tanh_row_back(n, gates, at(s.state, r), d);
        break;
      case Cell::relu:
        relu_row_back(n, gates, at(s.state, r), d);
        break;
    }
    std::fill_n(d, n, Real{0});
  }
}

}  // namespace bpnet::math
