#include "optimizers/orthogonal.hpp"

#include <algorithm>
#include <cmath>

#include "math/elements.hpp"
#include "math/update.hpp"

namespace bpnet {

namespace {

constexpr double linear = 3.4445, cubic = -4.775, quintic = 2.0315, least_norm = 1e-7;

struct Mix {
  Real own, other;
  void operator()(Real& x, Real y, Real (&)[1]) const { x = own * x + other * y; }
};

void make_room(Memory& memory, std::size_t bytes) {
  if (memory.size() < bytes) memory = Memory(bytes);
}

}  // namespace

std::size_t Orthogonaliser::add(int rows, int columns) {
  for (std::size_t i = 0; i < shapes_.size(); ++i)
    if (shapes_[i].rows == rows && shapes_[i].columns == columns) return i;
  const bool wide = rows <= columns;
  const int side = std::min(rows, columns);
  Shape shape{rows, columns, {}, {}, {}};
  math::ProductShape gram{side, side, std::max(rows, columns)};
  (wide ? gram.transpose_b : gram.transpose_a) = true;
  shape.gram = math::prepare_product(gram);
  shape.square = math::prepare_product({side, side, side});
  math::ProductShape add{rows, columns, side};
  add.add = true;
  shape.add = math::prepare_product(add);
  for (const auto* p : {&shape.gram, &shape.square, &shape.add}) make_room(scratch_, (*p)->scratch_bytes);
  const auto elements = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  const auto small = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
  make_room(x_, elements * sizeof(Real));
  make_room(next_, elements * sizeof(Real));
  make_room(gram_, small * sizeof(Real));
  make_room(square_, small * sizeof(Real));
  shapes_.push_back(std::move(shape));
  return shapes_.size() - 1;
}

std::span<const Real> Orthogonaliser::run(std::size_t which, std::span<const Real> in, int iterations) {
  const Shape& shape = shapes_[which];
  const std::size_t n = in.size();
  const auto side = static_cast<std::size_t>(std::min(shape.rows, shape.columns));
  Real *x = x_.as<Real>().data(), *next = next_.as<Real>().data();
  Real *gram = gram_.as<Real>().data(), *square = square_.as<Real>().data();
  math::copy(in.data(), n, x);
  math::scale(static_cast<Real>(1 / std::max(least_norm, std::sqrt(math::sum_of_squares(x, n)))), n, x);
  const bool wide = shape.rows <= shape.columns;
  for (int i = 0; i < iterations; ++i) {
    shape.gram->run(x, x, nullptr, gram, scratch_.data());
    shape.square->run(gram, gram, nullptr, square, scratch_.data());
    math::update<0>(Mix{static_cast<Real>(cubic), static_cast<Real>(quintic)}, gram, square, {}, side * side);
    math::copy(x, n, next);
    math::scale(static_cast<Real>(linear), n, next);
    shape.add->run(wide ? gram : x, wide ? x : gram, nullptr, next, scratch_.data());
    std::swap(x, next);
  }
  return {x, n};
}

}  // namespace bpnet
