#include "metrics/surprise.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

/// Jelinek, Mercer, Bahl, Baker 1977.
struct PerplexitySums : Surprises<true> {
  double value() const { return std::exp(Surprises::value()); }
};

struct Perplexity final : ClassMetric {
  bool higher_is_better() const override { return false; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(PerplexitySums{}); }
};

}  // namespace

extern const Entry perplexity = {
    "perplexity",     "exp of the mean surprise, the cross-entropy: among how many classes it wavers",
    "ppl Perplexity", "perplexity",
    "classes:3",      make<Perplexity>};

}  // namespace bpnet::metric_entries
