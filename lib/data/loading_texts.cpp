#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "data/loading.hpp"
#include "data/words.hpp"
#include "spec/spec.hpp"
#include "text/symbols.hpp"

namespace bpnet {

namespace {
using As = ColumnUse::As;
}

/// Texts, and sequences of symbols, which are texts of another kind.
bool Loading::is_text(std::size_t c) const {
  return uses_[c].as == As::text ||
         (uses_[c].as == As::sequence && roles_.options<Sequence>(c).of == Sequence::Of::symbols);
}

std::shared_ptr<const TokenizerType> Loading::tokenizer_of(std::size_t c) const {
  if (uses_[c].as == As::sequence) return symbols_between(roles_.options<Sequence>(c).separator);
  return roles_.options<Text>(c).tokenizer_type();
}

/// What is known of a text column's code before its vocabulary is.
TextCode Loading::text_form(std::size_t c) const {
  TextCode out;
  if (uses_[c].as == As::sequence) {
    out.max_length = static_cast<int>(roles_.options<Sequence>(c).max_length);
    return out;
  }
  const Text type = roles_.options<Text>(c);
  out.max_length = static_cast<int>(type.max_length);
  out.ngrams = static_cast<int>(type.ngrams);
  out.buckets = static_cast<int>(type.buckets);
  return out;
}

/// Cells of a part's rows that are not missing.
std::vector<std::string_view> Loading::texts_of(std::size_t c, Part p) const {
  const LabelColumn& column = labels_of(c);
  std::vector<std::string_view> out;
  for (const std::int64_t row : part(p))
    if (const std::int32_t code = column.codes[static_cast<std::size_t>(row)]; code >= 0)
      out.push_back(column.texts[static_cast<std::size_t>(code)]);
  return out;
}

/// Texts share their tokens only if they are cut alike.
void Loading::check_shared_tokenizer() const {
  std::string first;
  std::optional<nlohmann::json> of_first;
  for (const std::vector<std::size_t>& group : groups_)
    for (const std::size_t c : group) {
      if (uses_[c].as != As::text) continue;
      const Text text = roles_.options<Text>(c);
      const nlohmann::json form = {text.tokenizer.name(), settings_to_json(*text.tokenizer_type())};
      if (of_first && form != *of_first)
        throw Error(Fault::configuration,
                    "task.sequence_to_sequence.shared_vocabulary: columns '" + first + "' and '" +
                        roles_.names[c] + "' have different tokenizers",
                    {"give both the same in data.columns, or leave shared_vocabulary out"});
      if (!of_first) first = roles_.names[c];
      of_first = form;
    }
}

void Loading::fit_texts() {
  std::vector<std::string_view> shared;
  if (request_.shared_vocabulary) check_shared_tokenizer();
  if (request_.shared_vocabulary)
    for (const std::vector<std::size_t>& group : groups_)
      for (const std::size_t c : group) {
        const auto texts = texts_of(c, Part::training);
        shared.insert(shared.end(), texts.begin(), texts.end());
      }
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const std::vector<std::size_t>& group = groups_[g];
    if (group.empty() || !is_text(group.front())) continue;
    std::vector<std::string_view> all = shared;
    for (const std::size_t c : group) {
      if (request_.shared_vocabulary) break;
      const auto texts = texts_of(c, Part::training);
      all.insert(all.end(), texts.begin(), texts.end());
    }
    auto code = std::make_shared<TextCode>(text_form(group.front()));
    code->tokenizer = tokenizer_of(group.front())->train(all);
    encoding_->groups[g].text = std::move(code);
  }
}

/// "8000 tokens, length 41.3 in the mean, 177 at most": of the training rows' cells, before any is cut off.
void Loading::describe_steps(const FeatureColumn& feature, std::size_t c, ColumnReport& column) const {
  const auto target =
      std::find_if(encoding_->groups.begin(), encoding_->groups.end(), [&](const auto& group) {
        return group.told && &encoding_->features[group.features.front()] == &feature;
      });
  const bool told = target != encoding_->groups.end(), tags = told && target->tags;
  column.type = tags                      ? "target: labels"
                : told                    ? "target: text"
                : uses_[c].as == As::text ? "text"
                                          : "sequence";
  if (!request_.look_for_junk) return;  // counting takes as long as encoding
  std::function<std::size_t(std::string_view)> steps_of;
  std::vector<std::int32_t> ids;
  std::size_t limit = 0;
  if (feature.text()) {
    const auto group = std::find_if(groups_.begin(), groups_.end(), [&](const auto& columns) {
      return std::find(columns.begin(), columns.end(), c) != columns.end();
    });
    const TextCode& code = *encoding_->groups[static_cast<std::size_t>(group - groups_.begin())].text;
    limit = static_cast<std::size_t>(code.max_length);
    column.detail = tags ? count_of(code.tokenizer->size() - Tokenizer::first, "label")
                         : count_of(code.tokenizer->size(), "token");
    if (code.buckets > 0) column.detail += " and " + count_of(code.buckets, "bucket");
    steps_of = [&, tokenizer = code.tokenizer](std::string_view text) {
      ids.clear();
      tokenizer->encode(text, ids);
      return ids.size();
    };
  } else {
    const SequenceCode& code = *feature.sequence();
    limit = static_cast<std::size_t>(code.max_length);
    column.detail = bpnet::told(code.shift, code.divisor);
    steps_of = [&](std::string_view text) {
      std::size_t steps = 0;
      split_parts(text, code.separator, [&](std::string_view) { return ++steps > 0; });
      return steps;
    };
  }
  double all = 0;
  std::size_t longest = 0;
  const auto texts = texts_of(c, Part::training);
  for (const std::string_view text : texts) {
    const std::size_t steps = steps_of(text);
    all += static_cast<double>(steps);
    longest = std::max(longest, steps);
  }
  const double mean = all / std::max(1.0, static_cast<double>(texts.size()));
  if (longest > limit) column.detail += ", cut at " + std::to_string(limit);
  column.detail += ", length " + short_number(std::round(10 * mean) / 10) + " in the mean, " +
                   std::to_string(longest) + " at most";
}

/// A stack that reads texts, as its task wants it.
std::string Loading::beginning_of(std::size_t group) const {
  if (request_.groups[group].told)
    return "decoder: [{embedding: 32}, {gru: 32}, {cross_attention: {heads: 4}}, output]";
  const auto has = [&](bool InputGroup::*what) {
    return std::any_of(request_.groups.begin(), request_.groups.end(),
                       [&](const InputGroup& g) { return g.*what; });
  };
  if (has(&InputGroup::tags)) return "[{embedding: 32}, {gru: {units: 32, bidirectional: true}}, output]";
  if (has(&InputGroup::told)) return "encoder: [{embedding: 32}, {gru: 32}]";
  const std::string& stack = request_.groups[group].stack;
  if (stack == "main") return "[{embedding: 32}, {temporal_pool: mean}, output]";
  return "[{embedding: 32}, {temporal_pool: mean}]";
}

/// "read one of them: ..., or ", where one stack reads all features: the one that is declared first. A text
/// that the settings leave to the other's type stands behind it.
std::string Loading::one_of(const std::string& first, const std::string& second) const {
  const auto reading = std::count_if(request_.groups.begin(), request_.groups.end(),
                                     [](const InputGroup& group) { return !group.told; });
  if (reading != 1) return "";
  const auto at = std::find_if(settings_.columns.begin(), settings_.columns.end(), [&](const auto& column) {
    return column.first == first || column.first == second;
  });
  return "read one of them: data.features: [" + in_yaml(at == settings_.columns.end() ? first : at->first) +
         "], or ";
}

/// A stack reads texts of one kind, or one sequence of numbers, and nothing else.
void Loading::check_step_groups(std::vector<Problem>& problems) const {
  int times = 0;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const std::vector<std::size_t>& group = groups_[g];
    if (request_.groups[g].tags && times == 0) {
      const std::string& read = roles_.names[groups_.front().front()];
      problems.push_back(
          {{},
           "this task labels the steps of a text or a sequence, and " + in_quotes(read) + " is neither",
           {"data.columns: {" + in_yaml(read) + ": text}, or sequence"}});
      continue;
    }
    if (request_.groups[g].told && !is_text(group.front())) {
      problems.push_back({{},
                          "data.target: this task tells a text or a sequence of symbols, but " +
                              in_quotes(roles_.names[group.front()]) + " is declared as another type",
                          {"data.columns: {" + in_yaml(roles_.names[group.front()]) +
                           (request_.groups[g].tags ? ": {sequence: {of: symbols}}}" : ": text}")}});
      continue;
    }
    const std::string stack = "model." + request_.groups[g].stack;
    const auto steps = [&](std::size_t c) { return uses_[c].as == As::text || uses_[c].as == As::sequence; };
    const auto at = std::find_if(group.begin(), group.end(), steps);
    if (at == group.end()) continue;
    ++times;
    const std::string& name = roles_.names[*at];
    const std::string thing = uses_[*at].as == As::text ? "the text " : "the sequence ";
    const auto other = std::find_if(group.begin(), group.end(), [&](std::size_t c) {
      return c != *at && (!is_text(c) || !is_text(*at));
    });
    if (other != group.end()) {
      problems.push_back({{},
                          stack + " reads " + thing + in_quotes(name) + " and other features (" +
                              in_quotes(roles_.names[*other]) + (group.size() > 2 ? ", ..." : "") +
                              "), but " + (is_text(*at) ? "texts need" : "a sequence needs") +
                              " a stack of " + (is_text(*at) ? "their" : "its") + " own",
                          ways_to_own_stacks(g, *at)});
      continue;
    }
    if (!is_text(*at)) continue;
    if (!request_.groups[g].codes)
      problems.push_back({{},
                          stack + " reads " + thing + in_quotes(name) +
                              ", and does not begin with an embedding, which makes numbers of its tokens",
                          {"begin it with one: " + beginning_of(g)}});
    for (const std::size_t c : group)
      if (uses_[c].as != uses_[*at].as ||
          settings_to_json(*declared(c)->options) != settings_to_json(*declared(*at)->options)) {
        problems.push_back({{},
                            stack + " reads " + in_quotes(name) + " and " + in_quotes(roles_.names[c]) +
                                " as one sequence, but they have different options",
                            {"give both the same options, or " + one_of(name, roles_.names[c]) +
                             "each a stack: model: {inputs: {" + in_yaml(name) + ": [...], " +
                             in_yaml(roles_.names[c]) + ": [...]}, trunk: [output]}"}});
        break;
      }
  }
  if (times > time_axes)
    problems.push_back({{},
                        "the model reads " + std::to_string(times) +
                            " texts and sequences in stacks of their "
                            "own; " +
                            std::to_string(time_axes) + " is the most",
                        {"texts can be read by one stack, one behind the other"}});
}

}  // namespace bpnet
