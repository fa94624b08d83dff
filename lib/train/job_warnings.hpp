#pragma once
// What a job's settings do not do, though they look as if they did.

#include "train/job.hpp"

namespace bpnet {

/// Adds to the job's warnings: layers and settings without effect, and scores that go by training rows.
void add_warnings(Job& job);

}  // namespace bpnet
