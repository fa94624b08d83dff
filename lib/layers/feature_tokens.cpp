#include "layers/feature_dense.hpp"

namespace bpnet::layer_entries {

namespace {
/// The tokenizer of FT-Transformer: Gorishniy, Rubachev, Khrulkov, Babenko 2021. A number's token is number *
/// weight + bias, a category's the vector of its label (or of its embedding, by a matrix) + bias.
struct FeatureTokens final : Element {
  std::int64_t units = 0;
  bool class_token = false;

  void visit(Visitor& v) override {
    v("units", units, between(1, 1 << 16), "numbers in a token");
    v("class_token", class_token, "put a learnt token in front");
  }
  int add_to(Builder& builder, int in) const override {
    const Features features = features_of(builder.port(in));
    std::vector<int> widths(static_cast<std::size_t>(features.numbers), 1);
    widths.insert(widths.end(), features.widths.begin(), features.widths.end());
    const auto layer = std::make_shared<FeatureDense>(widths, static_cast<int>(units));
    layer->tokens = true;
    layer->class_token = class_token;
    return builder.add("", layer, {in});
  }
};
}  // namespace

extern const Entry feature_tokens = {"feature_tokens",
                                     "makes a token, a vector of one width, of each number and each category",
                                     "FeatureTokenizer tokenizer FTTransformer numerical_tokens",
                                     "feature_tokens: {units: 3, class_token: true}",
                                     "7",
                                     make<FeatureTokens>};

}  // namespace bpnet::layer_entries
