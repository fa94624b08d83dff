#pragma once
// Shapes and views: what flows along the edges of a network.

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <real_type.hpp>
#include <span>
#include <string>
#include <vector>

namespace bpnet {

/// Sizes of the axes, outermost first; at most six. A shape without axes has one element.
class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<int> sizes) {
    for (int s : sizes) push(s);
  }
  void push(int size) {
    assert(count_ < static_cast<int>(sizes_.size()));
    sizes_[static_cast<std::size_t>(count_++)] = size;
  }
  int axes() const { return count_; }
  int operator[](int axis) const { return sizes_[static_cast<std::size_t>(axis < 0 ? count_ + axis : axis)]; }
  int& operator[](int axis) { return sizes_[static_cast<std::size_t>(axis < 0 ? count_ + axis : axis)]; }
  std::span<const int> sizes() const { return {sizes_.data(), static_cast<std::size_t>(count_)}; }
  std::size_t elements() const {
    std::size_t n = 1;
    for (int s : sizes()) n *= static_cast<std::size_t>(s);
    return n;
  }
  bool operator==(const Shape& other) const {
    if (count_ != other.count_) return false;
    for (int i = 0; i < count_; ++i)
      if ((*this)[i] != other[i]) return false;
    return true;
  }
  /// As people write it: 28x28x1; "1" for a shape without axes.
  std::string text() const {
    std::string out;
    for (int s : sizes()) out += (out.empty() ? "" : "x") + std::to_string(s);
    return out.empty() ? "1" : out;
  }

 private:
  std::array<int, 6> sizes_{};
  int count_ = 0;
};

/// Element types. `real` is the library's Real (float in the product, double in the gradient check).
enum class Type : std::uint8_t { real, bf16, u8, i32 };
/// Order of the elements of an image: channels last, or channels in blocks of 16.
enum class Layout : std::uint8_t { plain, blocked16 };

inline std::size_t size_of(Type t) {
  switch (t) {
    case Type::real:
      return sizeof(Real);
    case Type::bf16:
      return 2;
    case Type::u8:
      return 1;
    case Type::i32:
      return 4;
  }
  return 0;
}

/// What the columns of an input say: numbers, one column each, then features of several columns each (an
/// indicator has one, a category as many as it has labels, or as its embedding is wide).
struct Features {
  int numbers = 0;
  std::vector<int> widths;  // of those behind the numbers
};

/// Most time axes of a model: texts or series of different lengths that one row brings.
inline constexpr int time_axes = 4;

/// What flows along an edge, per sample and time step.
struct Port {
  Shape shape;
  Type type = Type::real;
  Layout layout = Layout::plain;
  int classes = 0;  // i32 only: values are 0 .. classes - 1
  /// 0: one row a sample; k: one for each step of the batch's time axis k; -n: n rows, each sample's steps.
  int time = 0;
  std::shared_ptr<const Features> features;  // real, one axis; null: every column is a number
  int width() const { return static_cast<int>(shape.elements()); }
  /// As people read it: "28x28x1", "5000 codes", "64 steps of 192".
  std::string text() const {
    const std::string row = shape.text() + (type == Type::i32 ? " codes" : "");
    return time < 0 ? std::to_string(-time) + " steps of " + row : row;
  }
  std::size_t bytes() const { return shape.elements() * size_of(type); }
};

/// A batch of a port's values: row = sample * steps + step. Owns nothing; an empty view has no data.
struct View {
  std::byte* data = nullptr;
  Port port;
  int samples = 0, steps = 1;
  std::span<const int>
      lengths;  // of a port with a time axis: steps in use of each sample; the rest is padding
  explicit operator bool() const { return data != nullptr; }
  int rows() const { return samples * steps; }
  int width() const { return port.width(); }
  std::size_t elements() const { return static_cast<std::size_t>(rows()) * port.shape.elements(); }
  Real* reals() const { return reinterpret_cast<Real*>(data); }
  std::int32_t* integers() const { return reinterpret_cast<std::int32_t*>(data); }
};

/// What products round their operands to. Memory and sums are Real in either case.
enum class Precision : std::uint8_t { float32, bfloat16 };

/// Number of samples and of time steps that kernels are prepared for, and how exactly they multiply. A layer
/// is told the steps of its own inputs, 1 where they have no time axis.
struct Batch {
  int samples = 0, steps = 1;  // steps: of the first input
  Precision precision = Precision::float32;
  int memory_steps = 1;  // of the second input
  int positions = 0;     // where text is generated: the most steps that a sequence may come to
  bool backward = true;  // in training: it goes backward, too
  bool carries = false;  // in training too, a batch goes on where the one before ended
  int rows() const { return samples * steps; }
  bool operator==(const Batch&) const = default;
};

/// What a network is prepared for.
struct Extent {
  int samples = 0;
  std::array<int, time_axes> steps{};  // of each time axis, axis 1 first
  int positions = 0;                   // as in Batch
  bool carries = false;                // as in Batch
  /// Steps of a port of that time.
  int of(int time) const { return time > 0 ? steps[static_cast<std::size_t>(time - 1)] : std::max(1, -time); }
  bool operator==(const Extent&) const = default;
};

}  // namespace bpnet
