#include "data/files.hpp"

#include <algorithm>
#include <iterator>

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
  if (train && !(settings.split.test == SplitSettings{}.test))
    add("data.split.test goes with data.file; with data.train, test rows come from data.test",
        {"leave it out"});
  if (train && !settings.validation.empty() && !(settings.split.validation == SplitSettings{}.validation))
    add("data.split.validation cuts rows, but data.validation has a file", {"leave it out"});
  if (train && !settings.validation.empty())
    for (const auto& [key, column] :
         {std::pair{"group", &settings.split.group}, {"order", &settings.split.order}})
      if (!column->empty())
        add(std::string("data.split.") + key + " cuts rows, but each part has its own file",
            {"leave it out"});
  if (!problems.empty()) throw Error(Fault::configuration, std::move(problems));
}

/// JSON Lines have none of what these settings speak of.
void check_csv_is_read(const CsvSettings& csv, const std::deque<DataFile>& files) {
  for (const DataFile& file : files)
    for (const TableFile* one : file.all())
      if (one->csv()) return;
  const CsvSettings plain;
  const bool json =
      std::any_of(files.begin(), files.end(), [](const DataFile& f) { return f.file.json_lines(); });
  std::vector<Problem> problems;
  for (const auto& [key, given] : {std::pair{"delimiter", csv.delimiter != plain.delimiter},
                                   {"header", csv.header != plain.header},
                                   {"decimal", csv.decimal != plain.decimal},
                                   {"thousands", csv.thousands != plain.thousands},
                                   {"missing", !json && csv.missing != plain.missing},
                                   {"comment", csv.comment != plain.comment},
                                   {"skip_rows", csv.skip_rows != plain.skip_rows}})
    if (given)
      problems.push_back({{},
                          std::string("data.csv.") + key + " is of CSV, but " + files.front().file.shown() +
                              (files.size() == 1 ? " is" : " and the others are") +
                              (files.front().file.json_lines() ? " JSON Lines" : " none"),
                          {"leave it out"}});
  if (!problems.empty()) throw Error(Fault::configuration, std::move(problems));
}

}  // namespace

TableFile open_column(const std::filesystem::path& path, const std::string& shown, CsvSettings csv,
                      const std::string& column) {
  TableFile file(path, shown, csv, !column.empty() && named_text(path));
  if (column.empty() || file.dialect().names.size() != 1) return file;
  if (csv.header == CsvSettings::Header::automatic && file.header_is_a_cell()) {
    csv.header = CsvSettings::Header::no;
    file = TableFile(path, shown, csv);
  }
  file.name_column(0, column);
  return file;
}

std::deque<DataFile> open_files(const DataSettings& settings, const std::filesystem::path& base) {
  check_files(settings);
  std::deque<DataFile> files;
  const FileList* lists[] = {&settings.file, &settings.train, &settings.validation, &settings.test};
  constexpr Part parts[] = {Part::training, Part::training, Part::validation, Part::test};
  std::vector<Problem> problems;
  Fault fault = Fault::missing_input;
  for (std::size_t i = 0; i < std::size(lists); ++i)
    for (const FileItem& item : *lists[i]) {
      std::vector<TableFile> opened;
      for (const auto& [column, path] : item.files) try {
          opened.push_back(open_column(base / path, path, settings.csv, column));
        } catch (const Error& error) {
          if (problems.empty()) fault = error.fault();
          problems.insert(problems.end(), error.problems().begin(), error.problems().end());
        }
      if (opened.size() < item.files.size()) continue;
      files.push_back({std::move(opened[0]), parts[i], {}});
      std::move(opened.begin() + 1, opened.end(), std::back_inserter(files.back().beside));
    }
  if (!problems.empty()) throw Error(fault, std::move(problems));
  check_csv_is_read(settings.csv, files);
  return files;
}

std::vector<const TableFile*> DataFile::all() const {
  std::vector<const TableFile*> out = {&file};
  for (const TableFile& other : beside) out.push_back(&other);
  return out;
}

std::vector<std::string> DataFile::names() const {
  std::vector<std::string> out;
  for (const TableFile* one : all())
    out.insert(out.end(), one->dialect().names.begin(), one->dialect().names.end());
  return out;
}

namespace {

/// Matches the columns of one DataFile with those of the data set.
class Match {
 public:
  Match(const Roles& roles, const DataFile& first, std::vector<Problem>& problems)
      : roles_(roles), first_(first), problems_(problems) {}

  Source source(const DataFile& data, std::vector<Problem>& warnings) {
    found_.assign(roles_.names.size(), nullptr);
    Source out = columns_of(data.file);
    for (const TableFile& file : data.beside) out.beside.push_back(columns_of(file));
    for (std::size_t c = 0; c < found_.size(); ++c)
      if (found_[c] == nullptr && roles_.is_read(c) && c < roles_.in_file) missing(data, roles_.names[c]);
    if (!extra_.empty())
      warnings.push_back({{data.file.shown(), 0, 0, 0, ""},
                          count_of(static_cast<std::int64_t>(extra_.size()), "column") + " that " +
                              first_.file.shown() + " does not have, such as " + in_quotes(extra_[0]) +
                              ", will not be read",
                          {},
                          Severity::warning});
    extra_.clear();
    return out;
  }

 private:
  Source columns_of(const TableFile& file) {
    Source out{&file, {}, {}};
    for (const std::string& name : file.dialect().names) {
      const auto at = std::find(roles_.names.begin(), roles_.names.end(), name);
      const auto c = static_cast<std::size_t>(at - roles_.names.begin());
      const bool known = at != roles_.names.end();
      if (!known)
        extra_.push_back(name);
      else if (found_[c] != nullptr)
        twice(file, *found_[c], name);
      else
        found_[c] = &file;
      out.columns.push_back(known ? static_cast<int>(c) : -1);
    }
    return out;
  }

  void twice(const TableFile& file, const TableFile& other, const std::string& name) {
    Problem problem;
    problem.place.file = file.shown();
    problem.message = "column " + in_quotes(name) + " is also in " + other.shown() + ", which is beside it";
    problem.help = {file.dialect().header ? "rename one of them" : "give the files a header"};
    problems_.push_back(std::move(problem));
  }

  void missing(const DataFile& data, const std::string& name) {
    Problem problem;
    problem.place.file = data.file.shown();
    problem.message = "there is no column " + in_quotes(name) + ", which " + first_.file.shown() + " has";
    if (!data.file.dialect().header && first_.file.dialect().header)
      problem.help = {"its first row has a number in it, so it was read as data, not as names"};
    problems_.push_back(std::move(problem));
  }

  const Roles& roles_;
  const DataFile& first_;
  std::vector<Problem>& problems_;
  std::vector<const TableFile*> found_;  // by column of the data set
  std::vector<std::string> extra_;
};

}  // namespace

std::vector<Source> match_columns(const std::deque<DataFile>& files, const Roles& roles,
                                  std::vector<Problem>& warnings) {
  std::vector<Source> sources;
  sources.reserve(files.size());
  std::vector<Problem> problems;
  Match match(roles, files[0], problems);
  for (const DataFile& data : files) sources.push_back(match.source(data, warnings));
  if (!problems.empty()) throw Error(Fault::data, std::move(problems));
  return sources;
}

}  // namespace bpnet
