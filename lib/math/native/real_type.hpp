#pragma once
// The product's numbers: this folder's backend computes in float.
namespace bpnet {
using Real = float;
}
