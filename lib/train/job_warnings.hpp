#pragma once
// What a job's settings do not do, though they look as if they did, or do unasked.

#include "train/job.hpp"

namespace bpnet {

/// Adds to the job's warnings: layers and settings without effect, files that are named twice, a warm-up that
/// does not end, a text of few windows, and scores that go by training rows.
void add_warnings(Job& job);

}  // namespace bpnet
