#include "math/eigenvectors.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bpnet::math {

namespace {

/// Rows and columns p and q of a square matrix.
class Square {
 public:
  Square(std::vector<double>& values, int n) : values_(values), n_(static_cast<std::size_t>(n)) {}
  double& at(int row, int column) {
    return values_[static_cast<std::size_t>(row) * n_ + static_cast<std::size_t>(column)];
  }

 private:
  std::vector<double>& values_;
  std::size_t n_;
};

struct Rotation {
  double c, s;
  void turn(double& a, double& b) const {
    const double was = a;
    a = c * was - s * b;
    b = s * was + c * b;
  }
};

/// The rotation that makes the element between p and q 0.
Rotation rotation_of(double pp, double qq, double pq) {
  const double theta = (qq - pp) / (2 * pq);
  const double t = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
  const double c = 1 / std::sqrt(t * t + 1);
  return {c, t * c};
}

}  // namespace

Eigenvectors eigenvectors(std::vector<double> matrix, int n) {
  const auto size = static_cast<std::size_t>(n);
  std::vector<double> rows(size * size, 0.0);
  Square a(matrix, n), v(rows, n);
  for (int i = 0; i < n; ++i) v.at(i, i) = 1;
  double scale = 0;
  for (double x : matrix) scale = std::max(scale, std::abs(x));
  constexpr int most_sweeps = 60;
  for (int sweep = 0; sweep < most_sweeps; ++sweep) {
    double off = 0;
    for (int p = 0; p < n; ++p)
      for (int q = p + 1; q < n; ++q) {
        off = std::max(off, std::abs(a.at(p, q)));
        if (a.at(p, q) == 0) continue;
        const Rotation r = rotation_of(a.at(p, p), a.at(q, q), a.at(p, q));
        for (int k = 0; k < n; ++k) r.turn(a.at(k, p), a.at(k, q));
        for (int k = 0; k < n; ++k) r.turn(a.at(p, k), a.at(q, k));
        for (int k = 0; k < n; ++k) r.turn(v.at(p, k), v.at(q, k));
      }
    if (off <= 1e-15 * scale) break;
  }
  std::vector<int> order(size);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int x, int y) { return a.at(x, x) > a.at(y, y); });
  Eigenvectors out;
  for (int i : order) {
    out.values.push_back(a.at(i, i));
    double most = 0;
    for (int k = 0; k < n; ++k)
      if (std::abs(v.at(i, k)) > std::abs(most)) most = v.at(i, k);
    for (int k = 0; k < n; ++k) out.vectors.push_back(most < 0 ? -v.at(i, k) : v.at(i, k));
  }
  return out;
}

}  // namespace bpnet::math
