#include "math/recurrent.hpp"

#include <algorithm>

#include "math/arrays.hpp"
#include "math/elements.hpp"
#include "math/shards.hpp"
#include "math/threads.hpp"
#include "math/tile_products.hpp"

namespace bpnet::math {

namespace {

constexpr int shard_of = 16;  // samples: each shard reads all weights at every step
constexpr int most_shards = 8;

std::size_t size(int a, int b) { return static_cast<std::size_t>(a) * static_cast<std::size_t>(b); }

}  // namespace

struct Recurrent::Kept {
  Real *gates, *states, *cells, *candidates;
  std::size_t bytes;
};

struct Recurrent::Products {
  std::unique_ptr<Product> inputs, dinputs, ih, ih_add, hh, hh_add;
  std::unique_ptr<TileProducts> step, step_back;  // by samples of a shard
  std::size_t scratch = 0;
};

Recurrent::Recurrent(const RecurrentShape& shape)
    : s_(shape),
      shards_(std::clamp(shape.samples / shard_of, 1, most_shards)),
      wide_(static_cast<std::size_t>(shape.gates())),
      products_(std::make_unique<Products>()) {
  const int rows = s_.samples * s_.steps, gates = s_.gates(), low = s_.samples / shards_;
  const bool gru = s_.cell == Cell::gru;
  Products& p = *products_;
  p.inputs = prepare_product({rows, gates, s_.in, false, false, false, s_.bias, s_.precision});
  p.step = std::make_unique<TileProducts>(low, [&](int m) {
    return ProductShape{m, gates, s_.hidden, false, false, !gru, gru && s_.bias, s_.precision, true};
  });
  if (s_.backward) {
    p.dinputs = prepare_product({rows, s_.in, gates, false, true, false, false, s_.precision});
    const auto weight = [&](int m, bool add) {
      return prepare_product({m, gates, rows, true, false, add, false, s_.precision});
    };
    p.ih = weight(s_.in, false);
    p.ih_add = weight(s_.in, true);
    p.hh = weight(s_.hidden, false);
    p.hh_add = weight(s_.hidden, true);
    p.step_back = std::make_unique<TileProducts>(low, [&](int m) {
      return ProductShape{m, s_.hidden, gates, false, true, true, false, s_.precision, true};
    });
    for (const auto* q : {&p.dinputs, &p.ih, &p.ih_add, &p.hh, &p.hh_add})
      p.scratch = std::max(p.scratch, (*q)->scratch_bytes);
    p.scratch = std::max(p.scratch, p.step_back->scratch_bytes());
  }
  p.scratch = std::max({p.scratch, p.inputs->scratch_bytes, p.step->scratch_bytes()});
  p.scratch = (p.scratch + 63) / 64 * 64;
  saved_bytes = kept(nullptr).bytes;
  Arrays forward_needs(nullptr), backward_needs(nullptr);
  forward_needs.take(size(rows, s_.in));
  forward_needs.take(p.step->of(low).packed_elements);
  forward_needs.take(gru ? size(s_.samples, gates) : wide_);
  if (s_.backward) {
    backward_needs.take(size(rows, s_.in));
    backward_needs.take(p.step_back->of(low).packed_elements);
    if (gru) backward_needs.take(size(rows, gates));
    for (int i = 0; i < 2; ++i) backward_needs.take(size(s_.samples, s_.hidden));
  }
  scratch_bytes = p.scratch + std::max(forward_needs.bytes(), backward_needs.bytes());
}

Recurrent::~Recurrent() = default;

Recurrent::Kept Recurrent::kept(std::byte* saved) const {
  Arrays arrays(saved);
  const std::size_t of_step = size(s_.samples, s_.hidden), steps = static_cast<std::size_t>(s_.steps);
  Kept k{};
  k.gates = arrays.take(steps * static_cast<std::size_t>(s_.samples) * wide_);
  k.states = arrays.take((steps + 1) * of_step);
  if (s_.cell == Cell::lstm) k.cells = arrays.take((steps + 1) * of_step);
  if (s_.cell == Cell::gru) k.candidates = arrays.take(steps * of_step);
  k.bytes = arrays.bytes();
  return k;
}

Recurrent::Shard Recurrent::shard(std::ptrdiff_t i) const {
  const int first = part_begin(s_.samples, shards_, i);
  return {first, part_begin(s_.samples, shards_, i + 1) - first};
}

CellStep Recurrent::cell_step(const Kept& kept, std::span<const int> lengths, Shard shard, int step) const {
  const std::size_t row = size(step, s_.samples) + static_cast<std::size_t>(shard.first);
  const std::size_t at = row * static_cast<std::size_t>(s_.hidden);
  const std::size_t next = at + size(s_.samples, s_.hidden);
  CellStep c;
  c.rows = shard.samples;
  c.hidden = s_.hidden;
  c.lengths = lengths.data() + shard.first;
  c.step = time_of(step);
  c.gates = kept.gates + row * wide_;
  c.before = kept.states + at;
  c.state = kept.states + next;
  if (kept.cells) {
    c.cell_before = kept.cells + at;
    c.cell = kept.cells + next;
  }
  if (kept.candidates) c.candidate = kept.candidates + at;
  c.stride = std::ptrdiff_t{s_.steps} * s_.hidden;
  return c;
}

void Recurrent::gather(const Real* x, Real* out) const {
  const auto in = static_cast<std::size_t>(s_.in);
  parallel(s_.steps, static_cast<double>(s_.samples) * s_.steps * s_.in, [&](std::ptrdiff_t step) {
    const auto time = static_cast<std::size_t>(time_of(static_cast<int>(step)));
    Real* to = out + size(static_cast<int>(step), s_.samples) * in;
    for (int i = 0; i < s_.samples; ++i, to += in) std::copy_n(x + (size(i, s_.steps) + time) * in, in, to);
  });
}

void Recurrent::scatter(const Real* from, std::span<const int> lengths, Real* x) const {
  const auto in = static_cast<std::size_t>(s_.in);
  parallel(s_.samples, static_cast<double>(s_.samples) * s_.steps * s_.in, [&](std::ptrdiff_t i) {
    const auto sample = static_cast<int>(i);
    for (int step = 0; step < s_.steps; ++step) {
      const int time = time_of(step);
      Real* to = x + (size(sample, s_.steps) + static_cast<std::size_t>(time)) * in;
      if (time < lengths[static_cast<std::size_t>(i)])
        std::copy_n(from + (size(step, s_.samples) + static_cast<std::size_t>(i)) * in, in, to);
      else
        std::fill_n(to, in, Real{0});
    }
  });
}

void Recurrent::begin(const Kept& kept, const Real* carry) const {
  const auto hidden = static_cast<std::size_t>(s_.hidden);
  for (int i = 0; i < s_.samples; ++i) {
    Real* const first[] = {kept.states, kept.cells};
    for (Real* states : first) {
      if (!states) continue;
      Real* to = states + size(i, s_.hidden);
      if (!carry) {
        std::fill_n(to, hidden, Real{0});
        continue;
      }
      std::copy_n(carry, hidden, to);
      carry += hidden;
    }
  }
}

void Recurrent::end(const Kept& kept, Real* carry) const {
  const std::size_t behind = size(s_.steps, s_.samples) * static_cast<std::size_t>(s_.hidden);
  for (int i = 0; i < s_.samples; ++i) {
    carry = std::copy_n(kept.states + behind + size(i, s_.hidden), s_.hidden, carry);
    if (kept.cells) carry = std::copy_n(kept.cells + behind + size(i, s_.hidden), s_.hidden, carry);
  }
}

void Recurrent::forward(const Real* x, std::span<const int> lengths,
                        const RecurrentWeights<const Real>& weights, Real* out, Real* carry, std::byte* saved,
                        std::byte* scratch) const {
  const Products& p = *products_;
  const bool gru = s_.cell == Cell::gru;
  const Kept k = kept(saved);
  Arrays arrays(scratch + p.scratch);
  Real* inputs = arrays.take(size(s_.samples * s_.steps, s_.in));
  const Product& one = p.step->of(s_.samples / shards_);
  Real* packed = arrays.take(one.packed_elements);
  Real* extra = arrays.take(gru ? size(s_.samples, s_.gates()) : wide_);
  const Real* bias = weights.bias_ih;
  if (s_.bias && !gru) {
    add(weights.bias_ih, weights.bias_hh, wide_, extra);
    bias = extra;
  }
  gather(x, inputs);
  p.inputs->run(inputs, weights.ih, bias, k.gates, scratch);
  one.pack(weights.hh, packed);
  begin(k, carry);
  parallel(
      shards_, static_cast<double>(size(s_.samples * s_.steps, s_.hidden) * wide_), [&](std::ptrdiff_t i) {
        const Shard own = shard(i);
        for (int step = 0; step < s_.steps; ++step) {
          CellStep c = cell_step(k, lengths, own, step);
          if (gru) c.recurrent = extra + static_cast<std::size_t>(own.first) * wide_;
          p.step->of(own.samples)
              .run(c.before, packed, gru ? weights.bias_hh : nullptr, gru ? c.recurrent : c.gates, scratch);
          if (!s_.last) c.out = out + size(own.first, s_.steps * s_.hidden) + size(c.step, s_.hidden);
          forward_step(s_.cell, c);
        }
      });
  if (s_.last) {
    const std::size_t behind = size(s_.steps, s_.samples * s_.hidden);
    copy(k.states + behind, size(s_.samples, s_.hidden), out);
  }
  if (carry) end(k, carry);
}

void Recurrent::backward(const Real* x, std::span<const int> lengths,
                         const RecurrentWeights<const Real>& weights, const Real* dout, Real* dx,
                         const RecurrentWeights<Real>& gradients, bool fresh, std::byte* saved,
                         std::byte* scratch) const {
  const Products& p = *products_;
  const bool gru = s_.cell == Cell::gru;
  const int rows = s_.samples * s_.steps;
  const Kept k = kept(saved);
  Arrays arrays(scratch + p.scratch);
  Real* inputs = arrays.take(size(rows, s_.in));
  const Product& one = p.step_back->of(s_.samples / shards_);
  Real* packed = arrays.take(one.packed_elements);
  Real* recurrent = gru ? arrays.take(size(rows, s_.gates())) : nullptr;
  const std::size_t states = size(s_.samples, s_.hidden);
  Real* const dstate = arrays.take(states);
  Real* const dcell = arrays.take(states);
  if (s_.last)
    copy(dout, states, dstate);
  else
    fill(0, states, dstate);
  fill(0, states, dcell);
  one.pack(weights.hh, packed);
  parallel(shards_, static_cast<double>(size(rows, s_.hidden) * wide_), [&](std::ptrdiff_t i) {
    const Shard own = shard(i);
    for (int step = s_.steps - 1; step >= 0; --step) {
      CellStep c = cell_step(k, lengths, own, step);
      if (gru) c.recurrent = recurrent + (c.gates - k.gates);
      if (!s_.last) c.dout = dout + size(own.first, s_.steps * s_.hidden) + size(c.step, s_.hidden);
      c.dstate = dstate + size(own.first, s_.hidden);
      c.dcell = dcell + size(own.first, s_.hidden);
      backward_step(s_.cell, c);
      if (step > 0)
        p.step_back->of(own.samples).run(gru ? c.recurrent : c.gates, packed, nullptr, c.dstate, scratch);
    }
  });
  if (!gru) recurrent = k.gates;
  if (gradients.ih) {
    gather(x, inputs);
    (fresh ? p.ih : p.ih_add)->run(inputs, k.gates, nullptr, gradients.ih, scratch);
  }
  if (gradients.hh) (fresh ? p.hh : p.hh_add)->run(k.states, recurrent, nullptr, gradients.hh, scratch);
  const auto sum = [&](const Real* from, Real* to) {
    if (!to) return;
    if (fresh) fill(0, wide_, to);
    add_column_sums(from, rows, s_.gates(), to);
  };
  sum(k.gates, gradients.bias_ih);
  if (fresh && !gru && gradients.bias_ih && gradients.bias_hh)
    copy(gradients.bias_ih, wide_, gradients.bias_hh);
  else
    sum(recurrent, gradients.bias_hh);
  if (!dx) return;
  p.dinputs->run(k.gates, weights.ih, nullptr, inputs, scratch);
  scatter(inputs, lengths, dx);
}

}  // namespace bpnet::math
