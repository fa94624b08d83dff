#include "metrics/calibration.hpp"
#include "metrics/tally.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

namespace {

struct ExpectedCalibrationError final : ClassMetric {
  std::int64_t bins = 10;

  void visit(Visitor& v) override {
    v("bins", bins, between(1, 1000), "parts of equal width of the probabilities from 0 to 1");
  }
  bool higher_is_better() const override { return false; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(Calibration(bins)); }
};

}  // namespace

extern const Entry expected_calibration_error = {
    "expected_calibration_error",
    "mean distance between how probable the named class was said to be and how often it was right",
    "ece ECE calibration_error CalibrationError",
    "expected_calibration_error",
    "classes:3",
    make<ExpectedCalibrationError>};

}  // namespace bpnet::metric_entries
