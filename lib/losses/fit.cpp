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

void class_probabilities(const View& outputs, std::span<Real> out) {
  const auto rows = static_cast<std::size_t>(outputs.rows());
  if (outputs.width() > 1) {
    assert(out.size() == outputs.elements());
    math::softmax(outputs.reals(), outputs.rows(), outputs.width(), out.data());
    return;
  }
  assert(out.size() == 2 * rows);
  for (std::size_t i = 0; i < rows; ++i) {
    out[2 * i] = 0;
    out[2 * i + 1] = outputs.reals()[i];
  }
  // Not 1 - p, which loses the digits of a small probability.
  math::softmax(out.data(), outputs.rows(), 2, out.data());
}

std::vector<Answer> Loss::answers(const TargetKind& target) const {
  if (!target.classes) return {{Answer::Kind::value, 0}};
  return std::vector<Answer>(target.labels.size(), {Answer::Kind::probability, 0});
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
