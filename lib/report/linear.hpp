#pragma once
// The yardstick beside a network: a linear model of the same inputs.

#include <memory>
#include <string>

#include "data/dataset.hpp"
#include "tasks/task.hpp"
#include "train/settings.hpp"

namespace bpnet {

struct LinearModel {
  std::unique_ptr<Learner> learner;
  std::string why_none;   // why there is no learner
  std::int64_t rows = 0;  // training rows it was fitted on
};

/// The task's own model without a hidden layer, `- output` alone on the encoded inputs, with the run's loss:
/// logistic regression for cross-entropy, ridge regression for mse. The mean loss plus |weights|^2 / (2
/// rows), scikit-learn's LogisticRegression with C = 1, is brought down by `lbfgs` on all rows at once. Of
/// large data as many training rows are taken, evenly spaced, as keep this near a second. Of texts, and
/// sequences, it sees the mean of their steps. Has no learner if the loss is not finite, or if the parameters
/// are too many.
LinearModel fit_linear(const Settings& settings, const Dataset& dataset);

}  // namespace bpnet
