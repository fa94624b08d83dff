// Texts that a model tells, and labels of steps: targets that stacks read as if they were features.

#include <algorithm>

#include "data/loading.hpp"
#include "data/unread_texts.hpp"
#include "data/words.hpp"

namespace bpnet {

namespace {
using As = ColumnUse::As;
}

/// Where a text is to be told, columns that no option speaks of are texts; but if the settings declare one
/// that the model can read, what the others are is left to their cells.
void Loading::declare_texts() {
  const SplitSettings& split = settings_.split;
  const auto named = [&](const std::vector<std::string>& patterns, const std::string& name) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const std::string& p) { return matches(p, name); });
  };
  const Choice* general = nullptr;
  for (const auto& [pattern, choice] : settings_.columns)
    if (matches_all(pattern) && choice.name() == "text") general = &choice;
  const Choice text = general ? *general : choose(column_types, "text");
  const auto declaration = [&](const std::string& name) {
    return std::find_if(settings_.columns.begin(), settings_.columns.end(), [&](const auto& column) {
      return !matches_all(column.first) && matches(column.first, name);
    });
  };
  const auto told = [&](const std::string& name) {
    return std::any_of(request_.groups.begin(), request_.groups.end(),
                       [&](const InputGroup& group) { return group.told && group.columns[0] == name; });
  };
  std::vector<std::string> undeclared;
  bool reads_declared = false;
  for (const std::string& name : files_.front().names()) {
    if (named({split.group, split.order, split.column, settings_.weight}, name) ||
        named(settings_.ignore, name) || !named(settings_.features, name))
      continue;
    const auto declared = declaration(name);
    if (declared == settings_.columns.end())
      undeclared.push_back(name);
    else if (!told(name))
      reads_declared |= declared->second.name() == "text" || declared->second.name() == "sequence";
  }
  const auto asked_for = [&](const std::string& name) {
    const auto& features = settings_.features;
    return std::find(features.begin(), features.end(), name) != features.end();
  };
  for (const std::string& name : undeclared)
    if (!reads_declared || told(name) || asked_for(name)) settings_.columns.emplace_back(name, text);
  if (reads_declared) text_by_cells_ = text;
}

/// Beside a declared text only those undeclared columns are read whose cells are texts.
void Loading::sort_out_texts() {
  if (!text_by_cells_) return;
  for (const std::size_t c : std::vector<std::size_t>(roles_.features)) {
    if (declared(c) || uses_[c].as == As::none) continue;
    const Facts& facts = uses_[c].facts;
    if (uses_[c].as == As::category && facts.distinct * 2 > facts.cells) {
      roles_.declared[c] = &text_by_cells_;
      uses_[c].as = As::text;
      uses_[c].why += ": a text like those that are declared";
      continue;
    }
    uses_[c].why = "not declared, and no text: declare it to read it";
    drop(c);
  }
}

/// What a guess knows of a text that is told: how often each of its tokens is in the training rows, with
/// Tokenizer::end behind each text, but for labels of steps.
void Loading::count_told() {
  for (GroupColumns& group : encoding_->groups) {
    if (!group.told) continue;
    const std::size_t c = roles_.features[group.features.front()];
    auto code = std::make_shared<TextCode>(*group.text);
    code->counts.assign(static_cast<std::size_t>(code->tokenizer->size()), 0);
    const auto most = static_cast<std::size_t>(code->max_length);
    const auto tellable = static_cast<std::size_t>(request_.told_at_most);
    std::int64_t cut = 0, too_long = 0;
    std::size_t longest = 0;
    std::vector<std::int32_t> ids;
    for (const Part p : {Part::training, Part::validation, Part::test})
      for (const std::string_view text : texts_of(c, p)) {
        ids.clear();
        code->tokenizer->encode(text, ids);
        longest = std::max(longest, ids.size());
        cut += ids.size() > most;
        too_long += tellable > 0 && ids.size() > tellable;
        if (p != Part::training) continue;
        ids.resize(std::min(ids.size(), most));
        if (!group.tags) ids.push_back(Tokenizer::end);
        for (const std::int32_t id : ids) ++code->counts[static_cast<std::size_t>(id)];
      }
    if (cut > 0) warn_of_cut_texts(group, cut, longest);
    if (too_long > 0)
      warn("column " + in_quotes(roles_.names[c]) + " has more than " +
               count_of(request_.told_at_most, "token") + " in " + count_of(too_long, "row") +
               ", and no text that is told has more",
           {"the longest has " + std::to_string(longest) +
            ": task: {sequence_to_sequence: {max_length: " + std::to_string(longest) + "}}"});
    group.text = std::move(code);
  }
}

void Loading::warn_of_cut_texts(const GroupColumns& group, std::int64_t rows, std::size_t longest) {
  const std::size_t told = roles_.features[group.features.front()],
                    read = roles_.features[encoding_->groups.front().features.front()],
                    limited = group.tags ? read : told;
  warn("column " + in_quotes(roles_.names[told]) + " has more than " +
           count_of(group.text->max_length, group.tags ? "label" : "token") + " in " + count_of(rows, "row") +
           (group.tags ? ": those behind are cut off, neither learnt nor judged"
                       : ": those behind are cut off and not learnt, but metrics of texts judge all of it"),
       {"the longest has " + std::to_string(longest) + ": data.columns: {" + in_yaml(roles_.names[limited]) +
        ": {" + (uses_[limited].as == ColumnUse::As::text ? "text" : "sequence") +
        ": {max_length: " + std::to_string(longest) + "}}}"});
}

/// Texts that are read only in part; labels that are lost with them are count_told's.
void Loading::remark_texts(const TableRows& rows) {
  std::vector<Problem> problems = mostly_unknown(rows, part(Part::training), *encoding_);
  const bool tags = std::any_of(encoding_->groups.begin(), encoding_->groups.end(),
                                [](const GroupColumns& group) { return group.tags; });
  UnreadTexts training, others;
  training.add(rows, part(Part::training));
  for (const Part p : {Part::validation, Part::test}) others.add(rows, part(p));
  for (Problem& problem : tags ? others.unknown_labels(*encoding_) : training.cut(*encoding_, "training row"))
    problems.push_back(std::move(problem));
  for (const GroupColumns& group : encoding_->groups)
    if (group.told && !group.tags && group.text->tokenizer->lowers())
      problems.push_back({{},
                          "target '" + encoding_->features[group.features.front()].name +
                              "': the model tells it in lower case, and metrics of texts compare that with "
                              "the file's own",
                          {"to tell capitals: leave lower out"},
                          Severity::warning});
  for (Problem& problem : problems) out_.warnings.push_back(std::move(problem));
}

Dataset load_told_text(const DataSettings& settings, const DataRequest& request) {
  if (settings.target.size() != 1)
    throw Error(Fault::configuration, "data.target: the model tells one text, so there is one target",
                {"say target: COLUMN"});
  if (!settings.weight.empty())
    throw Error(Fault::configuration, "data.weight: texts that are told, and labels of steps, all count 1",
                {"leave it out"});
  DataSettings plain = settings;
  DataRequest wanted = request;
  wanted.target_stack.clear();
  const std::string target = settings.target[0];
  plain.target.clear();
  if (plain.features != std::vector<std::string>{"*"}) plain.features.push_back(target);
  for (InputGroup& group : wanted.groups) {
    if (group.stack != request.target_stack) continue;
    group.columns = {target};
    group.told = true;
    if (group.tags) declare_tags(plain, target);
  }
  return load_dataset(plain, wanted);
}

}  // namespace bpnet
