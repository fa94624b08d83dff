#pragma once
// A recurrent layer in one direction over all steps of a batch: one product for the inputs of all steps, one
// small product a step on weights laid out for it once, one product for each gradient of weights. Inside of
// it steps lie one behind another, (steps, samples, ...), in the order they are taken; shards of samples go
// through them on their own.

#include <memory>
#include <span>

#include "math/product.hpp"
#include "math/recurrent_cells.hpp"

namespace bpnet::math {

struct RecurrentShape {
  Cell cell = Cell::lstm;
  int samples = 0, steps = 0, in = 0, hidden = 0;
  bool reverse = false;  // from each sample's last step to its first
  bool last = false;     // puts out the state behind the last step only: (samples, hidden)
  bool bias = true;
  bool backward = false;  // is prepared for it
  Precision precision = Precision::float32;
  int gates() const { return gates_of(cell) * hidden; }
};

/// Weights, or their gradients: ih (in, gates * hidden), hh (hidden, gates * hidden), biases (gates *
/// hidden). A null gradient is not wanted.
template <class T>
struct RecurrentWeights {
  T *ih = nullptr, *hh = nullptr, *bias_ih = nullptr, *bias_hh = nullptr;
};

class Recurrent {
 public:
  explicit Recurrent(const RecurrentShape& shape);
  ~Recurrent();

  /// x (samples, steps, in), lengths (samples), out (samples, steps, hidden): at steps not in use the state
  /// is the last one. `carry`: null, or states (samples, carried_per_sample) to begin with, and then those
  /// reached.
  void forward(const Real* x, std::span<const int> lengths, const RecurrentWeights<const Real>& weights,
               Real* out, Real* carry, std::byte* saved, std::byte* scratch) const;
  /// Once for each forward; what sequences began with is taken as given. dx is assigned (null: not wanted), 0
  /// at steps not in use. Gradients of weights are assigned if `fresh`, else added to.
  void backward(const Real* x, std::span<const int> lengths, const RecurrentWeights<const Real>& weights,
                const Real* dout, Real* dx, const RecurrentWeights<Real>& gradients, bool fresh,
                std::byte* saved, std::byte* scratch) const;

  std::size_t saved_bytes = 0, scratch_bytes = 0;  // 64-byte aligned
  int carried_per_sample() const { return s_.hidden * (s_.cell == Cell::lstm ? 2 : 1); }

 private:
  struct Kept;  // where things lie in saved memory
  struct Shard {
    int first, samples;
  };
  Shard shard(std::ptrdiff_t i) const;
  Kept kept(std::byte* saved) const;
  CellStep cell_step(const Kept& kept, std::span<const int> lengths, Shard shard, int step) const;
  int time_of(int step) const { return s_.reverse ? s_.steps - 1 - step : step; }
  /// (steps, samples, in) = x, steps in the order they are taken; and back.
  void gather(const Real* x, Real* out) const;
  void scatter(const Real* in, std::span<const int> lengths, Real* x) const;
  void begin(const Kept& kept, const Real* carry) const;
  void end(const Kept& kept, Real* carry) const;

  RecurrentShape s_;
  int shards_;
  std::size_t wide_;  // of gates
  struct Products;
  std::unique_ptr<Products> products_;
};

}  // namespace bpnet::math
