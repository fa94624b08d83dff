#pragma once
// The one thread pool. Work is cut into tiles by shapes alone; threads only decide who computes which.

#include <cstddef>
#include <cstdint>

namespace bpnet::math {

/// Threads that `parallel` may use; 1 at first. Sets flush-to-zero in every worker.
void set_threads(int count);
int threads();
/// How often work has been shared among threads so far.
std::uint64_t times_shared();
/// CPUs that affinity and the control group allow.
int usable_cpus();

/// Multiply-adds (or elements, for maps: about 4 each) below which a second thread costs more than it gives.
inline constexpr double worth_sharing = 200000;

namespace detail {
void run_tiles(std::ptrdiff_t tiles, void (*call)(void*, std::ptrdiff_t), void* context);
}

/// Calls f(tile) for each tile, in any order, on several threads if `work` (multiply-adds of all tiles) is
/// worth it. From inside of a tile, or while another thread's call is under way, the calling thread does it
/// alone. f must not throw.
template <class F>
void parallel(std::ptrdiff_t tiles, double work, F f) {
  if (threads() == 1 || tiles < 2 || work < worth_sharing) {
    for (std::ptrdiff_t i = 0; i < tiles; ++i) f(i);
    return;
  }
  detail::run_tiles(
      tiles, [](void* context, std::ptrdiff_t i) { (*static_cast<F*>(context))(i); }, &f);
}

/// Index of the calling thread among the pool's, 0 outside of parallel work: picks scratch memory.
int thread_index();

}  // namespace bpnet::math
