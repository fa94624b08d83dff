#include "optimizers/wrapper.hpp"

namespace bpnet {

Wrapper::Wrapper() : inner_(choose(optimizers, "adam")) {}

void Wrapper::visit_inner(Visitor& v) {
  v("inner", inner_, optimizers, "the optimizer that makes the steps");
}

void Wrapper::prepare(std::span<const Segment> segments, std::size_t count) {
  inner().prepare(segments, count);
}

Objection Wrapper::objection(const Practice& practice) const {
  if (inner().searches())
    return {inner_name() + " must be the only one that moves the weights", "leave the wrapper out"};
  return inner().objection(practice);
}

std::string Wrapper::rate_key() const { return ".inner." + inner_.name() + inner().rate_key(); }

}  // namespace bpnet
