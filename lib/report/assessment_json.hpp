#pragma once
// An assessment as JSON, all of it.

#include <nlohmann/json_fwd.hpp>

#include "report/assessment.hpp"

namespace bpnet {

/// rows, loss, metrics, interval, baselines, and by target: confusion, classes, calibration, residuals,
/// worst.
nlohmann::ordered_json assessment_json(const Assessment& assessment);

}  // namespace bpnet
