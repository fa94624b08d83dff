#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "initialisers/initialiser.hpp"
#include "math/threads.hpp"
#include "spec/table.hpp"

namespace bpnet::initialiser_entries {

namespace {

double dot(const double* a, const double* b, std::size_t n) {
  std::array<double, 8> sums{};  // independent, so that they add up side by side
  std::size_t i = 0;
  for (; i + sums.size() <= n; i += sums.size())
    for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += a[i + k] * b[i + k];
  double sum = 0;
  for (double s : sums) sum += s;
  for (; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

// Gram and Schmidt, modified: makes the rows of `matrix` (count, length) orthonormal. Random rows are far
// enough from dependent that double leaves an error well below float's.
void orthonormalise(std::vector<double>& matrix, std::size_t count, std::size_t length) {
  constexpr std::size_t group = 16;  // rows a thread takes at a time
  for (std::size_t k = 0; k < count; ++k) {
    double* done = matrix.data() + k * length;
    const double norm = std::sqrt(dot(done, done, length));
    for (std::size_t i = 0; i < length; ++i) done[i] /= norm;
    const std::size_t left = count - k - 1;
    math::parallel(static_cast<std::ptrdiff_t>((left + group - 1) / group),
                   2 * static_cast<double>(left * length), [&](std::ptrdiff_t g) {
                     const std::size_t first = static_cast<std::size_t>(g) * group;
                     for (std::size_t j = first; j < std::min(first + group, left); ++j) {
                       double* row = done + (j + 1) * length;
                       const double along = dot(done, row, length);
                       for (std::size_t i = 0; i < length; ++i) row[i] -= along * done[i];
                     }
                   });
  }
}

/// Saxe, McClelland, Ganguli 2013: Q of a random normal matrix, evenly spread as R's diagonal is positive
/// (Mezzadri 2007). The last axis is the matrix's columns, all others its rows; the fewer of the two are
/// orthonormal.
struct Orthogonal final : Initialiser {
  double gain = 1;

  void visit(Visitor& v) override { v("gain", gain, above(0), "factor on the orthonormal matrix"); }
  void fill(std::span<Real> values, const Shape& shape, int, int, Draw draw) const override {
    if (values.empty()) return;
    const std::size_t columns = shape.axes() == 0 ? 1 : static_cast<std::size_t>(shape[-1]);
    const std::size_t rows = values.size() / columns;
    const bool wide = rows <= columns;
    const std::size_t count = std::min(rows, columns), length = std::max(rows, columns);
    std::vector<double> q(values.size());
    for (std::size_t i = 0; i < q.size(); ++i) q[i] = draw.normal(0, i);
    orthonormalise(q, count, length);
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t c = 0; c < columns; ++c)
        values[r * columns + c] = static_cast<Real>(gain * (wide ? q[r * length + c] : q[c * length + r]));
  }
};

}  // namespace

extern const Entry orthogonal = {"orthogonal",
                                 "orthonormal rows or columns, which keeps lengths",
                                 "orthogonal_ Orthogonal",
                                 "orthogonal: {gain: 1.4}",
                                 "",
                                 make<Orthogonal>};

}  // namespace bpnet::initialiser_entries
