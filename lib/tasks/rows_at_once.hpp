#pragma once
// How many rows are answered at once where the number is free: evaluation and prediction.

#include <cstdint>

#include "model/network.hpp"

namespace bpnet {

/// `most`, or fewer rows (1 or more) if what all layers put out for them would take more than 16 MiB: large
/// pictures. Says the same for the same network on any machine.
std::int64_t rows_at_once(const Network& network, std::int64_t most);

}  // namespace bpnet
