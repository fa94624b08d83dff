#include "metrics/averaged.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {
struct F1 final : AveragedMetric {
  F1() : AveragedMetric(&ClassCount::f1) {}
};
}  // namespace

extern const Entry f1 = {"f1",
                         "harmonic mean of precision and recall",
                         "f1_score F1Score f_measure f_score fscore FBetaScore fbeta_score jaccard_score",
                         "f1: macro",
                         "classes:3",
                         make<F1>};

}  // namespace bpnet::metric_entries
