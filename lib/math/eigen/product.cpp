// Products in double: Eigen's plain ones, which take no memory and know of no threads, on stretches of rows
// whose borders depend on the shape alone.

#include "math/product.hpp"

#include <Eigen/Core>
#include <algorithm>

#include "math/reduce.hpp"
#include "math/threads.hpp"

namespace bpnet::math {

namespace {

using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Input = Eigen::Map<const Matrix>;

class EigenProduct final : public Product {
 public:
  explicit EigenProduct(const ProductShape& shape) : s_(shape) {
    if (s_.packed_b) packed_elements = static_cast<std::size_t>(s_.n) * static_cast<std::size_t>(s_.k);
  }
  void pack(const Real* b, Real* out) const override { std::copy_n(b, packed_elements, out); }

  void run(const Real* a, const Real* b, const Real* bias, Real* c, std::byte*) const override {
    const Stretches stretches(s_.m, 64);
    parallel(stretches.count, static_cast<double>(s_.m) * s_.n * s_.k, [&](std::ptrdiff_t t) {
      const int first = stretches.begin(t), rows = stretches.size(t);
      Eigen::Map<Matrix> out(c + std::ptrdiff_t{first} * s_.n, rows, s_.n);
      if (s_.bias)
        out.rowwise() = Eigen::Map<const Eigen::Matrix<Real, 1, Eigen::Dynamic>>(bias, s_.n);
      else if (!s_.add)
        out.setZero();
      if (s_.transpose_a)
        multiply(Input(a, s_.k, s_.m).middleCols(first, rows).transpose(), b, out);
      else
        multiply(Input(a, s_.m, s_.k).middleRows(first, rows), b, out);
    });
  }

 private:
  template <class Left>
  void multiply(const Left& left, const Real* b, Eigen::Map<Matrix>& out) const {
    if (s_.transpose_b)
      out += left.lazyProduct(Input(b, s_.n, s_.k).transpose());
    else
      out += left.lazyProduct(Input(b, s_.k, s_.n));
  }

  ProductShape s_;
};

}  // namespace

std::unique_ptr<Product> prepare_product(const ProductShape& shape) {
  return std::make_unique<EigenProduct>(shape);
}

bool has_bfloat16() { return false; }

}  // namespace bpnet::math
