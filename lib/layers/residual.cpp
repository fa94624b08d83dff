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
    for (const Choice& layer : list)
      if (const std::string& own = layer.as<Element>()->name; own == "sum" || own == "projection")
        throw Misfit{"has a layer called '" + own + "', as it calls what it adds itself",
                     {"call the layer otherwise"}};
    // Both ways on from here are the same member's.
    if (builder.port(in).shape.axes() == 1) in = with_members(builder, in);
    const int last = builder.add_list("", list, in);
    int skip = skip_list.empty() ? in : builder.add_list("skip", skip_list, in);
    const Shape from = builder.port(skip).shape, to = builder.port(last).shape;
    if (!(from == to)) {
      const bool can = can_project(from, to);
      if (!projection || !can)
        throw Misfit{
            "adds its input " + from.text() + (skip == in ? "" : " (behind skip)") +
                " to what its layers make of it, " + to.text(),
            {skip == in ? way_out(from, to, can) : way_out_of_skip(builder.port(in).shape, to, can)}};
      skip = project(builder, skip, from, to);
    }
    return builder.add("sum", std::make_shared<Add>(), {skip, last});
  }

 private:
  /// A stride of whole places brings an image's rows and columns to others; else the last axis alone changes.
  static bool can_project(const Shape& from, const Shape& to) {
    if (from.axes() != to.axes()) return false;
    for (int a = 0; a + 1 < from.axes(); ++a) {
      const int stride = from.axes() == 3 ? stride_of(from[a], to[a]) : 1;
      if ((from[a] + stride - 1) / stride != to[a]) return false;
    }
    return true;
  }
  static int stride_of(int from, int to) { return std::max(1, (from + to - 1) / to); }
  static std::string way_out(const Shape& from, const Shape& to, bool can) {
    if (can) return "make the last layer " + from.text() + ", set projection: true, or write skip: [...]";
    if (from.axes() != 3 || to.axes() != 3)
      return "make the last layer " + from.text() + ", or write skip: [...]";
    const bool smaller = 2 * to[0] <= from[0] + 1 || 2 * to[1] <= from[1] + 1;
    return "write padding: same in its layers, so that rows and columns are not lost at the edge" +
           std::string(smaller || from[2] != to[2] ? ", and projection: true" : "") +
           "; or write skip: [...]";
  }
  static std::string way_out_of_skip(const Shape& in, const Shape& to, bool can) {
    if (in == to) return "leave skip out: the layers put out what they are given, " + to.text();
    return "make what skip puts out " + to.text() +
           (can ? ", or set projection: true, which comes behind it" : "");
  }
  static int project(Builder& builder, int skip, const Shape& from, const Shape& to) {
    if (from.axes() != 3 || to.axes() != 3 || (from[0] == to[0] && from[1] == to[1])) {
      const auto layer = std::make_shared<Dense>(to[-1]);
      layer->bias = false;
      return add_dense(builder, "projection", layer, skip);
    }
    const auto layer = std::make_shared<ConvolutionLayer>(2, false);
    layer->channels = to[2];
    layer->window.kernel = {1};
    layer->window.stride = {stride_of(from[0], to[0]), stride_of(from[1], to[1])};
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
