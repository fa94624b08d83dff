#pragma once
// A network's tensors in a safetensors file: named by path, in PyTorch's shapes.

#include <string>
#include <vector>

#include "core/memory.hpp"
#include "model/network.hpp"
#include "model/safetensors.hpp"

namespace bpnet {

/// The tensors of a network as they are written, with memory of their own.
class TensorSet {
 public:
  /// Parameters and buffers, taken from these arrays (laid out as the network's own).
  TensorSet(const Network& network, std::span<const Real> values, std::span<const Real> buffers);
  /// A flat array beside them.
  void add(std::string name, std::span<const Real> values);
  void add_doubles(std::string name, std::vector<double> values);
  const std::vector<Tensor>& tensors() const { return tensors_; }

 private:
  void add(const Segment& segment, std::span<const Real> from);
  std::vector<Tensor> tensors_;
  std::vector<std::vector<Real>> turned_;
  std::vector<std::vector<double>> doubles_;
};

/// Reads every parameter and buffer of the network from the file. Throws Error(data) naming the tensor that
/// is missing or has another shape.
void load_tensors(const SafetensorsFile& file, Network& network);

/// What came of looking for a network's tensors in a file of another one.
struct TakenTensors {
  std::vector<std::string> taken;
  std::vector<std::string> other_shape, missing;  // stay as they were; other_shape with both shapes
  std::vector<std::string> unused;                // of the file, but what only a checkpoint has
  std::vector<std::string> renamed;               // "main as inputs.photo"
  bool other_words = false;                       // its tokenizers have other tokens than the model's
};
/// Reads the parameters and buffers that the file has under the same name and shape (float32). Of a stack of
/// which the file has no tensor, those of the one stack whose matrices fit, if neither has another to fit.
TakenTensors take_tensors(const SafetensorsFile& file, Network& network);

/// A flat array by name; throws Error(data) if it is missing or has another length.
void load_array(const SafetensorsFile& file, const std::string& name, std::span<Real> into);
/// Doubles by name, of any length; throws Error(data) if there are none.
std::vector<double> load_doubles(const SafetensorsFile& file, const std::string& name);

}  // namespace bpnet
