#include "command.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "math/threads.hpp"

namespace bpnet::app {

// clang-format off
#define COMMANDS(X) \
  X(train)          \
  X(eval)           \
  X(predict)        \
  X(generate)       \
  X(explain)        \
  X(check)          \
  X(time)           \
  X(list)           \
  X(schema)         \
  X(version)
// clang-format on

namespace command_entries {
#define BPNET_DECLARE(name) extern const Command name;
#define BPNET_POINT(name) &name,
COMMANDS(BPNET_DECLARE)
static const Command* const all[] = {COMMANDS(BPNET_POINT)};
}  // namespace command_entries

std::span<const Command* const> commands() { return command_entries::all; }

void require_png(const std::string& out, const char* what_goes) {
  const std::filesystem::path path = out;
  if (path.extension() == ".png") return;
  throw Error(Fault::command_line, fmt::format("--out: {} into a PNG file, but got '{}'", what_goes, out),
              {"write --out " + std::filesystem::path(path).replace_extension(".png").string()});
}

Status status_of(Fault fault) {
  switch (fault) {
    case Fault::command_line:
      return usage;
    case Fault::data:
      return data_error;
    case Fault::missing_input:
      return no_input;
    case Fault::output_exists:
      return cannot_create;
    case Fault::cannot_write:
      return io_error;
    case Fault::busy:
      return busy;
    case Fault::diverged:
      return diverged;
    case Fault::configuration:
      return bad_config;
  }
  return software;
}

namespace {
/// Else each thread reserves 64 MB of addresses for a heap of its own, which a limit (ulimit -v) counts.
void share_heap_if_limited() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) mallopt(M_ARENA_MAX, 1);
}
}  // namespace

void use_threads(int asked) {
  share_heap_if_limited();
  int count = asked;
  if (count == 0)
    if (const char* word = std::getenv("OMP_NUM_THREADS")) count = std::clamp(std::atoi(word), 0, 1024);
  math::set_threads(count > 0 ? count : math::usable_cpus());
}

bool colours(int descriptor) { return isatty(descriptor) && !std::getenv("NO_COLOR"); }

namespace {
// "error:" in red and bold, "warning:" in magenta, as compilers do.
std::string painted(const Problem& problem) {
  std::string text = render(problem);
  if (!colours(STDERR_FILENO)) return text;
  const bool error = problem.severity == Severity::error;
  const std::string word = error ? "error:" : "warning:";
  const std::size_t at = text.find(word);
  if (at != std::string::npos)
    text.replace(at, word.size(), (error ? "\033[1;31m" : "\033[1;35m") + word + "\033[0m");
  return text;
}
}  // namespace

void print_warning(const Problem& warning) {
  std::fflush(stdout);
  std::fputs(painted(warning).c_str(), stderr);
}

int report(const Error& error, const char* closing) {
  std::fflush(stdout);
  std::size_t errors = 0;
  for (const Problem& p : error.problems()) {
    std::fputs(painted(p).c_str(), stderr);
    errors += p.severity == Severity::error;
  }
  if (closing) std::fprintf(stderr, "%zu error%s, %s\n", errors, errors == 1 ? "" : "s", closing);
  return status_of(error.fault());
}

}  // namespace bpnet::app
