#pragma once
// How much memory this process may still take.

#include <cstdint>
#include <filesystem>
#include <string>

namespace bpnet {

/// Bytes: the least of what the machine has free or can free, what the control group still allows, and what
/// the limit of address space (ulimit -v) does. `processes` is /proc, `groups` /sys/fs/cgroup.
std::uint64_t free_memory(const std::filesystem::path& processes = "/proc",
                          const std::filesystem::path& groups = "/sys/fs/cgroup");

/// "380 MB", "12.9 GB".
std::string memory_text(double bytes);

}  // namespace bpnet
