// Files that are scored or answered, whole, as the training files were read.

#include <algorithm>
#include <cmath>
#include <utility>

#include "data/files.hpp"
#include "data/other_rows.hpp"
#include "data/row_marks.hpp"
#include "data/series_rows.hpp"
#include "data/table_file.hpp"
#include "data/text_rows.hpp"
#include "data/unread_texts.hpp"
#include "data/words.hpp"

namespace bpnet {

namespace {

/// One file, or several side by side, with the columns of all.
class OpenedFiles {
 public:
  OpenedFiles(const TableEncoding& encoding, const FileItem& item) {
    for (const auto& [column, path] : item.files) {
      const std::string shown = path == "-" ? "standard input" : path;
      if (!column.empty()) {
        files_.push_back(open_column(path, shown, encoding.csv, column));
        continue;
      }
      TableFile& file =
          files_.emplace_back(path, shown, encoding.csv, encoding.lines && (path == "-" || named_text(path)));
      name_like(encoding, file);
      if (file.json_lines())
        for (const std::string& name : absent_features(encoding, file.dialect())) file.add_column(name);
    }
    dialect = first().dialect();
    for (std::size_t f = 1; f < files_.size(); ++f) {
      for (const std::string& name : files_[f].dialect().names) {
        if (std::find(dialect.names.begin(), dialect.names.end(), name) != dialect.names.end())
          throw Error(Fault::data, {files_[f].shown(), 0, 0, 0, ""},
                      "column " + in_quotes(name) + " is also in a file which is beside it");
        dialect.names.push_back(name);
      }
    }
  }
  const TableFile& first() const { return files_.front(); }

  /// `columns`: of the plan, by column of all files.
  Source source(const std::vector<int>& columns) const {
    Source out;
    auto at = columns.begin();
    for (const TableFile& file : files_) {
      const auto end = at + static_cast<std::ptrdiff_t>(file.dialect().names.size());
      Source one{&file, {at, end}};
      at = end;
      if (out.file)
        out.beside.push_back(std::move(one));
      else
        out = std::move(one);
    }
    return out;
  }

  Dialect dialect;  // of the first, with the names of all columns

 private:
  std::vector<TableFile> files_;
};

/// By row: whether it has one of the targets.
std::vector<char> told_rows(const TableEncoding& encoding, const Slots& slots, const RawTable& raw) {
  std::vector<char> out(static_cast<std::size_t>(raw.rows));
  const auto labels = [&](int slot) -> const std::vector<std::int32_t>& {
    return raw.labels[static_cast<std::size_t>(slot)].codes;
  };
  for (std::size_t t = 0; t < slots.targets.size(); ++t) {
    if (slots.targets[t] < 0) continue;
    if (encoding.target_columns[t].classes)
      mark_there(labels(slots.targets[t]), out);
    else
      mark_there(raw.exacts[static_cast<std::size_t>(slots.targets[t])], out);
  }
  for (const GroupColumns& group : encoding.groups)
    if (group.told)
      for (const std::size_t feature : group.features)
        if (slots.features[feature] >= 0) mark_there(labels(slots.features[feature]), out);
  return out;
}

/// How the file writes the times of series; "" if they are no dates.
std::string time_format(const SeriesCode& series, const OtherPlan& plan, const RawTable& raw) {
  const auto& columns = plan.plan.columns;
  const auto time = std::find_if(columns.begin(), columns.end(), [&](const ReadColumn& column) {
    return column.kind == ReadColumn::Kind::date && column.key == plan.times;
  });
  if (time == columns.end()) return "";
  const SeenDates& seen = raw.findings.front()[static_cast<std::size_t>(time - columns.begin())].dates;
  return written_format(seen.shortest, seen.longest, series.form.format());
}

/// Rows that are scored, and how many are not and why.
struct Usable {
  std::vector<std::int64_t> which;
  std::int64_t dropped = 0, untold = 0;
};

/// `unread`: by row, whether its picture is missing; empty: none. `told`: whether it has a target; empty:
/// all.
Usable usable_rows(const TableEncoding& encoding, const Slots& slots, const RawTable& raw,
                   const std::vector<char>& unread, const std::vector<UnreadPictures>& skipped,
                   const std::vector<char>& told) {
  const std::vector<char> dropped = dropped_rows(encoding, slots, raw);
  Usable out;
  for (std::int64_t r = 0; r < raw.rows; ++r) {
    const auto at = static_cast<std::size_t>(r);
    if (!unread.empty() && unread[at]) continue;
    const bool misses = !dropped.empty() && dropped[at];
    const bool untold = !told.empty() && !told[at];
    out.untold += untold;
    out.dropped += misses && !untold;
    if (!misses && !untold) out.which.push_back(r);
  }
  if (out.which.empty() && std::count(unread.begin(), unread.end(), 1) == raw.rows)
    throw Error(Fault::data, skipped.front().warning("no row is left").message,
                {"a path in a cell begins at the folder of its file"});
  if (out.which.empty())
    throw Error(Fault::data, out.untold == raw.rows
                                 ? "no row has a target: nothing can be scored"
                                 : "each row misses a cell that it may not miss (missing: drop), a picture "
                                   "or its target: none is left");
  return out;
}

}  // namespace

OtherRows load_rows(std::shared_ptr<const Encoding> encoding, const FileItem& item, bool targets_wanted) {
  if (auto text = std::dynamic_pointer_cast<const TextWindows>(encoding)) return load_other_text(text, item);
  auto table = std::dynamic_pointer_cast<const TableEncoding>(encoding);
  OpenedFiles files(*table, item);
  const TableFile& rows = files.first();
  const bool reads_targets = targets_wanted || (table->windows && table->windows->horizon > 0);
  OtherPlan plan = plan_other(*table, files.dialect, reads_targets, rows.shown());
  const Source source = files.source(plan.columns);
  const auto read = [&](const ReadPlan& by) { return read_table({source}, by, table->csv.missing); };
  RawTable raw = read(plan.plan);
  if (raw.rows == 0) {
    Problem problem;
    problem.place.file = rows.shown();
    problem.message = "the file has no rows";
    throw Error(Fault::data, {std::move(problem)});
  }
  check_other(*table, plan, raw);
  OtherRows out;
  const auto origin_of = [&](std::size_t column) {
    const TableFile& file = source.file_of(column);
    return PictureOrigin{0, file.folder(), file.idx()};
  };
  std::vector<UnreadPictures> skipped;
  const auto unread = add_pictures(*table, plan, raw, origin_of, read, skipped, 0);
  for (const UnreadPictures& pictures : skipped) out.warnings.push_back(pictures.warning(rows_left_out));
  const bool needs_targets = targets_wanted && !table->windows;  // a step of a series stays in its place
  Usable usable = usable_rows(*table, plan.slots, raw, unread, skipped,
                              needs_targets ? told_rows(*table, plan.slots, raw) : std::vector<char>());
  out.which = std::move(usable.which);
  UnseenLabels unseen;
  unseen.add(*table, plan, raw, targets_wanted);
  for (Problem& problem : unseen.warnings(*table)) out.warnings.push_back(std::move(problem));
  const auto warn = [&](std::string message) {
    out.warnings.push_back({{rows.shown(), 0, 0, 0, ""}, std::move(message), {}, Severity::warning});
  };
  const auto tell = [&](std::int64_t n, const char* why) {
    if (n > 0) warn(count_of(n, "row") + " " + why + " " + (n == 1 ? "is" : "are") + " left out");
  };
  tell(usable.untold, "without a target");
  tell(usable.dropped, "with a missing cell (missing: drop)");
  if (targets_wanted && !table->weight.empty() && plan.slots.weight < 0)
    warn("there is no column '" + table->weight + "', the weight: each row counts 1");
  if (table->windows) {
    const LabelColumn* const by =
        plan.series < 0 ? nullptr : &raw.labels[static_cast<std::size_t>(plan.series)];
    out.time_format = time_format(*table->windows, plan, raw);
    auto series = series_of(*table->windows, std::exchange(out.which, {}),
                            raw.exacts[static_cast<std::size_t>(plan.times)], by, raw.lines);
    make_windows(table, std::make_shared<TableRows>(table, std::move(raw), plan.slots), std::move(series),
                 targets_wanted, rows.shown(), out);
  } else {
    const auto kept = std::make_shared<TableRows>(table, std::move(raw), plan.slots);
    out.rows = kept;
    if (targets_wanted) check_tags(*table, *out.rows, out.which, {plan.plan, plan.slots.features, read});
    UnreadTexts texts;
    texts.add(*kept, out.which);
    for (Problem& problem : texts.unknown(*table)) out.warnings.push_back(std::move(problem));
    for (Problem& problem : texts.cut(*table, "row")) out.warnings.push_back(std::move(problem));
  }
  return out;
}

}  // namespace bpnet
