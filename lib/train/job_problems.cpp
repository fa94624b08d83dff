#include "train/job_problems.hpp"

#include <algorithm>
#include <utility>

#include "data/dataset.hpp"
#include "tasks/task.hpp"

namespace bpnet {

namespace {

std::pair<int, int> position(const Place& place) { return {place.line, place.column}; }

/// Whether one of them may be in this section of the file, whose keys are those up to the next section's.
bool touch(const std::vector<Problem>& problems, const Bound& bound, const std::string& section) {
  const auto at = bound.places.find(section);
  if (at == bound.places.end()) return true;
  const auto begin = position(at->second);
  auto end = std::pair(1 << 30, 0);
  for (const auto& [key, place] : bound.places)
    if (!key.empty() && key.find('.') == std::string::npos && position(place) > begin)
      end = std::min(end, position(place));
  return std::any_of(problems.begin(), problems.end(), [&](const Problem& p) {
    return p.place.line == 0 || p.place.file != at->second.file ||
           (position(p.place) >= begin && position(p.place) < end);
  });
}

}  // namespace

void sort_by_place(std::vector<Problem>& problems) {
  const auto of_first_file = [&](const Problem& p) { return p.place.file == problems[0].place.file; };
  if (std::all_of(problems.begin(), problems.end(), of_first_file))
    std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
      return position(a.place) < position(b.place);
    });
}

Problem problem_at(const Bound& bound, const std::string& key, std::string message,
                   std::vector<std::string> help) {
  Problem p;
  p.place = bound.place_of(key);
  p.message = std::move(message);
  p.help = std::move(help);
  return p;
}

std::vector<Problem> with_places(const Error& error, const Bound& bound) {
  std::vector<Problem> problems = error.problems();
  for (Problem& p : problems) {
    if (!p.place.file.empty()) continue;
    const std::string key = p.message.substr(0, p.message.find_first_of(": "));
    if (key.find('.') != std::string::npos) p.place = bound.place_of(key);
  }
  sort_by_place(problems);
  return problems;
}

void add_problems_of_columns(const Settings& settings, const Bound& bound, std::vector<Problem>& problems) {
  if (settings.data.target.empty() || !settings.task || touch(problems, bound, "data")) return;
  const ChoiceMap no_loss;  // nor a model or metrics: they may be what is wrong
  try {
    DataRequest request = settings.task.as<Task>()->request({{}, no_loss, {}, {}, {}, {}});
    request.groups.clear();
    check_columns(settings.data, request);
  } catch (const Error& error) {
    if (error.fault() != Fault::configuration) return;
    std::vector<Problem> more = with_places(error, bound);
    std::move(more.begin(), more.end(), std::back_inserter(problems));
  }
}

}  // namespace bpnet
