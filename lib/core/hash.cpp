#include "core/hash.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <new>
#include <vector>

#include "core/files.hpp"

namespace bpnet {

namespace {

std::string text_of(XXH128_hash_t hash) { return hex(hash.high64) + hex(hash.low64); }

}  // namespace

std::uint64_t hash64(std::span<const std::byte> bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::string hash128(std::span<const std::byte> bytes) {
  return text_of(XXH3_128bits(bytes.data(), bytes.size()));
}

std::string hash128_of_file(const std::filesystem::path& path) {
  constexpr std::size_t piece = std::size_t{1} << 18;  // fits a core's cache
  const InputFile file(path);
  std::vector<char> bytes(std::min(piece, file.size()));
  Hash128 hash;
  for (std::size_t at = 0; at < file.size(); at += piece) {
    const auto part = std::span(bytes).first(std::min(piece, file.size() - at));
    file.read(at, part);
    hash.add(std::as_bytes(part));
  }
  return hash.text();
}

std::string hex(std::uint64_t value) { return fmt::format("{:016x}", value); }

void Hash128::Free::operator()(XXH3_state_s* state) const { XXH3_freeState(state); }

Hash128::Hash128() : state_(XXH3_createState()) {
  if (state_ == nullptr) throw std::bad_alloc();
  XXH3_128bits_reset(state_.get());
}

void Hash128::add(std::span<const std::byte> bytes) {
  XXH3_128bits_update(state_.get(), bytes.data(), bytes.size());
}

std::string Hash128::text() const { return text_of(XXH3_128bits_digest(state_.get())); }

}  // namespace bpnet
