#include "averages/average.hpp"
#include "spec/table.hpp"

namespace bpnet::average_entries {

namespace {
/// Izmailov et al. 2018: the plain mean of the weights at points of the last part of training.
struct Swa final : Average {
  Length from{75, Length::Unit::percent}, every{1, Length::Unit::epochs};

  void visit(Visitor& v) override {
    v("from", from, "when averaging begins: epochs, steps or %; the weights themselves until then");
    v("every", every, "epochs or steps between two weights that are averaged");
  }
  double share(const Progress& at) const override {
    const std::int64_t since = at.step - std::max<std::int64_t>(1, steps_of(from, at));
    const std::int64_t pause = interval_of("every", every, at);
    if (since <= 0) return 1;
    const std::int64_t counted = since / pause + 1;
    return since % pause == 0 ? 1 / static_cast<double>(counted) : 0;
  }
};
}  // namespace

extern const Entry swa = {"swa",
                          "mean of the weights at the ends of the last epochs",
                          "SWA stochastic_weight_averaging",
                          "swa: 75%",
                          "",
                          make<Swa>};

}  // namespace bpnet::average_entries
