#include "model/model_file.hpp"

#include <cstring>
#include <map>
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

/// Of the segment's shape in files.
void load_segment(const Tensor& tensor, const Segment& segment, std::span<Real> into) {
  Real* to = &into[segment.begin];
  if (segment.file == FileOrder::same) {
    std::memcpy(to, tensor.bytes.data(), tensor.bytes.size());
    return;
  }
  each_element(segment, [&](std::size_t memory, std::size_t at) {
    std::memcpy(to + memory, tensor.bytes.data() + at * sizeof(Real), sizeof(Real));
  });
}

void load_segment(const SafetensorsFile& file, const Segment& segment, std::span<Real> into) {
  const Tensor& tensor = tensor_of(file, segment.path, segment.size() * sizeof(Real));
  if (tensor.shape != file_shape(segment)) damaged(file, "tensor '" + segment.path + "' has another shape");
  load_segment(tensor, segment, into);
}

bool is_of_checkpoint(const std::string& tensor) { return tensor.starts_with("training."); }

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

namespace {

/// "inputs.photo" of inputs.photo.1.weight, with the ensemble's member in front.
std::string stack_of(const std::string& path) {
  std::size_t begin = 0, end = path.find('.');
  for (const char* first : {"member_", "inputs."})
    if (path.compare(begin, 7, first) == 0 && end != std::string::npos) {
      if (*first == 'm') begin = end + 1;
      end = path.find('.', end + 1);
    }
  return path.substr(0, end);
}

bool fits(const Tensor& tensor, const Segment& segment) {
  return tensor.shape == file_shape(segment) && tensor.type == dtype_of<Real>();
}

using Names = std::set<std::string>;

/// Which of the file's stacks stands for which of the network's, where the names tell nothing.
std::map<std::string, std::string> other_stacks(const SafetensorsFile& file,
                                                std::span<const Segment> wanted) {
  Names ours, known, theirs;
  for (const Segment& s : wanted) {
    ours.insert(stack_of(s.path));
    if (file.find(s.path)) known.insert(stack_of(s.path));
  }
  for (const Tensor& tensor : file.tensors())
    if (!is_of_checkpoint(tensor.name) && !ours.contains(stack_of(tensor.name)))
      theirs.insert(stack_of(tensor.name));
  std::map<std::string, Names> of_ours, of_theirs;
  for (const std::string& their : theirs)
    for (const Segment& s : wanted) {
      const std::string our = stack_of(s.path);
      const Tensor* tensor = known.contains(our) ? nullptr : file.find(their + s.path.substr(our.size()));
      if (!tensor || s.shape.axes() < 2 || !fits(*tensor, s)) continue;
      of_ours[our].insert(their);
      of_theirs[their].insert(our);
    }
  std::map<std::string, std::string> out;
  for (const auto& [our, some] : of_ours)
    if (some.size() == 1 && of_theirs[*some.begin()].size() == 1) out[our] = *some.begin();
  return out;
}

}  // namespace

TakenTensors take_tensors(const SafetensorsFile& file, Network& network) {
  TakenTensors out;
  const auto segments = network.weights().segments;
  const auto stacks = other_stacks(file, segments);
  for (const auto& [our, their] : stacks) out.renamed.push_back(their + " as " + our);
  Names wanted;
  const auto take = [&](std::span<const Segment> some, std::span<Real> values) {
    for (const Segment& s : some) {
      const std::string stack = stack_of(s.path);
      const auto other = stacks.find(stack);
      const std::string name = other == stacks.end() ? s.path : other->second + s.path.substr(stack.size());
      wanted.insert(name);
      const Tensor* tensor = file.find(name);
      if (!tensor) {
        out.missing.push_back(s.path);
      } else if (!fits(*tensor, s)) {
        const std::string type(tensor->type == dtype_of<Real>() ? ""
                                                                : " " + std::string(name_of(tensor->type)));
        out.other_shape.push_back(s.path + " (" + shape_text(tensor->shape) + type + " there, " +
                                  shape_text(file_shape(s)) + " here)");
      } else {
        load_segment(*tensor, s, values);
        out.taken.push_back(s.path);
      }
    }
  };
  take(segments, network.weights().values);
  take(network.buffer_segments(), network.buffer_values());
  for (const Tensor& tensor : file.tensors())
    if (!wanted.contains(tensor.name) && !is_of_checkpoint(tensor.name)) out.unused.push_back(tensor.name);
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
