#include "layers/dense.hpp"
#include "layers/merge.hpp"

namespace bpnet::layer_entries {

namespace {
/// out = in + layers(in): He, Zhang, Ren, Sun 2015.
struct Residual final : Element {
  std::vector<Choice> list;
  bool projection = false;

  void visit(Visitor& v) override {
    v("layers", list, layers, "the layers the input skips");
    v("projection", projection, "let the skipping input through a dense layer when the shapes differ");
  }
  int add_to(Builder& builder, int in) const override {
    if (list.empty()) throw Misfit{"needs at least one layer to skip", {}};
    int skip = in;
    const int last = builder.add_list("", list, in);
    const Shape &from = builder.port(in).shape, &to = builder.port(last).shape;
    if (!(from == to)) {
      if (!projection)
        throw Misfit{"adds its input " + from.text() + " to what its layers make of it, " + to.text(),
                     {"make the last layer " + from.text() + ", or set projection: true"}};
      const auto layer = std::make_shared<Dense>(to[-1]);
      layer->bias = false;
      skip = builder.add("projection", layer, {in});
    }
    return builder.add("sum", std::make_shared<Add>(), {skip, last});
  }
};
}  // namespace

extern const Entry residual = {"residual",
                        "adds its input to what its layers make of it",
                        "ResidualBlock skip shortcut skip_connection",
                        "residual: [{dense: 7}, tanh]",
                        "7",
                        make<Residual>};

}  // namespace bpnet::layer_entries
