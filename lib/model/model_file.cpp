#include "model/model_file.hpp"

#include <cstring>
#include <set>

namespace bpnet {

namespace {

std::vector<std::int64_t> file_shape(const Segment& segment) {
  const Shape& s = segment.shape;
  switch (segment.file) {
    case FileOrder::transposed:
      return {s[1], s[0]};
    case FileOrder::kernel:
      return {s[0] * s[4], s[3], s[1], s[2]};
    case FileOrder::kernel_of_rows:
      return {s[0] * s[4], s[3], s[2]};
    case FileOrder::same:
      break;
  }
  return {s.sizes().begin(), s.sizes().end()};
}

/// Calls f(index in memory, index in the file): (groups, elements, in, out) against (groups, out, in,
/// elements).
template <class F>
void each_element(const Segment& segment, F f) {
  const Shape& s = segment.shape;
  const bool kernel = segment.file != FileOrder::transposed;
  const int groups = kernel ? s[0] : 1, elements = kernel ? s[1] * s[2] : 1, in = s[-2], out = s[-1];
  std::size_t at = 0;
  for (int g = 0; g < groups; ++g)
    for (int e = 0; e < elements; ++e)
      for (int i = 0; i < in; ++i)
        for (int o = 0; o < out; ++o)
          f(at++,
            ((static_cast<std::size_t>(g) * static_cast<std::size_t>(out) + static_cast<std::size_t>(o)) *
                 static_cast<std::size_t>(in) +
             static_cast<std::size_t>(i)) *
                    static_cast<std::size_t>(elements) +
                static_cast<std::size_t>(e));
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
  if (segment.file == FileOrder::same) {
    std::memcpy(to, tensor.bytes.data(), tensor.bytes.size());
    return;
  }
  each_element(segment, [&](std::size_t memory, std::size_t at) {
    std::memcpy(to + memory, tensor.bytes.data() + at * sizeof(Real), sizeof(Real));
  });
}

}  // namespace

TensorSet::TensorSet(const Network& network, std::span<const Real> values, std::span<const Real> buffers) {
  for (const Segment& s : network.weights().segments) add(s, values);
  for (const Segment& s : network.buffer_segments()) add(s, buffers);
}

void TensorSet::add(const Segment& segment, std::span<const Real> from) {
  const auto part = from.subspan(segment.begin, segment.size());
  Tensor tensor{segment.path, dtype_of<Real>(), file_shape(segment), std::as_bytes(part)};
  if (segment.file != FileOrder::same) {
    std::vector<Real>& turned = turned_.emplace_back(segment.size());
    each_element(segment, [&](std::size_t memory, std::size_t at) { turned[at] = part[memory]; });
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

namespace {
std::string shape_text(std::span<const std::int64_t> shape) {
  std::string out;
  for (const std::int64_t size : shape) out += (out.empty() ? "" : "x") + std::to_string(size);
  return out.empty() ? "1" : out;
}
}  // namespace

TakenTensors take_tensors(const SafetensorsFile& file, Network& network) {
  TakenTensors out;
  std::set<std::string> wanted;
  const auto take = [&](std::span<const Segment> segments, std::span<Real> values) {
    for (const Segment& s : segments) {
      wanted.insert(s.path);
      const Tensor* tensor = file.find(s.path);
      if (!tensor) {
        out.missing.push_back(s.path);
      } else if (tensor->shape != file_shape(s) || tensor->type != dtype_of<Real>()) {
        const std::string type(tensor->type == dtype_of<Real>() ? ""
                                                                : " " + std::string(name_of(tensor->type)));
        out.other_shape.push_back(s.path + " (" + shape_text(tensor->shape) + type + " there, " +
                                  shape_text(file_shape(s)) + " here)");
      } else {
        load_segment(file, s, values);
        out.taken.push_back(s.path);
      }
    }
  };
  take(network.weights().segments, network.weights().values);
  take(network.buffer_segments(), network.buffer_values());
  for (const Tensor& tensor : file.tensors())
    if (!wanted.count(tensor.name)) out.unused.push_back(tensor.name);
  return out;
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
