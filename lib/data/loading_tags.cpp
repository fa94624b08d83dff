// Targets with a label for each step of what the model reads.

#include <algorithm>
#include <functional>
#include <map>

#include "data/loading.hpp"
#include "data/words.hpp"

namespace bpnet {

namespace {
const GroupColumns* tags_of(const TableEncoding& encoding) {
  const auto at = std::find_if(encoding.groups.begin(), encoding.groups.end(),
                               [](const GroupColumns& group) { return group.tags; });
  return at == encoding.groups.end() ? nullptr : &*at;
}

/// What is read, with "and" between several columns.
std::string read_names(const TableEncoding& encoding) {
  std::string out;
  for (const std::size_t f : encoding.groups.front().features)
    out += (out.empty() ? "" : " and ") + in_quotes(encoding.features[f].name);
  return out;
}

/// The column of the plan that is read into this slot of the labels.
std::size_t column_in_slot(const ReadPlan& plan, int slot) {
  const auto at = std::find_if(plan.columns.begin(), plan.columns.end(), [&](const ReadColumn& column) {
    return column.kind == ReadColumn::Kind::label && column.slot == slot;
  });
  return static_cast<std::size_t>(at - plan.columns.begin());
}

/// Of several columns that are read one behind the other, the one that has as many steps as the row has
/// labels, or else the last.
const std::string& column_of_steps(const TableEncoding& encoding, const ReadAgain& again, std::int64_t row,
                                   int labels) {
  const GroupColumns& read = encoding.groups.front();
  ReadPlan plan;
  plan.columns.resize(again.plan.columns.size());
  for (const std::size_t f : read.features) {
    const std::size_t c = column_in_slot(again.plan, again.slots[f]);
    plan.columns[c] = again.plan.columns[c];
    plan.columns[c].slot = plan.labels++;
  }
  const RawTable found = again.read(plan);
  for (std::size_t i = 0; i < read.features.size(); ++i) {
    const LabelColumn& column = found.labels[i];
    const std::int32_t code = column.codes[static_cast<std::size_t>(row)];
    if (code < 0) continue;
    std::vector<std::int32_t> ids;
    read.text->tokenizer->encode(column.texts[static_cast<std::size_t>(code)], ids);
    if (ids.size() == static_cast<std::size_t>(labels)) return encoding.features[read.features[i]].name;
  }
  return encoding.features[read.features.back()].name;
}

/// Where these cells (by row) of the labels of a slot stand; as far as they are among the first cells of
/// their texts.
std::map<std::int64_t, Place> places_of(const std::map<std::int64_t, std::string>& cells,
                                        const ReadAgain& again, int slot) {
  const std::function<bool(std::string_view)> others = [&](std::string_view text) {
    return std::none_of(cells.begin(), cells.end(), [&](const auto& cell) { return cell.second == text; });
  };
  ReadPlan plan;
  plan.columns.resize(again.plan.columns.size());
  plan.labels = 1;
  const std::size_t c = column_in_slot(again.plan, slot);
  plan.columns[c] = again.plan.columns[c];
  plan.columns[c].slot = 0;
  plan.columns[c].allowed = &others;
  const RawTable found = again.read(plan);
  std::map<std::int64_t, Place> out;
  for (const auto& findings : found.findings)
    for (const NotedCell& cell : findings[c].bad.first)
      if (cells.contains(cell.row)) out[cell.row] = found.lines.of(cell);
  return out;
}
}  // namespace

/// Cells that no option speaks of hold labels with blanks between them.
void declare_tags(DataSettings& settings, const std::string& target) {
  for (const auto& [pattern, choice] : settings.columns)
    if (!matches_all(pattern) && matches(pattern, target)) return;
  Choice labels = choose(column_types, "sequence");
  labels.as<Sequence>()->of = Sequence::Of::symbols;
  settings.columns.emplace_back(target, std::move(labels));
}

/// As many labels are read as steps.
void Loading::fit_tags() {
  for (GroupColumns& group : encoding_->groups) {
    if (!group.tags) continue;
    const GroupColumns& read = encoding_->groups.front();
    auto code = std::make_shared<TextCode>(*group.text);
    const SequenceCode* numbers = encoding_->features[read.features.front()].sequence();
    if (read.text)
      code->max_length = read.text->longest(read.features.size());
    else if (numbers)
      code->max_length = numbers->max_length;
    group.text = std::move(code);
  }
}

/// Of the rows of all parts.
void Loading::check_step_labels(const Rows& rows, const std::vector<int>& slots) const {
  if (!tags_of(*encoding_)) return;
  std::vector<std::int64_t> used;
  for (const auto& rows_of_part : out_.parts)
    used.insert(used.end(), rows_of_part.begin(), rows_of_part.end());
  std::sort(used.begin(), used.end());
  check_tags(*encoding_, rows, used, {plan_, slots, [&](const ReadPlan& plan) {
                                        return read_table(sources_, plan, settings_.csv.missing);
                                      }});
}

void check_tags(const TableEncoding& encoding, const Rows& rows, std::span<const std::int64_t> which,
                const ReadAgain& again) {
  constexpr std::size_t told_at_most = 5;
  const GroupColumns* tags = tags_of(encoding);
  if (!tags) return;
  constexpr int read_time = 1, tags_time = 2;
  std::vector<Problem> problems;
  std::map<std::int64_t, std::string> cells;  // by row, of the problems
  std::int64_t wrong = 0;
  std::string help;
  const GroupColumns& read = encoding.groups.front();
  const std::string& target = encoding.features[tags->features.front()].name;
  const std::string& text = encoding.features[read.features.front()].name;
  const std::string texts = read_names(encoding);
  for (const std::int64_t row : which) {
    int steps = 0, labels = 0;
    rows.lengths(read_time, {&row, 1}, {&steps, 1});
    rows.lengths(tags_time, {&row, 1}, {&labels, 1});
    if (!rows.has_steps(read_time, row)) steps = 0;
    if (!rows.has_steps(tags_time, row)) labels = 0;
    if (steps == labels || ++wrong > static_cast<std::int64_t>(told_at_most)) continue;
    const auto many = [](int n, const char* of) {
      return n == 0 ? "no " + std::string(of) : count_of(n, of);
    };
    cells[row] = rows.text(static_cast<std::size_t>(tags - encoding.groups.data()), row);
    problems.push_back({rows.place(row),
                        "column '" + target + "' has " + many(labels, "label") + " for " +
                            (steps == 0 ? "an empty " + texts : count_of(steps, "step") + " of " + texts),
                        {}});
    if (help.empty())
      help = read.features.size() > 1
                 ? texts + " are read one behind the other; to read one of them: data.features: [" +
                       in_yaml(column_of_steps(encoding, again, row, labels)) + "]"
                 : "each step needs one label; where tokens stand with blanks between them, say so: "
                   "data.columns: {" +
                       in_yaml(text) + ": {sequence: symbols}}; what stands between labels: {" +
                       in_yaml(target) + ": {sequence: {separator: ...}}}";
  }
  if (wrong == 0) return;
  const auto places = places_of(cells, again, again.slots[tags->features.front()]);
  auto problem = problems.begin();
  for (const auto& [row, cell] : cells) {
    if (const auto at = places.find(row); at != places.end()) problem->place = at->second;
    ++problem;
  }
  if (wrong > static_cast<std::int64_t>(told_at_most))
    problems.back().help.push_back("and " + std::to_string(wrong - static_cast<std::int64_t>(told_at_most)) +
                                   " more rows");
  problems.back().help.push_back(std::move(help));
  throw Error(Fault::data, std::move(problems));
}

}  // namespace bpnet
