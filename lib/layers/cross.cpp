#include "layers/dense.hpp"
#include "layers/members.hpp"
#include "layers/merge.hpp"

namespace bpnet::layer_entries {

namespace {
/// x becomes first * (weight * x + bias) + x, `depth` times, first being the block's input: DCN-v2, Wang,
/// Shivanna, Cheng, Jain, Lin, Hong, Chi 2021.
struct Cross final : Element {
  std::int64_t depth = 2;
  std::optional<std::int64_t> rank;

  void visit(Visitor& v) override {
    v("depth", depth, between(1, 100),
      "crossings one behind the other: products of up to depth + 1 features");
    v.optional("rank", rank, "none", between(1, 1 << 20), "width through which the weights go; none: all");
  }
  int add_to(Builder& builder, int first) const override {
    first = with_members(builder, first);
    int x = first;
    for (std::int64_t i = 1; i <= depth; ++i) {
      const std::string at = std::to_string(i) + ".";
      int narrow = x;
      if (rank) {
        const auto layer = std::make_shared<Dense>(static_cast<int>(*rank));
        layer->bias = false;
        narrow = add_dense(builder, at + "narrow", layer, x);
      }
      const auto layer = std::make_shared<Dense>(builder.port(first).shape[-1]);
      const int wide = add_dense(builder, at + "dense", layer, narrow);
      const int product = builder.add(at + "product", std::make_shared<Multiply>(), {first, wide});
      x = builder.add(at + "sum", std::make_shared<Add>(), {product, x});
    }
    return x;
  }
};
}  // namespace

extern const Entry cross = {"cross",
                            "products of features, learnt, of an order that grows with the depth",
                            "CrossNet CrossLayer DCN DCNv2 cross_network deep_cross",
                            "cross: {depth: 3, rank: 4}",
                            "7",
                            make<Cross>};

}  // namespace bpnet::layer_entries
