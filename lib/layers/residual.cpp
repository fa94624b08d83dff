#include <algorithm>

#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/members.hpp"
#include "layers/merge.hpp"

namespace bpnet::layer_entries {

namespace {
/// out = in + layers(in): He, Zhang, Ren, Sun 2015.
struct Residual final : Element {
  std::vector<Choice> list, skip_list;
  bool projection = false;

  void visit(Visitor& v) override {
    v("layers", list, layers, "the layers the input skips");
    v("projection", projection,
      "let the skipping input through a dense layer, or a 1x1 conv2d of images, when the shapes differ");
    v("skip", skip_list, layers, "the layers the skipping input goes through: [] for none");
  }
  int add_to(Builder& builder, int in) const override {
    if (list.empty()) throw Misfit{"needs at least one layer to skip", {}};
    // Both ways on from here are the same member's.
    if (builder.port(in).shape.axes() == 1) in = with_members(builder, in);
    const int last = builder.add_list("", list, in);
    int skip = skip_list.empty() ? in : builder.add_list("skip", skip_list, in);
    const Shape from = builder.port(skip).shape, to = builder.port(last).shape;
    if (!(from == to)) {
      if (!projection)
        throw Misfit{"adds its input " + from.text() + (skip == in ? "" : " (behind skip)") +
                         " to what its layers make of it, " + to.text(),
                     {"make the last layer " + from.text() + ", set projection: true, or write skip: [...]"}};
      skip = project(builder, skip, from, to);
    }
    return builder.add("sum", std::make_shared<Add>(), {skip, last});
  }

 private:
  static int project(Builder& builder, int skip, const Shape& from, const Shape& to) {
    if (from.axes() != 3 || to.axes() != 3 || (from[0] == to[0] && from[1] == to[1])) {
      const auto layer = std::make_shared<Dense>(to[-1]);
      layer->bias = false;
      return add_dense(builder, "projection", layer, skip);
    }
    const auto layer = std::make_shared<ConvolutionLayer>(2, false);
    layer->channels = to[2];
    layer->window.kernel = {1};
    layer->window.stride = {std::max(1, (from[0] + to[0] - 1) / to[0]),
                            std::max(1, (from[1] + to[1] - 1) / to[1])};
    layer->bias = false;
    return builder.add("projection", layer, {skip});
  }
};
}  // namespace

extern const Entry residual = {"residual",
                               "adds its input to what its layers make of it",
                               "ResidualBlock skip shortcut skip_connection Add",
                               "residual: [{dense: 7}, tanh]",
                               "7",
                               make<Residual>};

}  // namespace bpnet::layer_entries
