#include "data/unread_texts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "data/words.hpp"

namespace bpnet {

namespace {

/// "column 'a'", "columns 'a', 'b'"
std::string columns_of(const TableEncoding& encoding, const GroupColumns& group) {
  std::string out = group.features.size() == 1 ? "column " : "columns ";
  for (const std::size_t feature : group.features)
    out += (feature == group.features.front() ? "" : ", ") + in_quotes(encoding.features[feature].name);
  return out;
}

/// Calls f(plan) for each port of texts or sequences.
template <class F>
void each_time_axis(const TableEncoding& encoding, F f) {
  for (const PortPlan& plan : encoding.port_plans())
    if (plan.time > 0) f(plan);
}

Problem warning(std::string message, std::vector<std::string> help) {
  return {{}, std::move(message), std::move(help), Severity::warning};
}

}  // namespace

void UnreadTexts::add(const TableRows& rows, std::span<const std::int64_t> which) {
  const auto& encoding = dynamic_cast<const TableEncoding&>(rows.encoding());
  each_time_axis(encoding, [&](const PortPlan& plan) {
    if (encoding.groups[plan.group].told && !encoding.groups[plan.group].tags) return;
    Count& count = groups_[plan.group];
    for (const std::int64_t row : which) {
      const Steps::Unread& unread = rows.steps(plan.time).unread[static_cast<std::size_t>(row)];
      count.cut += unread.cut;
      count.unknown += unread.unknown;
    }
  });
}

void UnreadTexts::add(const TableRows& rows) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(rows.count()));
  std::iota(all.begin(), all.end(), std::int64_t{0});
  add(rows, all);
}

std::vector<Problem> UnreadTexts::cut(const TableEncoding& encoding, const char* rows) const {
  std::vector<Problem> out;
  const bool tags = std::any_of(encoding.groups.begin(), encoding.groups.end(),
                                [](const GroupColumns& group) { return group.tags; });
  for (const auto& [g, count] : groups_) {
    const GroupColumns& group = encoding.groups[g];
    if (count.cut == 0 || group.tags) continue;  // labels are cut where the text is
    const FeatureColumn& feature = encoding.features[group.features.front()];
    const int most = group.text ? group.text->max_length : feature.sequence()->max_length;
    out.push_back(warning(
        fmt::format("{}: {} {} more than {}, and what is behind is not read{}", columns_of(encoding, group),
                    count_of(count.cut, rows), count.cut == 1 ? "has" : "have",
                    count_of(most, group.text ? "token" : "number"), tags ? ": it gets no labels" : ""),
        {fmt::format("a model that reads more: max_length of the column in data.columns, "
                     "now {}",
                     most)}));
  }
  return out;
}

std::vector<Problem> UnreadTexts::unknown(const TableEncoding& encoding) const {
  std::vector<Problem> out = unknown_labels(encoding);
  for (const auto& [g, count] : groups_)
    if (count.unknown > 0 && !encoding.groups[g].tags)
      out.push_back(warning(fmt::format("{}: {} {} tokens that the vocabulary of the training rows lacks; "
                                        "they count as unseen",
                                        columns_of(encoding, encoding.groups[g]),
                                        count_of(count.unknown, "row"), count.unknown == 1 ? "has" : "have"),
                            {}));
  return out;
}

std::vector<Problem> UnreadTexts::unknown_labels(const TableEncoding& encoding) const {
  std::vector<Problem> out;
  for (const auto& [g, count] : groups_)
    if (count.unknown > 0 && encoding.groups[g].tags)
      out.push_back(warning(
          fmt::format("target {}: {} {} labels that no training row has; scores of steps leave them out, "
                      "scores of whole rows count them as wrong",
                      in_quotes(encoding.features[encoding.groups[g].features.front()].name),
                      count_of(count.unknown, "row"), count.unknown == 1 ? "has" : "have"),
          {}));
  return out;
}

std::optional<Problem> mostly_unknown(const std::string& texts, std::int64_t unknown, std::int64_t tokens,
                                      int ids) {
  if (2 * unknown <= tokens) return {};
  return warning(fmt::format("{}: the vocabulary has {}, and {} of {} in training are unknown", texts,
                             count_of(ids - Tokenizer::first, "token"), unknown, count_of(tokens, "token")),
                 {"a smaller min_count or a larger vocabulary of the tokenizer keeps more of them"});
}

std::vector<Problem> mostly_unknown(const TableRows& rows, std::span<const std::int64_t> training,
                                    const TableEncoding& encoding) {
  std::vector<Problem> out;
  each_time_axis(encoding, [&](const PortPlan& plan) {
    const GroupColumns& group = encoding.groups[plan.group];
    if (!group.text) return;
    const Steps& steps = rows.steps(plan.time);
    const int ids = group.text->tokenizer->size();
    std::int64_t unknown = 0, tokens = 0;
    for (const std::int64_t row : training) {
      const auto r = static_cast<std::size_t>(row);
      for (std::int64_t i = steps.begins[r]; i < steps.begins[r + 1]; ++i) {
        const std::int32_t code = steps.codes[static_cast<std::size_t>(i)];
        tokens += code < ids && code != Tokenizer::end;
        unknown += code == Tokenizer::unknown && steps.unread[r].unknown;
      }
    }
    if (auto problem = mostly_unknown(columns_of(encoding, group), unknown, tokens, ids))
      out.push_back(std::move(*problem));
  });
  return out;
}

}  // namespace bpnet
