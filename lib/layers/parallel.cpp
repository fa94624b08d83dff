#include "layers/members.hpp"
#include "layers/merge.hpp"

namespace bpnet::layer_entries {

namespace {
struct Parallel final : Element {
  std::vector<std::vector<Choice>> branches;
  enum class Merge : std::uint8_t { concat, add } merge = Merge::concat;

  void visit(Visitor& v) override {
    static constexpr const char* words[] = {"concat", "add"};
    v("branches", branches, layers,
      "lists of layers that all read the same input; an empty list hands it on");
    v("merge", merge, words, "how the branches are joined");
  }
  int add_to(Builder& builder, int in) const override {
    if (branches.size() < 2) throw Misfit{"needs at least two branches", {}};
    std::vector<int> ends;
    std::vector<std::string> scopes;
    for (std::size_t b = 0; b < branches.size(); ++b) {
      scopes.push_back(std::to_string(b + 1));
      ends.push_back(builder.add_list(scopes.back(), branches[b], in));
    }
    ends = alike(builder, ends, scopes);
    if (merge == Merge::add) return builder.add("sum", std::make_shared<Add>(), ends);
    return builder.add("concat", std::make_shared<Concat>(), ends);
  }
};
}  // namespace

extern const Entry parallel = {"parallel",
                               "runs several lists of layers on the same input and joins what they put out",
                               "branches Concatenate concat split Parallel Branch",
                               "parallel: {branches: [[{dense: 3}, tanh], [{dense: 4}]]}",
                               "7",
                               make<Parallel>};

}  // namespace bpnet::layer_entries
