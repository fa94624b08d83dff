#pragma once
// Files of named tensors in the safetensors format (github.com/huggingface/safetensors): 8 bytes of header
// length, a JSON header, the data. Little-endian.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/files.hpp"

namespace bpnet {

enum class Dtype : std::uint8_t { f64, i64, f32, i32, bf16, u8 };
std::size_t size_of(Dtype type);
std::string_view name_of(Dtype type);  // as in the file: "F32"

template <class T>
constexpr Dtype dtype_of() {
  static_assert(std::is_same_v<T, double> || std::is_same_v<T, float> || std::is_same_v<T, std::int64_t> ||
                std::is_same_v<T, std::int32_t> || std::is_same_v<T, std::uint8_t>);
  if constexpr (std::is_same_v<T, double>) return Dtype::f64;
  if constexpr (std::is_same_v<T, float>) return Dtype::f32;
  if constexpr (std::is_same_v<T, std::int64_t>) return Dtype::i64;
  if constexpr (std::is_same_v<T, std::int32_t>) return Dtype::i32;
  return Dtype::u8;
}

/// Owns nothing. Bytes read from files of other programs may not be aligned: copy them out.
struct Tensor {
  std::string name;
  Dtype type = Dtype::f32;
  std::vector<std::int64_t> shape;   // no axes: one element
  std::span<const std::byte> bytes;  // row-major, shape times type
};

using Metadata = std::map<std::string, std::string>;

/// The file's bytes. Tensors are put in order of element size, largest first, and otherwise stay in the given
/// order, so that all are aligned. A checksum of everything is added to the metadata ("xxh3_128").
std::vector<std::byte> encode_safetensors(std::span<const Tensor> tensors, const Metadata& metadata);
/// Writes them durably (write_files). Throws Error(cannot_write).
void write_safetensors(const std::filesystem::path& path, std::span<const Tensor> tensors,
                       const Metadata& metadata);

/// A file that was read; tensors point into its bytes. Throws Error(missing_input), and Error(data) naming
/// what is wrong: header over 100 MB or not strict JSON of the right form, a name twice, tensors that leave
/// gaps or do not fit their shape or the file, or a checksum that differs (files of other programs have none
/// and pass).
class SafetensorsFile {
 public:
  explicit SafetensorsFile(const std::filesystem::path& path);
  const std::filesystem::path& path() const { return path_; }
  /// In the order of the data.
  const std::vector<Tensor>& tensors() const { return tensors_; }
  /// nullptr: there is none of that name.
  const Tensor* find(std::string_view name) const;
  /// Without the checksum.
  const Metadata& metadata() const { return metadata_; }

 private:
  std::filesystem::path path_;
  std::unique_ptr<char[]> bytes_;
  std::vector<Tensor> tensors_;
  Metadata metadata_;
};

}  // namespace bpnet
