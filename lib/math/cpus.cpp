#include "math/cpus.hpp"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <thread>

#include "core/control_group.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

namespace {

namespace fs = std::filesystem;

/// The strictest of two limits, where 0 is none.
int strictest(int a, int b) { return a == 0 ? b : b == 0 ? a : std::min(a, b); }

int limit_of(double quota, double period) {
  return quota > 0 && period > 0 ? std::max(1, static_cast<int>(std::ceil(quota / period))) : 0;
}

/// Version 2: cpu.max holds "max 100000" or "150000 100000".
int limit_in_v2(const fs::path& group) {
  std::ifstream file(group / "cpu.max");
  double quota = 0, period = 0;
  return file >> quota >> period ? limit_of(quota, period) : 0;
}

/// Version 1: a quota of -1 is none.
int limit_in_v1(const fs::path& group) {
  std::ifstream quota_file(group / "cpu.cfs_quota_us"), period_file(group / "cpu.cfs_period_us");
  double quota = 0, period = 0;
  return quota_file >> quota && period_file >> period ? limit_of(quota, period) : 0;
}

int affinity_cpus() {
  for (int room = 1024; room <= 1 << 20; room *= 4) {
    cpu_set_t* set = CPU_ALLOC(static_cast<std::size_t>(room));
    const std::size_t bytes = CPU_ALLOC_SIZE(static_cast<std::size_t>(room));
    const int count = sched_getaffinity(0, bytes, set) == 0 ? CPU_COUNT_S(bytes, set) : 0;
    CPU_FREE(set);
    if (count > 0) return count;
  }
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace

int cgroup_cpus(const fs::path& membership, const fs::path& mount) {
  int least = 0;
  for (const GroupFolder& group : group_folders(membership, mount, "cpu"))
    least = strictest(least, group.version_2 ? limit_in_v2(group.path) : limit_in_v1(group.path));
  return least;
}

int usable_cpus() {
  const int limit = cgroup_cpus("/proc/self/cgroup", "/sys/fs/cgroup"), all = affinity_cpus();
  return limit > 0 ? std::min(limit, all) : all;
}

}  // namespace bpnet::math
