#include "tasks/task.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bpnet {

namespace {
[[noreturn]] void refuse(const char* what, const char* way_out) {
  throw Error(Fault::command_line, what, {way_out});
}
}  // namespace

std::vector<std::vector<std::int64_t>> Learner::in_batches(std::span<const std::int64_t> which,
                                                           std::size_t most) {
  std::vector<std::vector<std::int64_t>> out;
  for (std::size_t at = 0; at < which.size(); at += most) {
    const auto batch = which.subspan(at, std::min(most, which.size() - at));
    out.emplace_back(batch.begin(), batch.end());
  }
  return out;
}

Inferred Learner::infer(const Rows&, std::span<const std::int64_t>) {
  refuse("this model has no answers for rows", "bpnet eval tells how good it is");
}

SeenPictures Learner::pictures(const Rows&, std::span<const std::int64_t>, const Moment*) { return {}; }

const Run& Learner::explain(const Rows&, std::int64_t, std::size_t, std::size_t) {
  refuse("this model has no answers for rows that could be explained", "bpnet eval tells how good it is");
}

std::unique_ptr<TextWriter> Learner::writer() {
  refuse("this model writes no text of its own",
         tells_texts() ? "bpnet predict tells what it makes of texts"
                       : "bpnet generate is for models of the task language_model");
}

std::vector<Told> Learner::judged_texts(const Rows&, std::span<const std::int64_t>) { return {}; }

std::vector<std::string> Learner::tell(const Rows&, std::span<const std::int64_t>) {
  refuse("this model tells no texts", "that is for models of the tasks sequence_to_sequence and tagging");
}

namespace {
std::string form_of(const std::vector<std::string>& names) {
  return names == std::vector<std::string>{"main"} ? "one list of layers"
                                                   : fmt::format("{}", fmt::join(names, " and "));
}
}  // namespace

std::string form_of(std::span<const Stack> stacks) {
  std::vector<std::string> names;
  for (const Stack& stack : stacks) names.push_back(stack.name);
  return form_of(names);
}

std::vector<StackFault> faults_unless(std::span<const char* const> names, std::span<const Stack> stacks,
                                      const std::string& task, const std::string& written) {
  std::vector<StackFault> faults;
  const auto has = [&](const std::string& name) {
    return std::any_of(stacks.begin(), stacks.end(), [&](const Stack& s) { return s.name == name; });
  };
  const auto known = [&](const Stack& stack) {
    return std::find(names.begin(), names.end(), stack.name) != names.end();
  };
  if (!stacks.empty() && std::none_of(stacks.begin(), stacks.end(), known))
    return {{"",
             "task " + task + " wants " + form_of({names.begin(), names.end()}) + "; got " + form_of(stacks),
             written}};
  for (const Stack& stack : stacks)
    if (!known(stack))
      faults.push_back({stack.name, "model has no stack '" + stack.name + "' in task " + task, written});
  for (const std::string name : names)
    if (!stacks.empty() && names.size() > 1 && !has(name))
      faults.push_back({"", "the model has no " + name, written});
  return faults;
}

std::vector<StackFault> Task::stack_faults(std::span<const Stack> stacks, const std::string& name) const {
  static constexpr const char* names[] = {"main"};
  return faults_unless(names, stacks, name, "write a list of layers");
}

}  // namespace bpnet
