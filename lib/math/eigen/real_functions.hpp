#pragma once
// Functions of double: the standard library's.

#include <cmath>

namespace bpnet::math {
using std::erf;
using std::exp;
using std::log;
using std::log1p;
using std::tanh;
}  // namespace bpnet::math
