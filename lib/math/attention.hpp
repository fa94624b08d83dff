#pragma once
// Attention (Vaswani and others 2017): out = softmax(q * k^T / sqrt(width) where a query may look) * v, for
// each sample and head in the cache of a core; the weights themselves never go to memory. Blocks of queries,
// so that long sequences fit.

#include <optional>
#include <span>

#include "core/random.hpp"
#include "math/attention_rows.hpp"

namespace bpnet::math {

struct AttentionShape {
  int samples = 0, queries = 0, keys = 0;   // steps of each sample
  int heads = 1, key_heads = 1, width = 0;  // heads / key_heads heads share keys and values; width of a head
  std::ptrdiff_t query_row = 0, key_row = 0;  // elements from one step to the next of q, and of k and v
  bool causal = false;                        // query i looks at keys 0 .. i
  bool rotary = false;                        // queries and keys are turned by their positions
  double dropout = 0;                         // of weights
  int positions = 0;                          // above 0: keys of so many steps are kept for calls to come
  int out_row() const { return heads * width; }
};

/// What a call reads: steps of q, k and v lie as the shape says, a head behind another; behind all of them,
/// and behind dout, 64 bytes can be read.
struct AttentionInputs {
  const Real *q, *k, *v;
  std::span<const int> query_lengths, key_lengths;  // (samples)
  Draw random;                                      // of the weights that are dropped
  std::span<const std::int64_t> samples;            // their samples in random numbers
};

class Attention {
 public:
  /// `drops`: weights are dropped; `backward`: it is prepared for that.
  Attention(const AttentionShape& shape, bool drops, bool backward);

  /// out (samples, queries, heads * width), 0 at steps not in use.
  void forward(const AttentionInputs& in, Real* out, Real* saved, std::byte* scratch) const;
  /// Where keys are kept, `kept` (samples, kept_per_sample): the keys and values of this call's steps are put
  /// behind those of `position` steps before, and queries look at all of them. With k and v null those that
  /// were put there before are still this call's.
  void go_on(const AttentionInputs& in, int position, Real* out, Real* kept, std::byte* scratch) const;
  /// dq, dk and dv lie as q, k and v do and are assigned, 0 at steps not in use; dq null: not wanted; dk and
  /// dv null: not wanted.
  void backward(const AttentionInputs& in, const Real* dout, const Real* saved, Real* dq, Real* dk, Real* dv,
                std::byte* scratch) const;

  std::size_t saved_bytes = 0, scratch_bytes = 0;  // 64-byte aligned
  /// Of each head that has keys, (width, kept_columns) keys, then as many values, (positions, width).
  std::size_t kept_per_sample() const;
  std::size_t kept_columns() const { return static_cast<std::size_t>(columns_); }

 private:
  struct Own;     // a thread's scratch memory
  struct Packed;  // keys and values of one sample and head
  struct Place;   // a sample and a head that has keys
  struct Block;   // some queries of one head
  Own own(std::byte* memory) const;
  Own own_of_thread(std::byte* scratch) const;
  Place place(std::ptrdiff_t tile) const;
  Packed pack(const AttentionInputs& in, const Place& at, const Own& own) const;
  Packed append(const AttentionInputs& in, const Place& at, int position, Real* kept) const;
  Block block(const AttentionInputs& in, const Place& at, int head, int first, int position,
              const Packed& packed, const Own& own) const;
  void factors(const AttentionInputs& in, const Block& block, Real* out) const;
  /// All heads that share the keys.
  void attend(const AttentionInputs& in, const Place& at, int position, const Packed& packed, const Own& own,
              Real* out, Real* saved) const;
  void attend_back(const AttentionInputs& in, const Place& at, const Real* dout, const Real* saved, Real* dq,
                   Real* dk, Real* dv, const Own& own) const;
  double work() const;

  AttentionShape s_;
  bool drops_, backward_;
  int rows_;                // of queries in a block
  std::ptrdiff_t columns_;  // from one row of weights to the next
  Real scale_;
  std::optional<Rotation> rotation_;
  std::size_t own_bytes_ = 0;
};

}  // namespace bpnet::math
