#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>

#include "layers/sequence.hpp"
#include "math/elements.hpp"

namespace bpnet::layer_entries {

namespace {

/// Rows of a table, (positions, width), are added to the steps of each sample times a factor.
class PositionsPass final : public Pass {
 public:
  PositionsPass(Batch batch, int width, bool learnt, double factor)
      : samples_(batch.samples),
        width_(static_cast<std::size_t>(width)),
        sample_(static_cast<std::size_t>(batch.steps) * static_cast<std::size_t>(width)),
        factor_(static_cast<Real>(factor)) {
    if (learnt) return;
    for (int p = 0; p < std::max(batch.steps, batch.positions); ++p)
      for (int i = 0; i < width; ++i) {
        const double angle = p * std::pow(10000.0, -static_cast<double>(i / 2 * 2) / width);
        waves_.push_back(static_cast<Real>(i % 2 == 0 ? std::sin(angle) : std::cos(angle)));
      }
  }
  void forward(const Lent& lent) override {
    const Real* table = waves_.empty() ? lent.parameters[0] : waves_.data();
    table += static_cast<std::size_t>(lent.position) * width_;
    const std::size_t all = static_cast<std::size_t>(samples_) * sample_;
    Real* out = lent.out[0].reals();
    if (out != lent.in[0].reals()) math::copy(lent.in[0].reals(), all, out);
    if (factor_ != 1) math::scale(factor_, all, out);
    for (std::size_t s = 0; s < static_cast<std::size_t>(samples_); ++s, out += sample_)
      math::add(out, table, sample_, out);
  }
  void backward(const Lent& lent) override {
    const Real* dout = lent.dout[0].reals();
    if (waves_.empty() && lent.gradients[0])
      for (std::size_t s = 0; s < static_cast<std::size_t>(samples_); ++s)
        math::add(lent.gradients[0], dout + s * sample_, sample_, lent.gradients[0]);
    if (!lent.din[0]) return;
    const std::size_t all = static_cast<std::size_t>(samples_) * sample_;
    if (lent.din[0].reals() != dout) math::copy(dout, all, lent.din[0].reals());
    if (factor_ != 1) math::scale(factor_, all, lent.din[0].reals());
  }

 private:
  int samples_;
  std::size_t width_, sample_;  // numbers of a step, and of a sample
  Real factor_;
  std::vector<Real> waves_;
};

/// Sinusoidal: Vaswani and others 2017.
struct Positions final : Layer {
  enum class Kind : std::uint8_t { sinusoidal, learned };
  Kind of = Kind::sinusoidal;
  std::int64_t most = 1024;
  std::optional<double> factor;

  void visit(Visitor& v) override {
    static constexpr const char* kinds[] = {"sinusoidal", "learned"};
    v("type", of, kinds, "waves of many lengths, or a learnt vector for each position");
    v("max_positions", most, between(1, 1 << 24), "of learned: the longest sequence");
    v.optional(
        "factor", factor, "auto", above(0),
        "its input is multiplied by this first; auto: behind an embedding, whose vectors are small beside "
        "waves, by the root of their width, else 1");
  }
  int add_to(Builder& builder, int in) const override {
    auto layer = std::make_shared<Positions>(*this);
    const auto& parameters = builder.plan(in).parameters;
    const bool behind_embedding = !parameters.empty() && parameters[0].role == Role::embedding;
    if (!factor)
      layer->factor = of == Kind::sinusoidal && behind_embedding ? std::sqrt(builder.port(in).width()) : 1.0;
    return builder.add("", layer, {in});
  }
  Plan plan(std::span<const Port> in) const override {
    require_sequence(in[0]);
    Plan plan;
    plan.out = {in[0]};
    plan.out[0].features.reset();
    plan.in_place = true;
    plan.counts_steps = true;
    const int width = in[0].width();
    if (of == Kind::learned) plan.most_steps = static_cast<int>(most);
    if (of == Kind::learned && -in[0].time > most)
      throw Misfit{"has learnt vectors for " + std::to_string(most) + " positions, but its input has " +
                       std::to_string(-in[0].time) + " steps",
                   {"raise its max_positions, or leave it out"}};
    const int positions = static_cast<int>(in[0].time < 0 ? std::min<std::int64_t>(most, -in[0].time) : most);
    if (of == Kind::learned)
      plan.parameters.push_back(
          {"weight", {positions, width}, initialiser_named("normal"), Role::embedding, positions, width});
    return plan;
  }
  std::unique_ptr<Pass> prepare(std::span<const Port> in, Batch batch, Mode) const override {
    assert(of != Kind::learned || std::max(batch.steps, batch.positions) <= most);
    return std::make_unique<PositionsPass>(batch, in[0].width(), of == Kind::learned, factor.value_or(1));
  }
};

}  // namespace

extern const Entry positions = {
    "positions",
    "adds to each step of a sequence what tells its position",
    "PositionalEncoding positional position_embedding positional_encoding pos_embed",
    "positions: {type: learned, max_positions: 6}",
    "4@5",
    make<Positions>};

}  // namespace bpnet::layer_entries
