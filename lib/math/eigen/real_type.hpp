#pragma once
// The gradient check's numbers: this folder's backend computes in double.
namespace bpnet {
using Real = double;
}
