#include "metrics/averaged.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {
struct Recall final : AveragedMetric {
  Recall() : AveragedMetric(&ClassCount::recall) {}
};
}  // namespace

extern const Entry recall = {"recall",
                             "share of the rows of a class that were found",
                             "recall_score Recall sensitivity true_positive_rate tpr",
                             "recall: macro",
                             "classes:3",
                             make<Recall>};

}  // namespace bpnet::metric_entries
