#include "data/files.hpp"

#include <algorithm>

#include "data/words.hpp"

namespace bpnet {

namespace {

void check_files(const DataSettings& settings) {
  std::vector<Problem> problems;
  const auto add = [&](std::string message, std::vector<std::string> help = {}) {
    problems.push_back({{}, std::move(message), std::move(help)});
  };
  const bool file = !settings.file.empty(), train = !settings.train.empty();
  if (!file && !train) add("data.file is needed: the CSV file to learn from");
  if (file && train)
    add("data.file and data.train cannot both be given", {"use train, validation, test for separate files"});
  if (file && !train)
    for (const auto& [key, paths] : {std::pair{"validation", &settings.validation}, {"test", &settings.test}})
      if (!paths->empty())
        add(std::string("data.") + key + " goes with data.train; data.file is cut by data.split",
            {"write train instead of file"});
  if (train && !settings.split.column.empty())
    add("data.split.column goes with data.file; with data.train each part has its own file");
  if (train && !settings.validation.empty())
    for (const auto& [key, column] :
         {std::pair{"group", &settings.split.group}, {"order", &settings.split.order}})
      if (!column->empty())
        add(std::string("data.split.") + key + " cuts rows, but each part has its own file",
            {"leave it out"});
  if (!problems.empty()) throw Error(Fault::configuration, std::move(problems));
}

}  // namespace

std::deque<DataFile> open_files(const DataSettings& settings, const std::filesystem::path& base) {
  check_files(settings);
  std::deque<DataFile> files;
  const std::vector<std::string>* lists[] = {&settings.file, &settings.train, &settings.validation,
                                             &settings.test};
  constexpr Part parts[] = {Part::training, Part::training, Part::validation, Part::test};
  std::vector<Problem> problems;
  Fault fault = Fault::missing_input;
  for (std::size_t i = 0; i < std::size(lists); ++i)
    for (const std::string& path : *lists[i]) try {
        files.push_back({TableFile(base / path, path, settings.csv), parts[i]});
      } catch (const Error& error) {
        if (problems.empty()) fault = error.fault();
        problems.insert(problems.end(), error.problems().begin(), error.problems().end());
      }
  if (!problems.empty()) throw Error(fault, std::move(problems));
  return files;
}

std::vector<Source> match_columns(const std::deque<DataFile>& files, const Roles& roles,
                                  std::vector<Problem>& warnings) {
  std::vector<Source> sources;
  std::vector<Problem> problems;
  const TableFile& first = files[0].file;
  for (const DataFile& data : files) {
    const TableFile& file = data.file;
    Source source{&file, {}};
    std::vector<char> found(roles.names.size(), 0);
    std::vector<std::string> extra;
    for (const std::string& name : file.dialect().names) {
      const auto at = std::find(roles.names.begin(), roles.names.end(), name);
      const bool known = at != roles.names.end();
      source.columns.push_back(known ? static_cast<int>(at - roles.names.begin()) : -1);
      if (known)
        found[static_cast<std::size_t>(at - roles.names.begin())] = 1;
      else
        extra.push_back(name);
    }
    for (std::size_t c = 0; c < found.size(); ++c) {
      if (found[c] || !roles.is_read(c)) continue;
      Problem problem;
      problem.place.file = file.shown();
      problem.message =
          "there is no column " + in_quotes(roles.names[c]) + ", which " + first.shown() + " has";
      if (!file.dialect().header && first.dialect().header)
        problem.help = {"its first row has a number in it, so it was read as data, not as names"};
      problems.push_back(std::move(problem));
    }
    if (!extra.empty())
      warnings.push_back({{file.shown(), 0, 0, 0, ""},
                          count_of(static_cast<std::int64_t>(extra.size()), "column") + " that " +
                              first.shown() + " does not have, such as " + in_quotes(extra[0]) +
                              ", will not be read",
                          {},
                          Severity::warning});
    sources.push_back(std::move(source));
  }
  if (!problems.empty()) throw Error(Fault::data, std::move(problems));
  return sources;
}

}  // namespace bpnet
