#include "spec/table.hpp"
#include "schedules/schedule.hpp"

#define SCHEDULES(X) \
  X(constant)        \
  X(step)            \
  X(exponential)     \
  X(cosine)          \
  X(one_cycle)       \
  X(plateau)

namespace bpnet {
BPNET_TABLE(schedules, "schedule", "schedules", schedule_entries, SCHEDULES)
}
