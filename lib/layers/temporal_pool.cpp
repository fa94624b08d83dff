#include "layers/sequence.hpp"
#include "math/pool_steps.hpp"

namespace bpnet::layer_entries {

namespace {

enum class By : std::uint8_t { mean, max, first, last, attention };

math::StepsEnd end_of(By by) { return by == By::first ? math::StepsEnd::first : math::StepsEnd::last; }

class TemporalPoolPass final : public Pass {
 public:
  TemporalPoolPass(math::StepsShape shape, By by) : s_(shape), by_(by) {
    const auto samples = static_cast<std::size_t>(shape.samples);
    if (by != By::attention) return;
    saved_bytes = samples * static_cast<std::size_t>(shape.steps) * sizeof(Real);
    scratch_bytes = samples * static_cast<std::size_t>(shape.width) * sizeof(Real);
  }
  void forward(const Lent& lent) override {
    const Real* in = lent.in[0].reals();
    const std::span<const int> lengths = lent.in[0].lengths;
    Real* out = lent.out[0].reals();
    switch (by_) {
      case By::mean:
        return math::mean_of_steps(s_, in, lengths, out);
      case By::max:
        return math::greatest_of_steps(s_, in, lengths, out);
      case By::first:
      case By::last:
        return math::end_of_steps(s_, end_of(by_), in, lengths, out);
      case By::attention:
        return math::attend_steps(s_, in, lent.parameters[0], lengths, out,
                                  reinterpret_cast<Real*>(lent.saved));
    }
  }
  void backward(const Lent& lent) override {
    const Real *in = lent.in[0].reals(), *dout = lent.dout[0].reals();
    const std::span<const int> lengths = lent.in[0].lengths;
    Real* din = lent.din[0] ? lent.din[0].reals() : nullptr;
    if (by_ == By::attention)
      return math::attend_steps_backward(s_, in, lent.parameters[0], dout, lengths,
                                         reinterpret_cast<const Real*>(lent.saved), din, lent.gradients[0],
                                         reinterpret_cast<Real*>(lent.scratch));
    if (!din) return;
    if (by_ == By::mean)
      math::mean_of_steps_backward(s_, dout, lengths, din);
    else if (by_ == By::max)
      math::greatest_of_steps_backward(s_, in, lent.out[0].reals(), dout, lengths, din);
    else
      math::end_of_steps_backward(s_, end_of(by_), dout, lengths, din);
  }

 private:
  math::StepsShape s_;
  By by_;
};

struct TemporalPool final : Layer {
  By by = By::mean;

  void visit(Visitor& v) override {
    static constexpr const char* words[] = {"mean", "max", "first", "last", "attention"};
    v("by", by, words,
      "of all steps the mean, the greatest numbers, the first step (a class token) or the last, or a mean "
      "whose weights are learnt");
  }
  Plan plan(std::span<const Port> in) const override {
    require_sequence(in[0]);
    Plan plan;
    plan.out = {in[0]};
    plan.out[0].features.reset();
    plan.out[0].time = 0;
    plan.sets_steps = true;
    plan.backward_reads_in = by == By::max || by == By::attention;
    plan.backward_reads_out = by == By::max;
    const int width = in[0].width();
    if (by == By::attention)
      plan.parameters.push_back(
          {"weight", {width, 1}, initialiser_named("zeros"), Role::matrix, width, 1, FileOrder::transposed});
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    return std::make_unique<TemporalPoolPass>(math::StepsShape{batch.samples, batch.steps, in[0].width()},
                                              by);
  }
};

}  // namespace

extern const Entry temporal_pool = {
    "temporal_pool",
    "makes one row of the steps of a sequence",
    "GlobalAveragePooling1D GlobalMaxPooling1D mean_pool pooling sequence_pool",
    "temporal_pool: attention",
    "4@5",
    make<TemporalPool>};

}  // namespace bpnet::layer_entries
