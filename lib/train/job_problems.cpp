#include "train/job_problems.hpp"

#include <algorithm>
#include <utility>

#include "data/dataset.hpp"
#include "data/table_file.hpp"
#include "tasks/task.hpp"

namespace bpnet {

namespace {

std::pair<int, int> position(const Place& place) { return {place.line, place.column}; }

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
  const DataSettings& data = settings.data;
  if (bound.refused.count("data") || !settings.task || data.target.empty()) return;
  if (data.file.empty() == data.train.empty()) return;
  const FileList& files = data.file.empty() ? data.train : data.file;
  for (const FileItem& item : files)
    for (const auto& [column, path] : item.files)
      if (named_json_lines(path)) return;  // whose names of columns are known when all is read
  const ChoiceMap no_loss;                 // nor a model or metrics: they may be what is wrong
  try {
    DataRequest request = settings.task.as<Task>()->request({{}, no_loss, {}, {}, {}, {}});
    request.groups.clear();
    check_columns(data, request);
  } catch (const Error& error) {
    if (error.fault() != Fault::configuration) return;
    std::vector<Problem> more = with_places(error, bound);
    std::move(more.begin(), more.end(), std::back_inserter(problems));
  }
}

}  // namespace bpnet
