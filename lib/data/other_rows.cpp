#include "data/other_rows.hpp"

#include <algorithm>
#include <filesystem>

#include "data/csv_dialect.hpp"
#include "data/row_marks.hpp"
#include "data/table_file.hpp"
#include "data/words.hpp"
#include "spec/spec.hpp"

namespace bpnet {

namespace {

using Kind = ReadColumn::Kind;
constexpr std::size_t texts_kept = 4;

/// Without a header columns go by position; the targets' may be left out, or those and the weights'.
void name_by_position(const TableEncoding& encoding, Dialect& dialect) {
  if (dialect.header || encoding.positions.empty() || dialect.names.size() == encoding.positions.size())
    return;
  std::vector<std::string> names = encoding.positions;
  std::erase_if(names, [&](const std::string& name) {
    return std::any_of(encoding.target_columns.begin(), encoding.target_columns.end(),
                       [&](const TargetColumn& t) { return t.name == name; });
  });
  if (names.size() != dialect.names.size()) std::erase(names, encoding.weight);
  if (names.size() == dialect.names.size()) dialect.names = std::move(names);
}

std::string in_words(std::size_t n) { return count_of(static_cast<std::int64_t>(n), "column"); }

Problem missing_column(const TableEncoding& encoding, const Dialect& dialect, const std::string& name,
                       bool target, const std::string& shown) {
  Problem problem;
  problem.place.file = shown;
  problem.message =
      std::string("there is no column '") + name + "', " + (target ? "the target" : "which the model reads");
  if (dialect.delimiter == json_separator)
    problem.help = {"no training row missed it; where it is missing all the same, write null"};
  else if (std::error_code failed; target && std::filesystem::is_directory(shown, failed))
    problem.help = {"name the folder above: its sub-folders are called like the classes"};
  else if (target && dialect.made && !encoding.lines)
    problem.help = {"where it is in a file of its own: '{" + in_yaml(dialect.names[0]) + ": FILE, " +
                    in_yaml(name) + ": FILE}'"};
  else if (target && encoding.lines)
    problem.help = {"where it is in a file of its own: --data '{COLUMN: FILE, " + in_yaml(name) + ": FILE}'"};
  else if (!dialect.header && encoding.positions.empty())
    problem.help = {
        "its first row has a number in it, so it was read as data; the model's file had a header"};
  else if (!dialect.header)
    problem.help = {"it has " + in_words(dialect.names.size()) + ", the training file had " +
                    std::to_string(encoding.positions.size())};
  if (dialect.header)
    if (const auto near = near_words(name, dialect.names); !near.empty())
      problem.help.push_back("its column " + in_quotes(near[0]) + " would have to be called so");
  if (const std::int64_t skipped = encoding.csv.skip_rows; skipped > 0 && !dialect.made)
    problem.help.push_back("as in the training file, the first " + count_of(skipped, "line") + " " +
                           (skipped == 1 ? "is" : "are") + " left out (data.csv.skip_rows)");
  return problem;
}

}  // namespace

std::vector<std::string> absent_features(const TableEncoding& encoding, const Dialect& dialect) {
  std::vector<std::string> out;
  for (const FeatureColumn& feature : encoding.features) {
    if (std::find(dialect.names.begin(), dialect.names.end(), feature.name) != dialect.names.end()) continue;
    const LabelCode* labels = feature.labels();
    if (labels ? labels->labels.missing() >= 0 : feature.indicator()) out.push_back(feature.name);
  }
  return out;
}

namespace {
/// Time, unless it is a feature that is read already, and the column that tells series apart.
template <class Add>
void add_series_columns(const SeriesCode& series, OtherPlan& out, Add add) {
  if (out.times < 0) {
    ReadColumn time;
    time.kind = series.dates ? Kind::date : Kind::exact;
    time.date = &series.form;
    if (series.dates) time.key = out.times = out.plan.exacts++;
    const int slot = add(series.time, time, true, false);
    if (!series.dates) out.times = slot;
  }
  if (series.by.empty()) return;
  ReadColumn by;
  by.kind = Kind::label;
  out.series = add(series.by, by, true, false);
}
}  // namespace

OtherPlan plan_other(const TableEncoding& encoding, Dialect& dialect, bool targets_wanted,
                     const std::string& shown) {
  name_by_position(encoding, dialect);
  OtherPlan out;
  out.columns.assign(dialect.names.size(), -1);
  std::vector<Problem> problems;
  const auto add = [&](const std::string& name, ReadColumn column, bool needed, bool target) {
    const auto at = std::find(dialect.names.begin(), dialect.names.end(), name);
    const bool there = at != dialect.names.end();
    if (!there && needed) problems.push_back(missing_column(encoding, dialect, name, target, shown));
    if (there) {
      out.columns[static_cast<std::size_t>(at - dialect.names.begin())] =
          static_cast<int>(out.plan.columns.size());
      int& next = column.kind == Kind::label   ? out.plan.labels
                  : column.kind == Kind::exact ? out.plan.exacts
                                               : out.plan.width;
      column.slot = next;
      next += column.kind == Kind::date ? column.date->width() : 1;
    } else {
      column = {};
      column.slot = -1;
    }
    out.plan.columns.push_back(column);
    return column.slot;
  };
  std::vector<bool> told(encoding.features.size(), false);
  for (const GroupColumns& group : encoding.groups)
    for (const std::size_t f : group.features) told[f] = group.told;
  for (std::size_t f = 0; f < encoding.features.size(); ++f) {
    const FeatureColumn& feature = encoding.features[f];
    ReadColumn column;
    if (const NumberCode* number = feature.number()) {
      column.kind = Kind::number;
      column.origin = number->origin;
    } else if (const DateCode* date = feature.date()) {
      column.kind = Kind::date;
      column.date = &date->form;
    } else if (const LabelCode* labels = feature.labels()) {
      column.kind = Kind::label;
      column.replace = &labels->replace;
    } else if (const SequenceCode* sequence = feature.sequence()) {
      column.kind = Kind::label;
      column.allowed = &sequence->allowed;
    } else if (feature.text()) {
      column.kind = Kind::label;
    } else {
      column.kind = Kind::label;  // a path
      if (!feature.image()->from.empty()) {
        out.plan.columns.emplace_back();
        out.slots.features.push_back(-1);
        continue;
      }
    }
    if (encoding.windows && encoding.windows->time == feature.name)
      out.times = column.key = out.plan.exacts++;
    out.slots.features.push_back(add(feature.name, column, targets_wanted || !told[f], told[f]));
  }
  for (const TargetColumn& target : encoding.target_columns) {
    ReadColumn column;
    column.kind = target.classes ? Kind::label : Kind::exact;
    column.replace = &target.replace;
    out.slots.targets.push_back(add(target.name, column, targets_wanted, true));
  }
  if (targets_wanted && !encoding.weight.empty()) {
    ReadColumn column;
    column.kind = Kind::exact;
    column.below_zero = false;
    out.slots.weight = add(encoding.weight, column, false, false);
  }
  for (std::size_t f = 0; f < encoding.features.size(); ++f) {
    const ImageCode* image = encoding.features[f].image();
    if (!image || image->from.empty()) continue;
    OtherPlan::Pixels& pixels = out.pixels.emplace_back();
    pixels.feature = f;
    ReadColumn column;
    column.kind = Kind::number;
    for (const std::string& name : image->from) {
      pixels.columns.push_back(out.plan.columns.size());
      add(name, column, true, false);
    }
  }
  if (encoding.windows) add_series_columns(*encoding.windows, out, add);
  if (!problems.empty()) throw Error(Fault::data, std::move(problems));
  return out;
}

namespace {
void check_times(const TableEncoding& encoding, const OtherPlan& plan, const std::vector<Findings>& findings,
                 CellFaults& faults, char decimal) {
  const SeriesCode& series = *encoding.windows;
  const auto feature = std::find_if(encoding.features.begin(), encoding.features.end(),
                                    [&](const FeatureColumn& f) { return f.name == series.time; });
  if (feature != encoding.features.end()) {  // its other faults are found as a feature's
    if (!feature->refuse_missing())
      add_missing(faults, findings[static_cast<std::size_t>(feature - encoding.features.begin())].missing,
                  series.time);
    return;
  }
  const Findings& of_time = findings[plan.plan.columns.size() - (series.by.empty() ? 1 : 2)];
  add_missing(faults, of_time.missing, series.time);
  if (series.dates)
    add_bad_dates(faults, of_time.bad, series.time, KnownBy::model, series.form.format(), 0);
  else
    add_bad_numbers(faults, of_time.bad, series.time, KnownBy::model, 0, decimal);
}
}  // namespace

void check_other(const TableEncoding& encoding, const OtherPlan& plan, const RawTable& raw) {
  CellFaults faults(raw.lines);
  const char decimal = numbers_of(encoding.csv).decimal;
  for (const auto& findings : raw.findings) {
    const auto check = [&](std::size_t c, const std::string& name, bool refuse_missing) {
      const std::int64_t numbers = raw.rows - findings[c].missing.count - findings[c].bad.count;
      add_bad_numbers(faults, findings[c].bad, name, KnownBy::model, numbers, decimal);
      if (refuse_missing) add_missing(faults, findings[c].missing, name);
      add_not_utf8(faults, findings[c].not_utf8, name, KnownBy::model);
    };
    for (std::size_t f = 0; f < encoding.features.size(); ++f) {
      const FeatureColumn& feature = encoding.features[f];
      const bool refuse = feature.refuse_missing();
      if (const DateCode* date = feature.date()) {
        add_bad_dates(faults, findings[f].bad, feature.name, KnownBy::model, date->form.format(), 0);
        if (refuse) add_missing(faults, findings[f].missing, feature.name);
      } else if (const SequenceCode* sequence = feature.sequence()) {
        add_bad_sequences(faults, findings[f].bad, feature.name, sequence->separator);
      } else if (!feature.image()) {
        check(f, feature.name, refuse);
      }
    }
    std::size_t c = encoding.features.size();
    for (const TargetColumn& target : encoding.target_columns) check(c++, target.name, target.refuse_missing);
    if (plan.slots.weight >= 0) add_bad_weights(faults, findings[c], encoding.weight);
    for (const OtherPlan::Pixels& pixels : plan.pixels) {
      const FeatureColumn& picture = encoding.features[pixels.feature];
      PixelCells bad;
      for (std::size_t i = 0; i < pixels.columns.size(); ++i)
        bad.add(findings[pixels.columns[i]].bad, picture.image()->from[i]);
      bad.tell(faults, picture.name, pixel_is_no_number, mend_pixel);
    }
    if (encoding.windows) check_times(encoding, plan, findings, faults, decimal);
  }
  faults.finish();
}

std::vector<char> dropped_rows(const TableEncoding& encoding, const Slots& slots, const RawTable& raw) {
  std::vector<char> out;
  for (std::size_t f = 0; f < encoding.features.size(); ++f) {
    if (!encoding.features[f].drop_missing()) continue;
    out.resize(static_cast<std::size_t>(raw.rows));
    mark_missing(raw.numbers, slots.features[f], out);
  }
  return out;
}

std::string name_of_lines(const TableEncoding& encoding) {
  std::string name = "text";
  for (const GroupColumns& group : encoding.groups)
    if (!group.told && group.features.size() == 1) name = encoding.features[group.features[0]].name;
  return name;
}

void name_like(const TableEncoding& encoding, TableFile& file) {
  if (file.lines()) {
    file.name_column(0, name_of_lines(encoding));
    return;
  }
  const auto types = file.known_types();
  if (types.empty()) return;
  std::vector<std::string> images;
  for (const FeatureColumn& feature : encoding.features)
    if (feature.image() && feature.image()->from.empty()) images.push_back(feature.name);
  if (images.size() == 1) file.name_column(0, images[0]);
  if (types.size() > 1 && encoding.target_columns.size() == 1)
    file.name_column(1, encoding.target_columns[0].name);
}

std::vector<char> add_pictures(const TableEncoding& encoding, OtherPlan& plan, RawTable& raw,
                               const std::function<PictureOrigin(std::size_t column)>& origin_of,
                               const std::function<RawTable(const ReadPlan&)>& read,
                               std::vector<UnreadPictures>& skipped, std::int64_t unanswered) {
  std::vector<char> unread;
  for (std::size_t f = 0; f < encoding.features.size(); ++f) {
    const FeatureColumn& feature = encoding.features[f];
    const ImageCode* image = feature.image();
    if (!image || !image->from.empty()) continue;
    const LabelColumn& cells = raw.labels[static_cast<std::size_t>(plan.plan.columns[f].slot)];
    PictureColumn found =
        read_pictures(cells, {origin_of(f)}, image->form, image->shape, feature.name, memory_for_pictures());
    if (!found.misfits.empty())
      refuse_pictures(found.misfits, cells, feature.name, plan.plan, f, read, "",
                      "a model that was trained with resize in its image column reads all sizes");
    if (!found.faults.empty()) {
      if (!image->skip_broken && static_cast<std::int64_t>(found.faults.size()) > unanswered)
        refuse_pictures(found.faults, cells, feature.name, plan.plan, f, read, cannot_be_read, "");
      skipped.push_back(unread_pictures(found.faults, cells, feature.name));
      unread.resize(static_cast<std::size_t>(raw.rows));
      for (const PictureFault& fault : found.faults) unread[static_cast<std::size_t>(fault.row)] = 1;
    }
    plan.slots.features[f] = static_cast<int>(raw.pictures.size());
    raw.pictures.push_back(std::move(found.pictures));
  }
  for (const OtherPlan::Pixels& pixels : plan.pixels) {
    const FeatureColumn& feature = encoding.features[pixels.feature];
    const ImageCode& image = *feature.image();
    check_pixels(raw, plan.plan, pixels.columns, image.from, feature.name, image.top);
    const int first = plan.plan.columns[pixels.columns.front()].slot;
    plan.slots.features[pixels.feature] = static_cast<int>(raw.pictures.size());
    raw.pictures.push_back(pictures_of_pixels(raw.numbers, raw.rows, first, image));
  }
  return unread;
}

void UnseenLabels::add(const TableEncoding& encoding, const OtherPlan& plan, const RawTable& raw,
                       bool targets) {
  const auto count = [&](std::size_t c, const Labels& labels, bool target) {
    const ReadColumn& column = plan.plan.columns[c];
    if (column.kind != Kind::label) return;
    const LabelColumn& cells = raw.labels[static_cast<std::size_t>(column.slot)];
    std::vector<char> unseen;
    for (std::size_t k = 0; k < cells.texts.size(); ++k) unseen.push_back(labels.find(cells.texts[k]) < 0);
    for (const std::int32_t code : cells.codes) {
      if (code < 0 ? target || labels.missing() >= 0 : !unseen[static_cast<std::size_t>(code)]) continue;
      Seen& seen = columns_[c];
      ++seen.rows;
      if (seen.texts.size() < texts_kept)
        seen.texts.insert(code < 0 ? missing_label : cells.texts[static_cast<std::size_t>(code)]);
    }
  };
  for (std::size_t f = 0; f < encoding.features.size(); ++f)
    if (const LabelCode* code = encoding.features[f].labels()) count(f, code->labels, false);
  for (std::size_t t = 0; targets && t < encoding.target_columns.size(); ++t)
    if (encoding.target_columns[t].classes)
      count(encoding.features.size() + t, encoding.target_columns[t].labels, true);
}

std::vector<Problem> UnseenLabels::warnings(const TableEncoding& encoding) const {
  std::vector<Problem> out;
  for (const auto& [c, seen] : columns_) {
    const bool target = c >= encoding.features.size();
    const std::string& name =
        target ? encoding.target_columns[c - encoding.features.size()].name : encoding.features[c].name;
    out.push_back({{}, unseen_words(name, seen.rows, seen.texts, target), {}, Severity::warning});
  }
  return out;
}

}  // namespace bpnet
