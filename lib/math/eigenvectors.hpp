#pragma once
// Eigenvectors of small symmetric matrices.

#include <vector>

namespace bpnet::math {

struct Eigenvectors {
  std::vector<double> values;   // (n), the greatest first
  std::vector<double> vectors;  // (n, n), a row each, of length 1; its element of greatest size is positive
};

/// Of a symmetric matrix (n, n), by Jacobi's cyclic rotations (Golub and Van Loan, Matrix Computations, 8.5).
Eigenvectors eigenvectors(std::vector<double> matrix, int n);

}  // namespace bpnet::math
