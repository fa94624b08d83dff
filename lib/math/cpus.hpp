#pragma once
// How many CPUs the control group of this process may use.

#include <filesystem>

namespace bpnet::math {

/// CPUs' worth of time a control group allows, rounded up, or 0 when it sets no limit. `membership` is
/// /proc/self/cgroup, `mount` /sys/fs/cgroup; versions 1 and 2, the strictest of the group and its parents.
int cgroup_cpus(const std::filesystem::path& membership, const std::filesystem::path& mount);

}  // namespace bpnet::math
