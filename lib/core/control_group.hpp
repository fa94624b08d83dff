#pragma once
// Control groups of Linux, versions 1 and 2: where the limits of this process stand.

#include <filesystem>
#include <string_view>
#include <vector>

namespace bpnet {

struct GroupFolder {
  std::filesystem::path path;
  bool version_2;
};

/// Folders with the limits that a controller ("cpu", "memory") sets for the group and all above it, up to the
/// mount; inside a container some may not exist. `membership` is /proc/self/cgroup, `mount` /sys/fs/cgroup.
std::vector<GroupFolder> group_folders(const std::filesystem::path& membership,
                                       const std::filesystem::path& mount, std::string_view controller);

}  // namespace bpnet
