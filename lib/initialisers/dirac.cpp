#include <algorithm>

#include "initialisers/initialiser.hpp"
#include "spec/table.hpp"

namespace bpnet::initialiser_entries {

namespace {

/// Output channel k begins as a copy of input channel k (Zagoruyko and Komodakis 2017); channels beyond the
/// inputs begin at random. Weights are (groups, height, width, in, out), or (in, out).
struct Dirac final : Initialiser {
  Choice others = choose(initialisers, "he_uniform");

  void visit(Visitor& v) override {
    v("others", others, initialisers, "of output channels that have no input channel to copy");
  }
  void fill(std::span<Real> values, const Shape& shape, int fan_in, int fan_out, Draw draw) const override {
    if (values.empty()) return;
    const int axes = shape.axes(), in = axes < 2 ? 1 : shape[-2], out = shape[-1];
    const int rows = axes < 4 ? 1 : shape[-4], columns = axes < 3 ? 1 : shape[-3];
    const std::size_t kernel = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns) *
                               static_cast<std::size_t>(in) * static_cast<std::size_t>(out);
    if (out > in) others.as<Initialiser>()->fill(values, shape, fan_in, fan_out, draw);
    const int copied = std::min(in, out);
    for (std::size_t group = 0; group < values.size(); group += kernel)
      for (int e = 0; e < rows * columns; ++e)
        for (int i = 0; i < in; ++i)
          for (int o = 0; o < copied; ++o)
            values[group + static_cast<std::size_t>((e * in + i) * out + o)] =
                e == rows / 2 * columns + columns / 2 && i == o ? Real{1} : Real{0};
  }
};

}  // namespace

extern const Entry dirac = {"dirac",
                            "passes each input channel on as it is: the identity, for convolutions",
                            "dirac_ identity Identity eye",
                            "dirac",
                            "",
                            make<Dirac>};

}  // namespace bpnet::initialiser_entries
