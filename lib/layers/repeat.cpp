#include "layers/layer.hpp"

namespace bpnet::layer_entries {

namespace {
struct Repeat final : Element {
  std::int64_t times = 0;
  std::vector<Choice> list;

  void visit(Visitor& v) override {
    v("times", times, between(1, 1000),
      "how often the layers follow one another, each time with parameters of their own");
    v("layers", list, layers, "the layers to repeat");
  }
  int add_to(Builder& builder, int in) const override {
    if (list.empty()) throw Misfit{"needs at least one layer to repeat", {}};
    int node = in;
    for (std::int64_t i = 1; i <= times; ++i) node = builder.add_list(std::to_string(i), list, node);
    return node;
  }
};
}  // namespace

extern const Entry repeat = {"repeat",
                             "a list of layers several times over",
                             "Repeat stack times",
                             "repeat: {times: 2, layers: [{dense: 7}, tanh]}",
                             "7",
                             make<Repeat>};

}  // namespace bpnet::layer_entries
