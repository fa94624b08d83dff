#include "core/free_memory.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

#include "core/control_group.hpp"

namespace bpnet {

namespace {

namespace fs = std::filesystem;
using Bytes = std::uint64_t;
constexpr Bytes no_limit = std::numeric_limits<Bytes>::max();

/// The number a file holds; nothing if there is no such file or it says "max".
std::optional<Bytes> number_in(const fs::path& path) {
  std::ifstream file(path);
  Bytes value = 0;
  return file >> value ? std::optional(value) : std::nullopt;
}

/// The number behind a word that begins a line.
std::optional<Bytes> number_behind(const fs::path& path, const std::string& word) {
  std::ifstream file(path);
  for (std::string key; file >> key;) {
    Bytes value = 0;
    if (key == word && file >> value) return value;
    file.clear();
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return {};
}

Bytes without(Bytes limit, Bytes used) { return limit > used ? limit - used : 0; }

/// Cached files count as used, but go when memory is wanted.
Bytes free_in_group(const GroupFolder& group) {
  const bool v2 = group.version_2;
  const auto limit = number_in(group.path / (v2 ? "memory.max" : "memory.limit_in_bytes"));
  const auto used = number_in(group.path / (v2 ? "memory.current" : "memory.usage_in_bytes"));
  if (!limit || !used) return no_limit;
  const auto cached = number_behind(group.path / "memory.stat", v2 ? "inactive_file" : "total_inactive_file");
  return without(*limit, without(*used, cached.value_or(0)));
}

Bytes free_addresses(const fs::path& processes) {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return no_limit;
  const auto page = static_cast<Bytes>(::sysconf(_SC_PAGESIZE));
  return without(limit.rlim_cur, number_in(processes / "self" / "statm").value_or(0) * page);
}

}  // namespace

std::uint64_t free_memory(const fs::path& processes, const fs::path& groups) {
  constexpr Bytes kilobyte = 1024;
  Bytes least = no_limit;
  if (const auto available = number_behind(processes / "meminfo", "MemAvailable:"))
    least = *available * kilobyte;
  for (const GroupFolder& group : group_folders(processes / "self" / "cgroup", groups, "memory"))
    least = std::min(least, free_in_group(group));
  return std::min(least, free_addresses(processes));
}

std::string memory_text(double bytes) {
  return bytes < 1e9 ? fmt::format("{:.0f} MB", bytes / 1e6) : fmt::format("{:.1f} GB", bytes / 1e9);
}

}  // namespace bpnet
