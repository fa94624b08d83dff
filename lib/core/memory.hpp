#pragma once
// Memory for numbers: aligned, zeroed, with room behind the end for vector reads.

#include <cstddef>
#include <memory>
#include <span>

namespace bpnet {

/// Bytes aligned to 64, zero at first, with 64 readable bytes behind them. Large ones ask for huge pages.
class Memory {
 public:
  Memory() = default;
  explicit Memory(std::size_t bytes);
  std::byte* data() const { return data_.get(); }
  std::size_t size() const { return size_; }
  template <class T>
  std::span<T> as() const {
    return {reinterpret_cast<T*>(data_.get()), size_ / sizeof(T)};
  }

 private:
  struct Free {
    void operator()(std::byte* p) const;
  };
  std::unique_ptr<std::byte, Free> data_;
  std::size_t size_ = 0;
};

constexpr std::size_t round_up(std::size_t n, std::size_t to) { return (n + to - 1) / to * to; }

}  // namespace bpnet
