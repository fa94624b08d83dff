#pragma once
// A model as a flat list of nodes in the order they compute; built from the stacks of the YAML, checked once.

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "layers/layer.hpp"

namespace bpnet {

/// A layer on the outputs of earlier nodes; or, without a layer, an input.
struct Node {
  std::string path;  // "main.hidden", "main.2.1"
  std::string kind;  // "dense", as `check` prints it
  std::shared_ptr<const Layer> layer;
  std::vector<int> inputs;
  Plan plan;
  Place place;
  double rate = 1, decay = 1;
  bool freeze = false;
  Bounds bounds;
  Port told;  // what it puts out by its own layer, also where another computes more than that
  bool is_input() const { return layer == nullptr; }
  const Port& port() const { return plan.out[0]; }
};

class Graph final : public Builder {
 public:
  explicit Graph(std::vector<Head> heads) : heads_(std::move(heads)) {}

  /// An input node; returns its number.
  int add_input(std::string path, Port port);
  /// A stack of the YAML behind node `in`, in the scope of its name. Throws Error(configuration) with the
  /// place of the layer, the shapes it got and the chain of layers before it.
  int add_stack(const Stack& stack, int in);
  /// What is added from here on is a member of an ensemble of its own: paths begin with "member_1", then
  /// "member_2", ..., and output layers serve the member's heads, which follow those of the members before.
  void begin_member() { ++member_; }
  /// From here on this many members share the weights of one network.
  void share_members(int count) { shared_ = count; }
  /// Throws Error(configuration) if no output layer served a head, or several did.
  void finish(const Place& model);

  int add(std::string name, std::shared_ptr<const Layer> layer, std::vector<int> inputs) override;
  int add_list(std::string scope, const std::vector<Choice>& elements, int in) override;
  const Port& port(int node) const override { return nodes_[static_cast<std::size_t>(node)].port(); }
  /// What the stacks from here on may look at beside their own input: the end of an encoder.
  void remember(int node) { memory_ = node; }
  int memory() const override { return memory_; }
  int find(std::string_view name) const override;
  const std::string& path(int node) const override { return nodes_[static_cast<std::size_t>(node)].path; }
  const Plan& plan(int node) const override { return nodes_[static_cast<std::size_t>(node)].plan; }
  std::span<const Head> heads() const override { return heads_; }
  void serve(std::size_t head, int node) override;
  int members() const override { return shared_; }
  bool has_members(int node) const override { return nodes_[static_cast<std::size_t>(node)].plan.members; }

  /// Whether what a node puts out depends on an earlier one.
  bool depends(int node, int on) const;
  /// Throws Error(configuration) with the places of layers that cannot take so many steps of a time axis.
  void require_steps(int time, int most) const;

  std::span<const Node> nodes() const { return nodes_; }
  /// Node that serves each head, member by member.
  std::span<const int> served() const { return served_; }

 private:
  struct Scope {
    std::string path;
    const char* kind = "";
    Place place;
    double rate = 1, decay = 1;
    bool freeze = false;
    Bounds bounds;
  };
  Scope scope() const;
  static Plan planned(const Layer& layer, std::span<const Port> in);
  void fuse();  // layers that compute the next one with their own
  std::string chain(int node) const;
  [[noreturn]] void fail(const Misfit& misfit, int in) const;

  std::vector<Node> nodes_;
  std::vector<Head> heads_;
  std::vector<int> served_;
  std::vector<Scope> scopes_;
  int member_ = 0;  // 0: no ensemble
  int memory_ = -1;
  int shared_ = 1;
};

}  // namespace bpnet
