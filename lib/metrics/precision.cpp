#include "metrics/averaged.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {
struct Precision final : AveragedMetric {
  Precision() : AveragedMetric(&ClassCount::precision) {}
};
}  // namespace

extern const Entry precision = {"precision",
                                "share of the rows taken for a class that are of it",
                                "precision_score Precision positive_predictive_value ppv",
                                "precision: macro",
                                "classes:3",
                                make<Precision>};

}  // namespace bpnet::metric_entries
