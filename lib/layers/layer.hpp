#pragma once
// The contract of layers. An Element is what a model's list may name: a Layer computes, a block only adds
// nodes.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.hpp"
#include "core/shape.hpp"
#include "initialisers/initialiser.hpp"
#include "spec/table.hpp"

namespace bpnet {

/// What weight decay, freezing and matrix optimizers look at. Decay skips biases and norms.
enum class Role : std::uint8_t { matrix, bias, norm, embedding };

/// Order of a tensor's axes in files, which follow PyTorch.
enum class FileOrder : std::uint8_t {
  same,
  transposed,      // (in, out) in memory, (out, in) in files
  kernel,          // (groups, height, width, in, out), and (groups * out, in, height, width)
  kernel_of_rows,  // the same with height 1, which files leave out
};

/// A tensor a layer learns (or a buffer it keeps). The shape is the one in memory.
struct Parameter {
  std::string name;         // "weight"
  Shape shape;              // dense: (in, out)
  const Initialiser* init;  // null: zeros
  Role role = Role::matrix;
  int fan_in = 1, fan_out = 1;  // what the initialisers scale by
  FileOrder file = FileOrder::same;
  std::string same_as =
      {};               // path of a tensor of an earlier node that this one is, "main.1.weight"; "": its own
  bool turned = false;  // outputs are on the axis before the last, inputs on the last
};

/// What a layer does to its inputs' ports; made once, before any memory exists.
struct Plan {
  std::vector<Port> out;
  std::vector<Parameter> parameters, buffers;
  bool backward_reads_in = false, backward_reads_out = false;  // values kept from forward to backward
  bool in_place = false;           // out may be written over in, din over dout: nothing is read again
  bool assigns_gradients = false;  // backward assigns parameter gradients when Lent::fresh says so
  bool draws = false;              // uses random numbers
  bool fits = false;               // looks at the training rows before the first step: Layer::fit
  bool members = false;            // a row becomes (members, width), a row for each member of an ensemble
  bool counts_steps = false;       // where text is generated: takes no more steps than Batch::positions
  int most_steps = 0;              // takes no more steps at all; 0: any number
  bool looks_ahead = false;        // what it puts out at a step depends on later ones
  bool sets_steps = false;         // says by its ports how many steps it puts out; else as the first input
  std::int64_t multiply_adds = 0;  // forward, per sample and step
};

/// explaining: computes as inference does, and can go backward to the inputs; no parameter's gradient is
/// wanted. generating: inference that goes on where the call before ended, by what it left in Lent::carry.
enum class Mode : std::uint8_t { inference, training, explaining, generating };

/// Everything a pass is lent for one call. Gradients of inputs are assigned, those of parameters added to.
/// An empty view among the gradients of inputs: nobody needs that gradient.
struct Lent {
  std::span<const View> in, out;                // values
  std::span<const View> din, dout;              // their gradients
  std::span<Real*const> parameters, gradients;  // as listed in the plan; a null gradient: frozen, not wanted
  std::span<Real* const> buffers;
  std::byte* saved = nullptr;    // forward to backward, 64-byte aligned
  std::byte* scratch = nullptr;  // within one call
  std::byte* carry = nullptr;    // from one time step to the next, sample-major
  int position = 0;              // where text is generated: of the first step of this call in the sequence
  Draw random;                   // of (seed, node path, step, pass)
  bool fresh =
      false;  // parameter gradients hold nothing yet: assign them (only when the plan assigns_gradients)
  std::span<const std::int64_t>
      samples;  // index of each sample in the epoch's order: the sample in random numbers
};

/// A layer's kernels for one batch shape. States the bytes it wants; owns no activations.
class Pass {
 public:
  virtual ~Pass() = default;
  virtual void forward(const Lent&) = 0;
  virtual void backward(const Lent&) = 0;
  /// Running statistics, once the step is known to be finite.
  virtual void commit(const Lent&) {}
  /// Parts of a sample's carry, one behind the other, of each of which the calls up to a position have filled
  /// the beginning.
  struct Strips {
    std::size_t count, bytes, bytes_a_position;
  };
  std::size_t saved_bytes = 0, scratch_bytes = 0, carry_bytes = 0;  // set when prepared
  std::vector<Strips> carry_strips;  // set with carry_bytes; empty: all is full
};

class Builder;

/// Bounds that the weights of matrices and embeddings are put back into after each step.
struct Bounds {
  std::optional<double> max_norm;  // of the weights into one output; of an embedding's row
  bool non_negative = false;
};

/// What a model's list names: options, and the nodes they stand for.
struct Element : Options {
  std::string name;  // auto: the position in its list
  bool freeze = false;
  double rate = 1, decay = 1;  // factors on learning rate, and on weight decay, l1 and l2
  Bounds bounds;
  /// Takes rate, decay, freeze and bounds: false for layers that never have parameters.
  virtual bool learns() const { return true; }
  void visit_common(Visitor&) override;
  /// Adds this element's nodes behind node `in`; returns the node whose output goes on.
  virtual int add_to(Builder& builder, int in) const = 0;
};

/// A description: options and nothing else. Safe to share between nodes.
struct Layer : Element {
  /// Infers and checks shapes. Throws Misfit naming the shapes it got.
  virtual Plan plan(std::span<const Port> in) const = 0;
  virtual std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const = 0;
  /// Sets the buffers by what training rows bring to its input, if the plan says that it fits.
  virtual void fit(const View& /*in*/, std::span<Real* const> /*buffers*/) const {}
  int add_to(Builder& builder, int in) const override;  // one node
  /// A layer that computes this one on `in` and those of `next` behind it in one pass, with this one's
  /// parameters; null: there is none.
  virtual std::shared_ptr<const Layer> fused_with(std::span<const Port> /*in*/,
                                                  std::span<const Layer* const> /*next*/) const {
    return nullptr;
  }
  virtual bool is_relu() const { return false; }
  /// What `check` calls it where no list names it; null: as the element that added it.
  virtual const char* kind() const { return nullptr; }
};

/// Shapes that do not fit; the graph adds the layer, its place and the chain of shapes before it.
struct Misfit {
  std::string message;
  std::vector<std::string> help;
  bool wants_image = false;  // what it got is none
};

/// What an output layer is asked for: one head per target.
struct Head {
  std::string target;  // "" when there is only one
  int width = 0;
};

/// Takes nodes from elements. Implemented by the graph.
class Builder {
 public:
  virtual ~Builder() = default;
  /// A node computing `layer` on the outputs of `inputs`, named `name` within the current scope ("" : the
  /// scope itself).
  virtual int add(std::string name, std::shared_ptr<const Layer> layer, std::vector<int> inputs) = 0;
  /// A list of elements in a scope of its own, one behind the other; returns the last node.
  virtual int add_list(std::string scope, const std::vector<Choice>& elements, int in) = 0;
  /// The port a node puts out.
  virtual const Port& port(int node) const = 0;
  /// The last node so far of that name (of a path's end: "tokens"); -1: there is none.
  virtual int find(std::string_view name) const = 0;
  virtual const std::string& path(int node) const = 0;
  virtual const Plan& plan(int node) const = 0;
  /// The node of a memory of steps that layers may look at, an encoder's last; -1: there is none.
  virtual int memory() const = 0;
  /// Heads the task asks for; an output layer declares the node that serves each.
  virtual std::span<const Head> heads() const = 0;
  virtual void serve(std::size_t head, int node) = 0;
  /// Members of an ensemble that share weights; 1: no such ensemble. Rows are spread to them where a layer
  /// first needs it.
  virtual int members() const { return 1; }
  virtual bool has_members(int /*node*/) const { return false; }
};

extern const Table layers;

/// An entry of the initialisers' table with its defaults, made once: "ones", "he_normal".
const Initialiser* initialiser_named(const char* name);

}  // namespace bpnet
