#include "losses/fit.hpp"

#include <cassert>

#include "math/elements.hpp"

namespace bpnet {

std::string needs_classes(const TargetKind& target) {
  if (!target.classes) return "needs classes, but '" + target.name + "' is a number";
  if (target.class_count() < 2) return "needs two classes or more, but '" + target.name + "' has one";
  return "";
}

std::string needs_two_classes(const TargetKind& target) {
  if (!target.classes) return "needs two classes, but '" + target.name + "' is a number";
  if (target.class_count() != 2)
    return "needs two classes, but '" + target.name + "' has " + std::to_string(target.class_count());
  return "";
}

std::string needs_numbers(const TargetKind& target) {
  if (!target.classes) return "";
  return "needs a number, but '" + target.name + "' has " + std::to_string(target.class_count()) + " classes";
}

void require_fit(const Loss& loss, const TargetKind& target) {
  const std::string why = loss.objection(target);
  if (!why.empty())
    throw Error(Fault::configuration, "the loss " + why,
                {std::string("use ") + default_loss(target) + ", or leave loss out"});
}

int NumberLoss::width(const TargetKind& target) const {
  require_fit(*this, target);
  return 1;
}

void NumberLoss::answer(const View& logits, std::span<Real> out) const {
  assert(out.size() == logits.elements());
  math::copy(logits.reals(), logits.elements(), out.data());
}

}  // namespace bpnet
