#pragma once
// Products of tiles whose heights differ by at most one.

#include <algorithm>
#include <array>
#include <memory>

#include "math/product.hpp"

namespace bpnet::math {

class TileProducts {
 public:
  /// shape_of(height): the product's shape for `low` and for low + 1.
  template <class Shape>
  TileProducts(int low, Shape shape_of) : low_(low) {
    for (int i = 0; i < 2; ++i) products_[static_cast<std::size_t>(i)] = prepare_product(shape_of(low + i));
  }
  const Product& of(int height) const { return *products_[height == low_ ? 0 : 1]; }
  std::size_t scratch_bytes() const {
    return std::max(products_[0]->scratch_bytes, products_[1]->scratch_bytes);
  }

 private:
  int low_;
  std::array<std::unique_ptr<Product>, 2> products_;
};

}  // namespace bpnet::math
