#include "spec/table.hpp"
#include "schedules/schedule.hpp"

#define SCHEDULES(X) \
  X(constant)        \
  X(step)            \
  X(multi_step)      \
  X(exponential)     \
  X(polynomial)      \
  X(inverse_sqrt)    \
  X(cosine)          \
  X(cosine_restarts) \
  X(one_cycle)       \
  X(plateau)

namespace bpnet {
BPNET_TABLE(schedules, "schedule", "schedules", schedule_entries, SCHEDULES)
}
