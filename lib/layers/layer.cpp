#include "layers/layer.hpp"

#include <map>

namespace bpnet {

void Element::visit_common(Visitor& v) {
  v("name", name, "the layer's name in tensors, messages and --set; its position in the list when not given");
  if (!learns()) return;
  v("freeze", freeze,
    "keep the parameters as they are, and running statistics, which training then uses as inference does");
  v("rate", rate, at_least(0), "factor on the learning rate");
  v("decay", decay, at_least(0), "factor on the weight decay, l1 and l2");
  v.optional("max_norm", bounds.max_norm, "none", above(0),
             "weights into one output that are longer are shortened to it after each step");
  v("non_negative", bounds.non_negative, "weights below zero become zero after each step; not biases");
}

int Layer::add_to(Builder& builder, int in) const {
  return builder.add("", std::static_pointer_cast<const Layer>(shared_from_this()), {in});
}

const Initialiser* initialiser_named(const char* name) {
  static std::map<std::string, Choice> made;
  auto [at, fresh] = made.try_emplace(name);
  if (fresh) at->second = choose(initialisers, name);
  return at->second.as<Initialiser>().get();
}

}  // namespace bpnet
