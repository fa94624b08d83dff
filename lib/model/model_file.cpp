#include "model/model_file.hpp"

#include <cstring>

namespace bpnet {

namespace {

std::vector<std::int64_t> file_shape(const Segment& segment) {
  std::vector<std::int64_t> shape(segment.shape.sizes().begin(), segment.shape.sizes().end());
  if (segment.transposed_in_file) std::swap(shape[0], shape[1]);
  return shape;
}

// (rows, columns) to (columns, rows).
void transpose(const Real* in, int rows, int columns, Real* out) {
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < columns; ++c)
      out[static_cast<std::size_t>(c) * static_cast<std::size_t>(rows) + static_cast<std::size_t>(r)] =
          in[static_cast<std::size_t>(r) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(c)];
}

[[noreturn]] void damaged(const SafetensorsFile& file, const std::string& message) {
  throw Error(Fault::data, file.path().string() + ": " + message,
              {"the file is not of this model, or of another version of bpnet"});
}

const Tensor& tensor_of(const SafetensorsFile& file, const std::string& name, std::size_t bytes) {
  const Tensor* tensor = file.find(name);
  if (!tensor) damaged(file, "tensor '" + name + "' is missing");
  if (tensor->type != dtype_of<Real>())
    damaged(file, "tensor '" + name + "' is " + std::string(name_of(tensor->type)) + ", not " +
                      std::string(name_of(dtype_of<Real>())));
  if (tensor->bytes.size() != bytes) damaged(file, "tensor '" + name + "' has another size");
  return *tensor;
}

void load_segment(const SafetensorsFile& file, const Segment& segment, std::span<Real> into) {
  const Tensor& tensor = tensor_of(file, segment.path, segment.size() * sizeof(Real));
  if (tensor.shape != file_shape(segment)) damaged(file, "tensor '" + segment.path + "' has another shape");
  Real* to = &into[segment.begin];
  if (!segment.transposed_in_file) {
    std::memcpy(to, tensor.bytes.data(), tensor.bytes.size());
    return;
  }
  std::vector<Real> turned(segment.size());
  std::memcpy(turned.data(), tensor.bytes.data(), tensor.bytes.size());
  transpose(turned.data(), segment.shape[1], segment.shape[0], to);
}

}  // namespace

TensorSet::TensorSet(const Network& network, std::span<const Real> values, std::span<const Real> buffers) {
  for (const Segment& s : network.weights().segments) add(s, values);
  for (const Segment& s : network.buffer_segments()) add(s, buffers);
}

void TensorSet::add(const Segment& segment, std::span<const Real> from) {
  const auto part = from.subspan(segment.begin, segment.size());
  Tensor tensor{segment.path, dtype_of<Real>(), file_shape(segment), std::as_bytes(part)};
  if (segment.transposed_in_file) {
    turned_.emplace_back(segment.size());
    transpose(part.data(), segment.shape[0], segment.shape[1], turned_.back().data());
    tensor.bytes = std::as_bytes(std::span(turned_.back()));
  }
  tensors_.push_back(std::move(tensor));
}

void TensorSet::add(std::string name, std::span<const Real> values) {
  tensors_.push_back(
      {std::move(name), dtype_of<Real>(), {static_cast<std::int64_t>(values.size())}, std::as_bytes(values)});
}

void TensorSet::add_doubles(std::string name, std::vector<double> values) {
  const auto& kept = doubles_.emplace_back(std::move(values));
  tensors_.push_back({std::move(name),
                      Dtype::f64,
                      {static_cast<std::int64_t>(kept.size())},
                      std::as_bytes(std::span(kept))});
}

void load_tensors(const SafetensorsFile& file, Network& network) {
  for (const Segment& s : network.weights().segments) load_segment(file, s, network.weights().values);
  for (const Segment& s : network.buffer_segments()) load_segment(file, s, network.buffer_values());
}

void load_array(const SafetensorsFile& file, const std::string& name, std::span<Real> into) {
  const Tensor& tensor = tensor_of(file, name, into.size_bytes());
  if (!into.empty()) std::memcpy(into.data(), tensor.bytes.data(), into.size_bytes());
}

std::vector<double> load_doubles(const SafetensorsFile& file, const std::string& name) {
  const Tensor* tensor = file.find(name);
  if (!tensor || tensor->type != Dtype::f64) damaged(file, "tensor '" + name + "' is missing, or not F64");
  std::vector<double> out(tensor->bytes.size() / sizeof(double));
  if (!out.empty()) std::memcpy(out.data(), tensor->bytes.data(), tensor->bytes.size());
  return out;
}

}  // namespace bpnet
