#include <algorithm>

#include "layers/copy.hpp"

namespace bpnet::layer_entries {

namespace {

struct Reshape final : Layer {
  std::vector<std::int64_t> shape;

  bool learns() const override { return false; }
  void visit(Visitor& v) override {
    v("shape", shape, between(-1, 1 << 24), "sizes of the axes; one may be -1, for what is left");
  }
  Plan plan(std::span<const Port> in) const override {
    require_numbers(in[0]);
    const std::int64_t all = in[0].width();
    std::int64_t known = 1;
    int open = 0;
    for (const std::int64_t size : shape) {
      if (size < 0) ++open;
      if (size >= 0) known = std::min(all + 1, known * size);  // more than there are is all the same
    }
    if (shape.empty() || shape.size() > 4 || open > 1 || known < 1 || all % known != 0 ||
        (open == 0 && known != all))
      throw Misfit{"cannot make " + text() + " of its " + in[0].shape.text() + " input, which has " +
                       std::to_string(all) + " numbers",
                   {"one to four sizes whose product is " + std::to_string(all)}};
    Plan plan = copy_plan(in[0]);
    plan.out[0].shape = {};
    for (std::int64_t size : shape) plan.out[0].shape.push(static_cast<int>(size < 0 ? all / known : size));
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    return copy_pass(in[0], batch);
  }

 private:
  std::string text() const {
    std::string out;
    for (std::int64_t size : shape) out += (out.empty() ? "" : "x") + std::to_string(size);
    return out.empty() ? "nothing" : out;
  }
};

}  // namespace

extern const Entry reshape = {"reshape",
                              "the numbers of a row under other axes",
                              "Reshape view unflatten Unflatten",
                              "reshape: [2, 3, 2]",
                              "12",
                              make<Reshape>};

}  // namespace bpnet::layer_entries
