#include "spec/table.hpp"
#include "tasks/task.hpp"

#define TASKS(X) X(supervised)

namespace bpnet {
BPNET_TABLE(tasks, "task", "tasks", task_entries, TASKS)
}
