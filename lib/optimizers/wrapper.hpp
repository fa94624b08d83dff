#pragma once
// Optimizers around an inner one, written `lookahead: {inner: {adam: 0.01}}`.

#include <memory>

#include "optimizers/optimizer.hpp"

namespace bpnet {

struct Wrapper : Optimizer {
  Wrapper();
  void prepare(std::span<const Segment> segments, std::size_t count) override;
  std::vector<std::string> arrays() const override { return inner().arrays(); }
  Objection objection(const Practice& practice) const override;
  bool looks_again() const override { return inner().looks_again(); }
  double base_rate() const override { return inner().base_rate(); }
  std::string rate_key() const override;

 protected:
  void visit_inner(Visitor& v);
  std::string inner_name() const { return inner_.name(); }
  Optimizer& inner() const { return *inner_.as<Optimizer>(); }

 private:
  Choice inner_;
};

}  // namespace bpnet
