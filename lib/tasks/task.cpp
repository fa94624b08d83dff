#include "tasks/task.hpp"

namespace bpnet {

namespace {
[[noreturn]] void refuse(const char* what, const char* way_out) {
  throw Error(Fault::command_line, what, {way_out});
}
}  // namespace

Inferred Learner::infer(const Rows&, std::span<const std::int64_t>) {
  refuse("this model has no answers for rows", "bpnet eval tells how good it is");
}

SeenPictures Learner::pictures(const Rows&, std::span<const std::int64_t>, const Moment*) { return {}; }

const Run& Learner::explain(const Rows&, std::int64_t, std::size_t, std::size_t) {
  refuse("this model has no answers for rows that could be explained", "bpnet eval tells how good it is");
}

std::unique_ptr<TextWriter> Learner::writer() {
  refuse("this model writes no text", "bpnet generate is for models of the task language_model");
}

std::vector<std::string> Learner::tell(const Rows&, std::span<const std::int64_t>) {
  refuse("this model tells no texts", "that is for models of the tasks sequence_to_sequence and tagging");
}

}  // namespace bpnet
