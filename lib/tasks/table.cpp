#include "spec/table.hpp"
#include "tasks/task.hpp"

#define TASKS(X)    \
  X(supervised)     \
  X(tagging)        \
  X(language_model) \
  X(sequence_to_sequence)

namespace bpnet {
BPNET_TABLE(tasks, "task", "tasks", task_entries, TASKS)
}
