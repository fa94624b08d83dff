#pragma once
// The JSON header of a safetensors file.

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "model/safetensors.hpp"

namespace bpnet {

/// What is wrong with a file, in words that go on after its name.
struct Damage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct SafetensorsHeader {
  struct Entry {
    std::string name;
    Dtype type = Dtype::f32;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0, end = 0;  // in the data
  };
  std::vector<Entry> entries;  // as written
  Metadata metadata;
};

/// A name from a file for a message: quoted, cut short, without control bytes.
std::string shown(std::string_view name);

/// Throws Damage if the text is not one JSON object of the right form, or has a name twice.
SafetensorsHeader parse_header(std::string_view json);

}  // namespace bpnet
