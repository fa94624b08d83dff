#pragma once
// Whether a model fits into memory, told before any is touched.

#include <cstddef>
#include <string>

#include "core/error.hpp"
#include "core/memory.hpp"
#include "model/graph.hpp"

namespace bpnet {

/// A batch needs more memory than there is.
class LackOfMemory final : public Error {
 public:
  LackOfMemory(const Place& place, std::string message, std::vector<std::string> help, std::size_t wanted)
      : Error(Fault::configuration, place, std::move(message), std::move(help)), bytes(wanted) {}
  std::size_t bytes;  // that were wanted
};

/// Throws Error(configuration) if more bytes are wanted than are free: "<what> 12.9 GB<more>, and 3 GB are
/// free".
void demand_memory(std::size_t bytes, const std::string& what, const char* more);

/// Throws Error(configuration) with a layer's place if a batch has more places of a picture, or steps, than
/// can be counted.
void demand_countable(const Graph& graph, const Extent& extent);

/// Memory for the values of a batch. Throws LackOfMemory, which names the layer that puts out most, if there
/// is none. `training`: the batch is as large as the settings say.
Memory memory_of_batch(const Graph& graph, const Extent& extent, bool training, std::size_t bytes);

}  // namespace bpnet
