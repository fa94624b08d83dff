#include "math/attention.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>

#include "math/arrays.hpp"
#include "math/reduce.hpp"
#include "math/small_product.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

namespace {

constexpr std::ptrdiff_t up(int n, int to) { return (n + to - 1) / to * to; }

}  // namespace

struct Attention::Own {
  Real *keys, *transposed_values;      // (width, columns)
  Real *key_rows, *dkeys, *dvalues;    // (keys, width)
  Real *queries, *dqueries;            // (rows, width)
  Real *weights, *factors, *dweights;  // (rows, columns)
  std::size_t bytes;
};

struct Attention::Packed {
  const Real *keys, *values;           // (width, columns): transposed; (keys, width)
  std::ptrdiff_t columns, values_row;  // from one row to the next
  int count;                           // of keys that may be looked at
  const Real* key_rows = nullptr;      // backward: keys (keys, width)
  std::ptrdiff_t key_rows_row = 0;
};

struct Attention::Place {
  int sample, key_head, queries;  // that are in use
};

struct Attention::Block {
  WeightRows rows;
  int sample, head, position;  // position of the first query
  const Real* queries;         // (rows, width)
  std::ptrdiff_t queries_row;
};

Attention::Attention(const AttentionShape& shape, bool drops, bool backward)
    : s_(shape),
      drops_(drops && shape.dropout > 0),
      backward_(backward),
      rows_(shape.causal ? WeightRows::most / 2 : WeightRows::most),
      columns_(up(std::max(shape.keys, shape.positions), lanes)),
      scale_(static_cast<Real>(1 / std::sqrt(static_cast<double>(shape.width)))) {
  if (s_.rotary) rotation_.emplace(std::max({s_.keys, s_.queries, s_.positions}), s_.width);
  own_bytes_ = own(nullptr).bytes;
  scratch_bytes = own_bytes_ * static_cast<std::size_t>(threads());
  if (backward)
    saved_bytes = static_cast<std::size_t>(s_.samples) * static_cast<std::size_t>(s_.queries) *
                  static_cast<std::size_t>(s_.heads) * sizeof(Real);
}

std::size_t Attention::kept_per_sample() const {
  return static_cast<std::size_t>(s_.key_heads) * static_cast<std::size_t>(s_.width * columns_) * 2;
}

Attention::Own Attention::own(std::byte* memory) const {
  Arrays arrays(memory);
  const auto across = static_cast<std::size_t>(columns_ * up(s_.width, lanes));
  const auto along = static_cast<std::size_t>(s_.keys) * static_cast<std::size_t>(s_.width);
  const auto queries = static_cast<std::size_t>(rows_ * s_.width);
  const auto weights = static_cast<std::size_t>(rows_ * columns_);
  Own o{};
  o.keys = arrays.take(across);
  o.weights = arrays.take(weights);
  if (rotation_) {
    o.key_rows = arrays.take(along);
    o.queries = arrays.take(queries);
  }
  if (drops_) o.factors = arrays.take(weights);
  if (backward_) {
    o.transposed_values = arrays.take(across);
    o.dkeys = arrays.take(along);
    o.dvalues = arrays.take(along);
    if (rotation_) o.dqueries = arrays.take(queries);
    o.dweights = arrays.take(weights);
  }
  o.bytes = arrays.bytes();
  return o;
}

Attention::Own Attention::own_of_thread(std::byte* memory) const {
  return own(memory + own_bytes_ * static_cast<std::size_t>(thread_index()));
}

double Attention::work() const {
  return 2.0 * s_.samples * s_.heads * s_.queries * std::max(s_.keys, 1) * s_.width;
}

Attention::Place Attention::place(std::ptrdiff_t tile) const {
  return {static_cast<int>(tile) / s_.key_heads, static_cast<int>(tile) % s_.key_heads, 0};
}

Attention::Packed Attention::pack(const AttentionInputs& in, const Place& at, const Own& own) const {
  const int count = in.key_lengths[static_cast<std::size_t>(at.sample)];
  const std::ptrdiff_t from = std::ptrdiff_t{at.sample} * s_.keys * s_.key_row + at.key_head * s_.width;
  Packed p;
  p.keys = own.keys;
  p.columns = whole_vectors(count);
  p.values = in.v + from;
  p.values_row = p.key_rows_row = s_.key_row;
  p.count = count;
  p.key_rows = in.k + from;
  if (rotation_) {
    copy_rows(p.key_rows, s_.key_row, count, s_.width, own.key_rows, s_.width);
    rotation_->turn(count, s_.width, 0, false, own.key_rows);
    p.key_rows = own.key_rows;
    p.key_rows_row = s_.width;
  }
  transpose(p.key_rows, p.key_rows_row, count, s_.width, own.keys);
  return p;
}

Attention::Packed Attention::append(const AttentionInputs& in, const Place& at, int position,
                                    Real* kept) const {
  const int count = in.key_lengths[static_cast<std::size_t>(at.sample)];
  const std::ptrdiff_t from = std::ptrdiff_t{at.sample} * s_.keys * s_.key_row + at.key_head * s_.width;
  Real* keys =
      kept + static_cast<std::size_t>(at.sample) * kept_per_sample() + at.key_head * s_.width * columns_ * 2;
  Real* values = keys + s_.width * columns_;
  assert(position + count <= s_.positions);
  for (int i = 0; in.k && i < count; ++i) {
    // Through the place of the values, as turning is done in place.
    Real* row = values + std::ptrdiff_t{position + i} * s_.width;
    copy_rows(in.k + from + i * s_.key_row, 0, 1, s_.width, row, 0);
    if (rotation_) rotation_->turn(1, s_.width, position + i, false, row);
    for (int j = 0; j < s_.width; ++j) keys[j * columns_ + position + i] = row[j];
    copy_rows(in.v + from + i * s_.key_row, 0, 1, s_.width, row, 0);
  }
  return {keys, values, columns_, s_.width, position + count};
}

/// Leaves the queries, turned, and their products with keys.
Attention::Block Attention::block(const AttentionInputs& in, const Place& at, int head, int first,
                                  int position, const Packed& packed, const Own& own) const {
  const int count = std::min(rows_, at.queries - first), last = position + first + count;
  Block b;
  b.queries = in.q + (std::ptrdiff_t{at.sample} * s_.queries + first) * s_.query_row + head * s_.width;
  b.queries_row = s_.query_row;
  if (rotation_) {
    copy_rows(b.queries, b.queries_row, count, s_.width, own.queries, s_.width);
    rotation_->turn(count, s_.width, position + first, false, own.queries);
    b.queries = own.queries;
    b.queries_row = s_.width;
  }
  b.rows = {count,
            s_.causal ? std::min(packed.count, last) : packed.count,
            s_.causal ? position + first + 1 : packed.count,
            s_.causal,
            columns_,
            scale_};
  b.sample = at.sample;
  b.head = head;
  b.position = position + first;
  multiply({count, b.rows.keys, s_.width, b.queries, b.queries_row, 1, packed.keys, packed.columns,
            own.weights, columns_});
  return b;
}

void Attention::factors(const AttentionInputs& in, const Block& b, Real* out) const {
  constexpr std::uint64_t most_keys = std::uint64_t{1} << 24;  // numbers do not depend on how many there are
  const auto heads = static_cast<std::uint64_t>(s_.heads);
  const std::uint64_t first =
      (static_cast<std::uint64_t>(b.position) * heads + static_cast<std::uint64_t>(b.head)) * most_keys;
  dropped_rows(b.rows, s_.dropout, in.random,
               static_cast<std::uint64_t>(in.samples[static_cast<std::size_t>(b.sample)]), first,
               heads * most_keys, out);
}

void Attention::attend(const AttentionInputs& in, const Place& at, int position, const Packed& packed,
                       const Own& own, Real* out, Real* kept) const {
  const int shared = s_.heads / s_.key_heads;
  Real* const rows = out + std::ptrdiff_t{at.sample} * s_.queries * s_.out_row();
  for (int head = at.key_head * shared; head < (at.key_head + 1) * shared; ++head) {
    Real* const to = rows + head * s_.width;
    for (int first = 0; first < at.queries; first += rows_) {
      const Block b = block(in, at, head, first, position, packed, own);
      softmax_rows(
          b.rows, own.weights,
          kept ? kept + (std::ptrdiff_t{at.sample} * s_.heads + head) * s_.queries + first : nullptr);
      if (drops_) {
        factors(in, b, own.factors);
        multiply_rows(b.rows, own.weights, own.factors, own.weights);
      }
      multiply({b.rows.rows, s_.width, b.rows.keys, own.weights, columns_, 1, packed.values,
                packed.values_row, to + std::ptrdiff_t{first} * s_.out_row(), s_.out_row()});
    }
    for (int i = at.queries; i < s_.queries; ++i)
      std::fill_n(to + std::ptrdiff_t{i} * s_.out_row(), s_.width, Real{0});
  }
}

void Attention::forward(const AttentionInputs& in, Real* out, Real* kept, std::byte* memory) const {
  parallel(std::ptrdiff_t{s_.samples} * s_.key_heads, work(), [&](std::ptrdiff_t tile) {
    Place at = place(tile);
    const Own own = own_of_thread(memory);
    const Packed packed = pack(in, at, own);
    at.queries = packed.count > 0 ? in.query_lengths[static_cast<std::size_t>(at.sample)] : 0;
    attend(in, at, 0, packed, own, out, kept);
  });
}

void Attention::go_on(const AttentionInputs& in, int position, Real* out, Real* kept,
                      std::byte* memory) const {
  parallel(std::ptrdiff_t{s_.samples} * s_.key_heads, work(), [&](std::ptrdiff_t tile) {
    Place at = place(tile);
    const Own own = own_of_thread(memory);
    const Packed packed = append(in, at, position, kept);
    at.queries = packed.count > 0 ? in.query_lengths[static_cast<std::size_t>(at.sample)] : 0;
    attend(in, at, position, packed, own, out, nullptr);
  });
}

void Attention::attend_back(const AttentionInputs& in, const Place& at, const Real* dout, const Real* kept,
                            Real* dq, Real* dk, Real* dv, const Own& own) const {
  const int shared = s_.heads / s_.key_heads, n = s_.width;
  const Packed packed = pack(in, at, own);
  transpose(packed.values, packed.values_row, packed.count, n, own.transposed_values);
  const auto numbers = static_cast<std::size_t>(packed.count) * static_cast<std::size_t>(n);
  std::fill_n(own.dkeys, numbers, Real{0});
  std::fill_n(own.dvalues, numbers, Real{0});
  for (int head = at.key_head * shared; head < (at.key_head + 1) * shared; ++head) {
    const std::ptrdiff_t first_row = std::ptrdiff_t{at.sample} * s_.queries;
    const int queries = packed.count > 0 ? at.queries : 0;
    for (int first = 0; first < queries; first += rows_) {
      const Block b = block(in, at, head, first, 0, packed, own);
      const int count = b.rows.rows, keys = b.rows.keys;
      const Real* gradient = dout + (first_row + first) * s_.out_row() + head * n;
      softmax_rows_again(b.rows, own.weights,
                         kept + (std::ptrdiff_t{at.sample} * s_.heads + head) * s_.queries + first);
      const Real* used = own.weights;
      if (drops_) {
        factors(in, b, own.factors);
        multiply_rows(b.rows, own.weights, own.factors, own.dweights);
        used = own.dweights;
      }
      multiply({keys, n, count, used, 1, columns_, gradient, s_.out_row(), own.dvalues, n, true});
      multiply({count, keys, n, gradient, s_.out_row(), 1, own.transposed_values, packed.columns,
                own.dweights, columns_});
      if (drops_) multiply_rows(b.rows, own.dweights, own.factors, own.dweights);
      softmax_rows_backward(b.rows, own.weights, own.dweights);
      multiply({keys, n, count, own.dweights, 1, columns_, b.queries, b.queries_row, own.dkeys, n, true});
      if (!dq) continue;
      Real* const to = dq + (first_row + first) * s_.query_row + head * n;
      multiply({count, n, keys, own.dweights, columns_, 1, packed.key_rows, packed.key_rows_row,
                rotation_ ? own.dqueries : to, rotation_ ? n : s_.query_row});
      if (!rotation_) continue;
      rotation_->turn(count, n, first, true, own.dqueries);
      copy_rows(own.dqueries, n, count, n, to, s_.query_row);
    }
    for (int i = queries; dq && i < s_.queries; ++i)
      std::fill_n(dq + (first_row + i) * s_.query_row + head * n, n, Real{0});
  }
  if (!dk) return;
  if (rotation_) rotation_->turn(packed.count, n, 0, true, own.dkeys);
  const std::ptrdiff_t to = std::ptrdiff_t{at.sample} * s_.keys * s_.key_row + at.key_head * n;
  copy_rows(own.dkeys, n, packed.count, n, dk + to, s_.key_row);
  copy_rows(own.dvalues, n, packed.count, n, dv + to, s_.key_row);
  for (int i = packed.count; i < s_.keys; ++i) {
    std::fill_n(dk + to + i * s_.key_row, n, Real{0});
    std::fill_n(dv + to + i * s_.key_row, n, Real{0});
  }
}

void Attention::backward(const AttentionInputs& in, const Real* dout, const Real* kept, Real* dq, Real* dk,
                         Real* dv, std::byte* memory) const {
  parallel(std::ptrdiff_t{s_.samples} * s_.key_heads, 3 * work(), [&](std::ptrdiff_t tile) {
    Place at = place(tile);
    at.queries = in.query_lengths[static_cast<std::size_t>(at.sample)];
    attend_back(in, at, dout, kept, dq, dk, dv, own_of_thread(memory));
  });
}

}  // namespace bpnet::math
