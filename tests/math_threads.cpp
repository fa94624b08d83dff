#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <limits>
#include <vector>

#include "math/cpus.hpp"
#include "math/threads.hpp"

namespace math = bpnet::math;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

}  // namespace

TEST_CASE("every tile is computed once, by threads of the pool") {
  for (int threads : {1, 2, 3, 7}) {
    math::set_threads(threads);
    CHECK(math::threads() == threads);
    for (std::ptrdiff_t tiles : {0, 1, 2, 5, 100}) {
      std::vector<std::atomic<int>> times(static_cast<std::size_t>(tiles));
      std::atomic<bool> known = true;
      math::parallel(tiles, 1e9, [&](std::ptrdiff_t t) {
        ++times[static_cast<std::size_t>(t)];
        if (math::thread_index() < 0 || math::thread_index() >= threads) known = false;
      });
      for (const auto& n : times) CHECK(n == 1);
      CHECK(known);
    }
    CHECK(math::thread_index() == 0);
  }
  math::set_threads(1);
}

TEST_CASE("parallel work inside parallel work runs on its own thread") {
  math::set_threads(3);
  std::atomic<int> count = 0;
  math::parallel(4, 1e9, [&](std::ptrdiff_t) {
    const int outer = math::thread_index();
    math::parallel(5, 1e9, [&](std::ptrdiff_t) { count += math::thread_index() == outer; });
  });
  CHECK(count == 20);
  math::set_threads(1);
}

TEST_CASE("threads flush numbers too small for full precision to zero") {
  math::set_threads(3);
  std::atomic<int> zeros = 0;
  math::parallel(30, 1e9, [&](std::ptrdiff_t) {
    volatile float small = std::numeric_limits<float>::min();
    zeros += small / 2 == 0;
  });
  CHECK(zeros == 30);
  math::set_threads(1);
}

TEST_CASE("limits of control groups") {
  const fs::path root = fs::temp_directory_path() / "bpnet_math_threads";
  fs::remove_all(root);
  const fs::path membership = root / "cgroup", mount = root / "mount";
  CHECK(math::cgroup_cpus(membership, mount) == 0);
  write(membership, "0::/jobs/one\n");
  CHECK(math::cgroup_cpus(membership, mount) == 0);
  write(mount / "jobs/one/cpu.max", "max 100000\n");
  CHECK(math::cgroup_cpus(membership, mount) == 0);
  write(mount / "jobs/cpu.max", "250000 100000\n");
  CHECK(math::cgroup_cpus(membership, mount) == 3);
  write(mount / "jobs/one/cpu.max", "50000 100000\n");
  CHECK(math::cgroup_cpus(membership, mount) == 1);
  write(membership, "0::/elsewhere\n");
  write(mount / "cpu.max", "400000 100000\n");
  CHECK(math::cgroup_cpus(membership, mount) == 4);
  write(membership, "5:memory:/x\n4:cpu,cpuacct:/jobs\n");
  write(mount / "cpu,cpuacct/jobs/cpu.cfs_quota_us", "-1\n");
  write(mount / "cpu,cpuacct/jobs/cpu.cfs_period_us", "100000\n");
  CHECK(math::cgroup_cpus(membership, mount) == 0);
  write(mount / "cpu,cpuacct/jobs/cpu.cfs_quota_us", "150000\n");
  CHECK(math::cgroup_cpus(membership, mount) == 2);
  CHECK(math::usable_cpus() >= 1);
  fs::remove_all(root);
}
