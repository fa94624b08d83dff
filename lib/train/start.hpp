#pragma once
// train.start_from: the tensors of another run that a training begins with.

#include <string>
#include <vector>

#include "train/job.hpp"

namespace bpnet {

/// Takes what train.start_from has of this model; nothing where it says none. Throws Error with its place,
/// also if nothing fits.
TakenTensors take_start(const Job& job, Trainer& trainer);
/// "start_from: 4 of 6 tensors taken", and which were not, a line each; nothing where none was taken.
std::vector<std::string> lines_of(const TakenTensors& taken);
/// That the greater part is missing, or something that stays as it is (freeze).
std::vector<Problem> warnings_of(const Job& job, const TakenTensors& taken);

}  // namespace bpnet
