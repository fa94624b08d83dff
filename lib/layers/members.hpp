#pragma once
// Layers of an ensemble whose members share weights: BatchEnsemble (Wen, Tran, Ba 2020) as TabM starts it
// (Gorishniy, Kotelnikov, Babenko 2024). A row becomes (members, width); layers on the last axis then serve
// all members at once. A list cannot name these.

#include "layers/layer.hpp"

namespace bpnet {

/// A row for each member: (width) to (members, width), times the member's scale, at first 1 or -1 by chance.
struct SpreadRows final : Layer {
  int members;
  explicit SpreadRows(int count) : members(count) {}
  const char* kind() const override { return "members"; }
  Plan plan(std::span<const Port> in) const override;
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override;
};

/// Scale, and shift if wanted, of each member's numbers: at first 1 and 0.
struct MemberScale final : Layer {
  bool shift;
  explicit MemberScale(bool with_shift) : shift(with_shift) {}
  const char* kind() const override { return "scale"; }
  Plan plan(std::span<const Port> in) const override;
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override;
};

/// A dense layer of its own for each member: (members, in) to (members, units).
struct MemberDense final : Layer {
  int units;
  bool bias = true;
  const Initialiser* initialiser = nullptr;  // null: glorot_uniform
  explicit MemberDense(int width) : units(width) {}
  Plan plan(std::span<const Port> in) const override;
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode mode) const override;
};

/// The node that has a row for each member: `in` itself, or a SpreadRows behind it. Nothing without shared
/// members.
int with_members(Builder& builder, int in, const std::string& scope = "");
/// The same of nodes to be joined, if one of them has members; `scopes`: of each.
std::vector<int> alike(Builder& builder, std::vector<int> nodes, std::span<const std::string> scopes);

}  // namespace bpnet
