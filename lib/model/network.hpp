#pragma once
// A graph with memory: owns parameters, gradients and buffers, and the arena its runs compute in.

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/memory.hpp"
#include "model/graph.hpp"
#include "model/weights.hpp"

namespace bpnet {

class Network;

/// What makes the random numbers of one run: they are a function of these.
struct Moment {
  std::uint64_t seed = 0, step = 0, pass = 0;
  std::span<const std::int64_t> samples;  // index of each sample in the epoch's order
  std::uint64_t epoch = 0;
};

/// Where a number that is not finite was first seen.
struct NotFinite {
  std::string path;       // node
  std::string what;       // "output", "gradient of its input", "gradient of weight"
  std::vector<int> rows;  // of the batch; empty when it is a parameter's gradient
};

/// What calls leave for those that go on where they ended.
struct Going {
  Memory carry, other;
  int position = 0;
};

/// A network prepared for one batch shape and mode: passes, and a place for every value. Nothing is allocated
/// when it runs.
class Run {
 public:
  Run(Network& network, Extent extent, Mode mode);
  const Extent& extent() const { return extent_; }
  Mode mode() const { return mode_; }
  /// Views of the input nodes in the order they were added; the caller fills them before `forward`.
  std::span<const View> inputs() const { return inputs_; }
  /// Values of the heads, and (not in inference) their gradients, which the caller fills before `backward`.
  std::span<const View> outputs() const { return outputs_; }
  std::span<const View> output_gradients() const { return output_gradients_; }
  /// What a node of the graph put out, and (after `backward`) its gradient, which has no data where no head
  /// depends on a number of it; of runs that explain only, as others use memory again.
  const View& value(std::size_t node) const { return work_[node].out[0]; }
  const View& gradient(std::size_t node) const { return work_[node].dout[0]; }
  /// Steps in use of each sample on a time axis, for the caller to set before `forward`; all, if he does not.
  std::span<int> lengths(int time) { return lengths_.at(time); }
  /// Of runs that generate, each call goes on where the one before ended.
  void forward(const Moment& moment);
  /// Of runs that generate: the next call begins sequences, and those of other runs of the network end. Runs
  /// that differ in nothing but the steps of a call take turns in one batch of sequences.
  void restart();
  int position() const { return going_->position; }
  /// What a run that generates or carries on left for the next call.
  std::span<Real> carried() const { return going_->carry.as<Real>().first(carry_bytes_ / sizeof(Real)); }
  /// Of runs that generate: sample i goes on from what sample parents[i] left.
  void take_over(std::span<const int> parents);
  /// Gradients of parameters are assigned when `fresh`, else added to.
  void backward(bool fresh);
  /// Running statistics of the step that was run last.
  void commit();
  /// Forward, in which each layer that fits first sees its input.
  void fit();
  /// Runs the step again node by node and says where the first number appears that is not finite. `loss`
  /// fills output_gradients() from outputs().
  template <class LossCall>
  std::vector<NotFinite> diagnose(const Moment& moment, LossCall loss) {
    std::vector<NotFinite> found = diagnose_forward(moment);
    if (!found.empty()) return found;
    loss();
    return diagnose_backward();
  }

  // One node at a time, for `bpnet time`.
  std::size_t nodes() const { return work_.size(); }
  void forward_node(std::size_t node, const Moment& moment);
  void backward_node(std::size_t node, bool fresh);
  std::size_t arena_bytes() const { return arena_bytes_; }

 private:
  friend class Network;
  friend class RunPlanner;
  struct Work {  // one node
    std::unique_ptr<Pass> pass;
    std::vector<View> in, out, din, dout;
    std::vector<Real*> parameters, gradients, buffers;
    std::vector<View> summands;      // further gradients of its output, added to dout before backward
    std::vector<std::size_t> sizes;  // of the parameters
    std::vector<bool> first;         // backward reaches no other node before that adds to this gradient
    std::size_t carry = 0;           // where its carry begins in going_->carry
    std::uint64_t stream = 0;
    bool draws = false, runs_backward = false, assigns = false;
    bool once = false;  // of runs that generate: computed by the first call only
    Lent lent;
  };
  void prepare_passes();
  void find_once();
  void bind();
  bool bound() const;
  void copy_carry(const std::byte* from, std::size_t sample, std::byte* to, std::size_t into) const;
  std::vector<NotFinite> diagnose_forward(const Moment& moment);
  std::vector<NotFinite> diagnose_backward();

  Network& network_;
  Extent extent_;
  Mode mode_;
  std::map<int, std::vector<int>> lengths_;  // by Port::time
  int generated_ = 1;                        // time axis of what is generated
  Going own_;
  Going* going_;  // of runs that generate, the network's
  std::size_t carry_bytes_ = 0;
  std::vector<Work> work_;
  std::vector<View> inputs_, outputs_, output_gradients_;
  std::size_t arena_bytes_ = 0;
  std::byte *bound_ = nullptr, *bound_carry_ = nullptr;
  std::vector<std::pair<std::byte**, std::size_t>> pointers_;  // what bind() sets, with offsets
};

class Network {
 public:
  explicit Network(Graph graph, Precision precision = Precision::float32);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// Draws all parameters anew.
  void initialise(std::uint64_t seed);
  /// Lets the layers that fit see what samples bring them, node by node; `fill` writes a run's inputs. To be
  /// called behind initialise().
  template <class Fill>
  void fit(const Extent& extent, Fill fill) {
    if (!fits()) return;
    const std::size_t size = arena_.size(), runs = runs_.size();
    Run& all = run(extent, Mode::inference);
    fill(all);
    all.fit();
    if (runs_.size() == runs) return;
    runs_.pop_back();  // so many rows at once do not come again
    arena_ = Memory(size);
  }
  /// Whether a layer does.
  bool fits() const;
  const Graph& graph() const { return graph_; }
  Weights weights() const { return {parameters_.as<Real>(), gradients_.as<Real>(), segments_}; }
  /// Tensors that are kept but not learnt (running statistics), as segments of buffer_values().
  std::span<const Segment> buffer_segments() const { return buffer_segments_; }
  std::span<Real> buffer_values() const { return buffers_.as<Real>(); }
  std::int64_t parameter_count() const;
  std::int64_t multiply_adds() const;  // forward, per sample
  /// XXH3-64 of all parameters.
  std::uint64_t hash() const;
  /// The run for a batch shape; made and planned when first asked for. References stay valid.
  Run& run(const Extent& extent, Mode mode);
  /// Bytes of parameters, gradients and the arena so far.
  std::size_t memory_bytes() const;

 private:
  friend class Run;
  friend class RunPlanner;
  Graph graph_;
  Precision precision_;  // of all runs
  std::vector<Segment> segments_, buffer_segments_;
  std::vector<std::vector<std::size_t>> node_segments_;            // of each node's parameters
  std::vector<std::pair<std::size_t, std::size_t>> node_buffers_;  // first, count, per node
  std::vector<const Initialiser*> initialisers_, buffer_initialisers_;
  std::vector<std::pair<int, int>> fans_;
  std::vector<bool> needs_gradient_;  // per node: it or something before it learns
  Memory parameters_, gradients_, buffers_, arena_;
  Going generating_;
  std::vector<std::unique_ptr<Run>> runs_;
};

}  // namespace bpnet
