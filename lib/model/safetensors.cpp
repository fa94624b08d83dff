#include "model/safetensors.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/error.hpp"
#include "core/hash.hpp"
#include "model/safetensors_header.hpp"

namespace bpnet {

static_assert(std::endian::native == std::endian::little);

namespace {

constexpr std::string_view checksum_key = "xxh3_128";
constexpr std::uint64_t header_limit = 100'000'000;
constexpr std::size_t length_bytes = 8;

std::vector<std::size_t> order_of_names(std::span<const Tensor> tensors) {
  std::vector<std::size_t> order(tensors.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::string_view(tensors[i].name); });
  return order;
}

// Over metadata and tensors in the order of their names, each piece behind its length: the same whatever
// order and spaces another program writes them in.
std::string checksum(std::span<const Tensor> tensors, const Metadata& metadata) {
  Hash128 hash;
  const auto add = [&](std::span<const std::byte> bytes) {
    const std::uint64_t size = bytes.size();
    hash.add(std::as_bytes(std::span(&size, 1)));
    hash.add(bytes);
  };
  const auto add_text = [&](std::string_view text) { add(std::as_bytes(std::span(text))); };
  for (const auto& [key, value] : metadata) {
    add_text(key);
    add_text(value);
  }
  for (const std::size_t i : order_of_names(tensors)) {
    const Tensor& tensor = tensors[i];
    add_text(tensor.name);
    add_text(name_of(tensor.type));
    add(std::as_bytes(std::span(tensor.shape)));
    add(tensor.bytes);
  }
  return hash.text();
}

// Bytes that a shape takes; throws Damage where the number does not fit.
std::uint64_t bytes_of(const SafetensorsHeader::Entry& entry) {
  std::uint64_t bytes = size_of(entry.type);
  for (const std::int64_t n : entry.shape)
    if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(n), &bytes))
      throw Damage("the shape of " + shown(entry.name) + " is too large");
  return bytes;
}

std::string header_of(std::span<const Tensor> tensors, const Metadata& metadata) {
  const auto quoted = [](std::string_view text) { return nlohmann::json(text).dump(); };
  std::string out = "{\"__metadata__\":{";
  for (const auto& [key, value] : metadata) out += quoted(key) + ":" + quoted(value) + ",";
  out += quoted(checksum_key) + ":" + quoted(checksum(tensors, metadata)) + "}";
  std::size_t begin = 0;
  for (const Tensor& tensor : tensors) {
    const std::size_t end = begin + tensor.bytes.size();
    out += "," + quoted(tensor.name) + ":{\"dtype\":" + quoted(name_of(tensor.type)) +
           ",\"shape\":" + nlohmann::json(tensor.shape).dump() + ",\"data_offsets\":[" +
           std::to_string(begin) + "," + std::to_string(end) + "]}";
    begin = end;
  }
  out += "}";
  out.append((length_bytes - out.size() % length_bytes) % length_bytes, ' ');
  return out;
}

// The file in parts: length and header in `front`, then the tensors in the order they are written.
std::vector<std::span<const std::byte>> parts_of(std::span<const Tensor> tensors, const Metadata& metadata,
                                                 std::string& front) {
  assert(!metadata.contains(std::string(checksum_key)));
  std::vector<Tensor> sorted(tensors.begin(), tensors.end());
  std::ranges::stable_sort(sorted, std::ranges::greater(), [](const Tensor& t) { return size_of(t.type); });
  const std::string header = header_of(sorted, metadata);
  const std::uint64_t length = header.size();
  front.assign(reinterpret_cast<const char*>(&length), length_bytes);
  front += header;
  std::vector<std::span<const std::byte>> parts{std::as_bytes(std::span(front))};
  for (const Tensor& tensor : sorted) parts.push_back(tensor.bytes);
  return parts;
}

// The tensors of a file, in the order of its data.
std::vector<Tensor> read(std::span<const std::byte> file, Metadata& metadata) {
  std::uint64_t length = 0;
  if (file.size() < length_bytes) throw Damage("it has only " + std::to_string(file.size()) + " bytes");
  std::memcpy(&length, file.data(), length_bytes);
  file = file.subspan(length_bytes);
  if (length > header_limit) throw Damage("it does not begin with the length of a header (at most 100 MB)");
  if (length > file.size()) throw Damage("it ends within its header");
  SafetensorsHeader header =
      parse_header({reinterpret_cast<const char*>(file.data()), static_cast<std::size_t>(length)});
  const auto data = file.subspan(static_cast<std::size_t>(length));
  std::ranges::sort(header.entries, {}, [](const auto& e) { return std::pair(e.begin, e.end); });
  std::vector<Tensor> tensors;
  std::uint64_t at = 0;
  for (SafetensorsHeader::Entry& entry : header.entries) {
    if (entry.begin != at)
      throw Damage("the data of " + shown(entry.name) + " leaves a gap or lies over another's");
    if (entry.end < entry.begin || entry.end - entry.begin != bytes_of(entry))
      throw Damage("the data of " + shown(entry.name) + " does not have the size of its shape");
    if (entry.end > data.size()) throw Damage("it ends within the data of " + shown(entry.name));
    tensors.push_back({std::move(entry.name), entry.type, std::move(entry.shape),
                       data.subspan(static_cast<std::size_t>(entry.begin),
                                    static_cast<std::size_t>(entry.end - entry.begin))});
    at = entry.end;
  }
  if (at != data.size()) throw Damage(std::to_string(data.size() - at) + " bytes after the last tensor");
  metadata = std::move(header.metadata);
  return tensors;
}

void verify(std::span<const Tensor> tensors, Metadata& metadata) {
  const auto written = metadata.find(std::string(checksum_key));
  if (written == metadata.end()) return;
  const std::string expected = std::move(written->second);
  metadata.erase(written);
  if (checksum(tensors, metadata) != expected)
    throw Damage("its checksum differs: it is damaged or was changed by another program");
}

}  // namespace

std::size_t size_of(Dtype type) {
  switch (type) {
    case Dtype::f64:
    case Dtype::i64:
      return 8;
    case Dtype::f32:
    case Dtype::i32:
      return 4;
    case Dtype::bf16:
      return 2;
    case Dtype::u8:
      return 1;
  }
  return 0;
}

std::string_view name_of(Dtype type) {
  switch (type) {
    case Dtype::f64:
      return "F64";
    case Dtype::i64:
      return "I64";
    case Dtype::f32:
      return "F32";
    case Dtype::i32:
      return "I32";
    case Dtype::bf16:
      return "BF16";
    case Dtype::u8:
      return "U8";
  }
  return "";
}

std::vector<std::byte> encode_safetensors(std::span<const Tensor> tensors, const Metadata& metadata) {
  std::string front;
  std::vector<std::byte> out;
  for (const auto& part : parts_of(tensors, metadata, front)) out.insert(out.end(), part.begin(), part.end());
  return out;
}

void write_safetensors(const std::filesystem::path& path, std::span<const Tensor> tensors,
                       const Metadata& metadata) {
  std::string front;
  const FileContent content{path, parts_of(tensors, metadata, front)};
  write_files({&content, 1});
}

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path) : path_(path) {
  const InputFile file(path);
  bytes_ = std::make_unique_for_overwrite<char[]>(file.size());
  const std::span bytes(bytes_.get(), file.size());
  file.read(0, bytes);
  try {
    tensors_ = read(std::as_bytes(bytes), metadata_);
    verify(tensors_, metadata_);
  } catch (const Damage& damage) {
    Problem problem;
    problem.place.file = path.string();
    problem.message = std::string("not a whole model file: ") + damage.what();
    throw Error(Fault::data, {problem});
  }
}

const Tensor* SafetensorsFile::find(std::string_view name) const {
  const auto found = std::ranges::find(tensors_, name, &Tensor::name);
  return found == tensors_.end() ? nullptr : &*found;
}

}  // namespace bpnet
