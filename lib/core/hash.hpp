#pragma once
// Checksums: XXH3 of bytes, files, and parts one after another (github.com/Cyan4973/xxHash, specification
// 0.8).

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct XXH3_state_s;

namespace bpnet {

/// XXH3-64, seed 0.
std::uint64_t hash64(std::span<const std::byte> bytes);

/// XXH3-128, seed 0, as 32 hexadecimal digits (xxhsum -H2 prints the same).
std::string hash128(std::span<const std::byte> bytes);

/// hash128 of a file's bytes. Throws Error(missing_input).
std::string hash128_of_file(const std::filesystem::path& path);

/// 16 hexadecimal digits, lower case.
std::string hex(std::uint64_t value);

/// hash128 of what was added, one part after another.
class Hash128 {
 public:
  Hash128();
  void add(std::span<const std::byte> bytes);
  std::string text() const;

 private:
  struct Free {
    void operator()(XXH3_state_s* state) const;
  };
  std::unique_ptr<XXH3_state_s, Free> state_;
};

}  // namespace bpnet
