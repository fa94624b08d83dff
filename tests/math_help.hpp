#pragma once
// What the tests of math share: numbers in memory as a network has it, and ways to compare them.

#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/memory.hpp"
#include "core/random.hpp"
#include "core/shape.hpp"
#include "math/threads.hpp"

namespace math_test {

using bpnet::Real;

/// Numbers in memory that is aligned and has readable bytes behind the end.
class Numbers {
 public:
  explicit Numbers(std::size_t n) : memory_(n * sizeof(Real)), size_(n) {}
  explicit Numbers(const nlohmann::json& list) : Numbers(list.size()) {
    for (std::size_t i = 0; i < size_; ++i) (*this)[i] = list[i].get<Real>();
  }
  /// Normal numbers.
  Numbers(std::size_t n, std::uint64_t seed) : Numbers(n) {
    const auto draw = bpnet::Draw::of(seed, bpnet::stream_of("math tests"));
    for (std::size_t i = 0; i < n; ++i) (*this)[i] = static_cast<Real>(draw.normal(0, i));
  }
  Real* data() const { return memory_.as<Real>().data(); }
  std::size_t size() const { return size_; }
  Real& operator[](std::size_t i) const { return data()[i]; }
  Numbers clone() const {
    Numbers copy(size_);
    std::memcpy(copy.data(), data(), size_ * sizeof(Real));
    return copy;
  }
  bool same_bits(const Numbers& other) const {
    return size_ == other.size_ && std::memcmp(data(), other.data(), size_ * sizeof(Real)) == 0;
  }

 private:
  bpnet::Memory memory_;
  std::size_t size_;
};

/// The greatest difference, relative where numbers are beyond 1; infinite where one is NaN or sizes differ.
inline double difference(const Numbers& a, const Numbers& b) {
  if (a.size() != b.size()) return INFINITY;
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
    const double d = std::abs(x - y) / std::max(1.0, std::abs(y));
    if (!(d <= worst)) worst = std::isnan(d) ? INFINITY : d;
  }
  return worst;
}

/// f's result on one thread, and whether it has the same bits on 2, 3, 4 and 7.
template <class F>
bool same_on_any_threads(F f) {
  const Numbers alone = f();
  bool same = true;
  for (int threads : {2, 3, 4, 7}) {
    bpnet::math::set_threads(threads);
    same = same && f().same_bits(alone);
  }
  bpnet::math::set_threads(1);
  return same;
}

}  // namespace math_test
