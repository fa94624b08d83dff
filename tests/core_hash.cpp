#include "core/hash.hpp"

#include <doctest/doctest.h>

#include <string_view>
#include <vector>

#include "files_help.hpp"

using namespace bpnet;
using namespace bpnet::test;

namespace {

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

std::vector<std::byte> pattern(std::size_t size, std::size_t factor, std::size_t modulus) {
  std::vector<std::byte> out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::byte>(i * factor % modulus);
  return out;
}

}  // namespace

TEST_CASE("hashes are XXH3 (values of Python's xxhash 3)") {
  const struct {
    std::vector<std::byte> bytes;
    const char *h64, *h128;
  } known[] = {
      {{}, "2d06800538d394c2", "99aa06d3014798d86001c324468d497f"},
      {bytes_of("a"), "e6c632b61e964e1f", "a96faf705af16834e6c632b61e964e1f"},
      {bytes_of("bpnet"), "2694d605e61bcb21", "1bba71fc84dd5ad29e017b4a5aebc95d"},
      {pattern(256, 1, 256), "9408a4433b952d71", "f1f8a93f50849ac39408a4433b952d71"},
      {pattern(1'000'000, 7, 251), "5d14519539098c8a", "2bac1861f7a2739f5d14519539098c8a"},
  };
  const TemporaryFolder folder;
  for (const auto& k : known) {
    CHECK(hex(hash64(k.bytes)) == k.h64);
    CHECK(hash128(k.bytes) == k.h128);
    put(folder / "file", k.bytes);
    CHECK(hash128_of_file(folder / "file") == k.h128);
    Hash128 parts;
    const std::size_t cut = k.bytes.size() / 3;
    parts.add(std::span(k.bytes).first(cut));
    parts.add({});
    parts.add(std::span(k.bytes).subspan(cut));
    CHECK(parts.text() == k.h128);
  }
}

TEST_CASE("a large file hashes like its bytes") {
  const TemporaryFolder folder;
  const std::vector<std::byte> bytes = pattern((std::size_t{33} << 20) + 12345, 31, 253);
  put(folder / "large", bytes);
  CHECK(hash128_of_file(folder / "large") == hash128(bytes));
  CHECK(error_of([&] { hash128_of_file(folder / "none"); }).fault() == Fault::missing_input);
}

TEST_CASE("hex has sixteen digits") {
  CHECK(hex(0) == "0000000000000000");
  CHECK(hex(0x9f3c) == "0000000000009f3c");
  CHECK(hex(~std::uint64_t{0}) == "ffffffffffffffff");
}
