#pragma once
// Decides where every value of a run lives. Forward of node i happens at time i, the loss at time N (nodes),
// backward of node i at time 2N - i, commit at 2N + 1.

#include <vector>

#include "model/arena.hpp"
#include "model/network.hpp"

namespace bpnet {

class RunPlanner {
 public:
  RunPlanner(Run& run, const Network& network);
  void plan();

 private:
  void find_consumers();
  void place_values();
  void place_gradients();
  void place_pass_memory();
  void place_carry();
  bool over_input(int node) const;  // its output may take the place of its input
  View view(int node) const;
  int spot(std::size_t bytes, int begin, int end);
  void point(std::byte** at, int spot) { wanted_.emplace_back(at, spot); }
  bool keeps() const { return run_.mode_ == Mode::explaining; }  // every value and gradient, to be looked at
  bool learning() const { return run_.mode_ == Mode::training || run_.mode_ == Mode::explaining; }
  bool learns(int node) const { return run_.work_[static_cast<std::size_t>(node)].runs_backward; }
  const Node& node(int n) const { return network_.graph_.nodes()[static_cast<std::size_t>(n)]; }

  Run& run_;
  const Network& network_;
  int count_ = 0;
  std::vector<std::vector<int>> consumers_;  // per node, ascending
  std::vector<bool> served_;
  std::vector<int> value_spot_;
  std::vector<Spot> spots_;
  std::vector<std::pair<std::byte**, int>> wanted_;
};

}  // namespace bpnet
