#pragma once
// Pictures of pictures: what training sees, and what a model takes for something else.

#include <optional>

#include "report/assessment.hpp"
#include "report/bitmap.hpp"
#include "train/trainer.hpp"

namespace bpnet {

/// Training pictures, evenly spaced, with their targets: a row each with the picture as it is and as it is
/// augmented in several epochs; or, without augmentation, side by side. None if no input is a picture.
std::optional<Bitmap> training_sheet(const Settings& settings, const Dataset& dataset, Learner& learner,
                                     std::int64_t pictures);

/// Counts as shades, of each true class by themselves: rows are true classes, columns what they were taken
/// for.
Bitmap confusion_picture(const TargetKind& target, const Confusion& confusion);

/// The worst rows that were taken for another class, with the true class, the one they were taken for, and
/// its probability. None if there are none, or no input is a picture.
std::optional<Bitmap> mistakes_sheet(Learner& learner, const Rows& rows, const TargetAssessment& target);

/// The filters of the first convolution, if they have 3 x 3 pixels or more and see grey or coloured pictures:
/// 0 is middle grey, the largest weight white or black. None otherwise.
std::optional<Bitmap> filters_sheet(const Weights& weights);

}  // namespace bpnet
