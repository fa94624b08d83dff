// The pool: workers sleep until there is work, then every thread claims the next tile of its own part of the
// tiles, and of the others' when that is done. Tiles beside each other so come to one thread, the same one
// from call to call, whose cache has seen what they read; and each call goes through them against the
// direction of the one before, as what was touched last is nearest. The caller takes part and never waits for
// a worker that has not come yet, so a busy machine costs speed but no stalls.

#include "math/threads.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace bpnet::math {

namespace {

thread_local int own_index = 0;
thread_local bool in_tile = false;

/// Numbers too small for full precision become 0, read and written: they cost hundreds of cycles otherwise.
void flush_to_zero() {
#if defined(__x86_64__)
  _mm_setcsr(_mm_getcsr() | 0x8040);
#elif defined(__aarch64__)
  std::uint64_t control;
  asm volatile("mrs %0, fpcr" : "=r"(control));
  asm volatile("msr fpcr, %0" : : "r"(control | (std::uint64_t{1} << 24)));
#endif
}

void relax() {
#if defined(__x86_64__)
  _mm_pause();
#endif
}

class Pool {
 public:
  ~Pool() { stop(); }

  /// Fewer where the system gives no more; that costs speed only.
  void resize(int count) {
    stop();
    patience_ = count <= usable_cpus() ? 2000 : 0;
    stopping_ = false;
    parts_ = std::vector<Part>(static_cast<std::size_t>(count));
    for (Part& part : parts_) part.next = job_ | nothing_left;
    const std::uint32_t bell = bell_;
    try {
      for (int i = 1; i < count; ++i) workers_.emplace_back([this, i, bell] { work(i, bell); });
    } catch (const std::system_error&) {
    }
  }

  std::uint64_t jobs() const { return job_ >> 32; }

  void run(std::ptrdiff_t tiles, void (*call)(void*, std::ptrdiff_t), void* context) {
    std::unique_lock only(one_at_a_time_, std::defer_lock);
    if (in_tile || !only.try_lock()) {  // inside of a tile, or of another thread's work: alone
      for (std::ptrdiff_t i = 0; i < tiles; ++i) call(context, i);
      return;
    }
    const std::uint64_t job = job_ += std::uint64_t{1} << 32;
    const auto all = static_cast<std::uint32_t>(tiles);
    // Whoever is late finds the old job gone and the new one not there yet.
    for (Part& part : parts_) part.next = job | nothing_left;
    call_ = call;
    context_ = context;
    tiles_ = all;
    done_ = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) parts_[i].next = job | begin_of(i, all);
    ++bell_;
    bell_.notify_all();
    claim_tiles();
    for (int i = 0; i < patience_ && done_ < all; ++i) relax();
    for (std::uint32_t done = done_; done < all; done = done_) done_.wait(done);
  }

 private:
  static constexpr std::uint64_t nothing_left = 0xFFFFFFFF;

  void stop() {
    stopping_ = true;
    ++bell_;
    bell_.notify_all();
    for (std::thread& w : workers_) w.join();
    workers_.clear();
  }

  void work(int index, std::uint32_t bell) {
    own_index = index;
    flush_to_zero();
    for (;;) {
      for (int i = 0; i < patience_ && bell_ == bell; ++i) relax();
      bell_.wait(bell);
      bell = bell_;
      if (stopping_) return;
      claim_tiles();
    }
  }

  /// The first tile of part i.
  std::uint32_t begin_of(std::size_t i, std::uint32_t tiles) const {
    return static_cast<std::uint32_t>(tiles * std::uint64_t{i} / parts_.size());
  }

  void claim_tiles() {
    in_tile = true;
    const auto own = static_cast<std::size_t>(own_index);
    for (std::size_t i = 0; i < parts_.size(); ++i) claim_tiles_of((own + i) % parts_.size());
    in_tile = false;
  }

  /// What is read here may belong to a job that is over; then taking the tile fails, as `next` has moved on.
  void claim_tiles_of(std::size_t i) {
    std::atomic<std::uint64_t>& from = parts_[i].next;
    for (std::uint64_t next = from;;) {
      const auto call = call_.load();
      void* const context = context_;
      const std::uint32_t all = tiles_, tile = static_cast<std::uint32_t>(next);
      if (tile >= begin_of(i + 1, all)) {
        if (next == from) return;
        next = from;
      } else if (from.compare_exchange_weak(next, next + 1)) {
        const bool back = (next >> 32) & 1;
        call(context, back ? begin_of(i, all) + begin_of(i + 1, all) - 1 - tile : tile);
        if (++done_ == all) done_.notify_one();
        next = from;
      }
    }
  }

  struct alignas(64) Part {
    std::atomic<std::uint64_t> next = 0;  // number of the job and of the part's next tile
  };
  std::vector<Part> parts_;  // one for each thread
  std::vector<std::thread> workers_;
  std::mutex one_at_a_time_;
  int patience_ = 0;  // rounds of waiting awake: tens of microseconds
  std::atomic<bool> stopping_ = false;
  std::atomic<std::uint32_t> bell_ = 0;
  std::atomic<std::uint64_t> job_ = 0;  // its number, in the upper half
  alignas(64) std::atomic<void (*)(void*, std::ptrdiff_t)> call_ = nullptr;
  std::atomic<void*> context_ = nullptr;
  std::atomic<std::uint32_t> tiles_ = 0;
  alignas(64) std::atomic<std::uint32_t> done_ = 0;
};

Pool& pool() {
  static Pool one;
  return one;
}

int size = 1;  // threads of the pool, which is not made before there are two

}  // namespace

void set_threads(int count) {
  flush_to_zero();
  count = std::max(1, count);
  if (count == size) return;
  pool().resize(count);
  size = count;
}

int threads() { return size; }

std::uint64_t times_shared() { return size == 1 ? 0 : pool().jobs(); }

int thread_index() { return own_index; }

void detail::run_tiles(std::ptrdiff_t tiles, void (*call)(void*, std::ptrdiff_t), void* context) {
  pool().run(tiles, call, context);
}

}  // namespace bpnet::math
