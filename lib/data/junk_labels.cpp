#include <algorithm>
#include <map>

#include "data/junk.hpp"
#include "data/words.hpp"
#include "text/letters.hpp"

namespace bpnet {

namespace {

std::string_view without_blanks(std::string_view label) {
  constexpr const char* blanks = " \t\r\n";
  const std::size_t first = label.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return label.substr(first, label.find_last_not_of(blanks) - first + 1);
}

/// Of labels that are alike the one in most rows, better one without blanks around it; and another one.
struct LikePair {
  std::string kept, other;
};

/// Capitals may mean something in what is shorter, such as letters and units.
constexpr std::size_t shortest_word = 3;

std::vector<LikePair> like_pairs(const Labels& labels) {
  std::map<std::string, std::vector<std::size_t>> by_plain;
  for (std::size_t i = 0; i < labels.names().size(); ++i)
    by_plain[lower_case(without_blanks(labels.names()[i]))].push_back(i);
  std::vector<LikePair> out;
  for (const auto& [text, positions] : by_plain) {
    const auto worth = [&](std::size_t i) {
      const std::string& name = labels.names()[i];
      return std::pair(name == without_blanks(name), labels.counts()[i]);
    };
    const std::size_t kept =
        *std::max_element(positions.begin(), positions.end(),
                          [&](std::size_t a, std::size_t b) { return worth(a) < worth(b); });
    const std::string_view plain = without_blanks(labels.names()[kept]);
    for (const std::size_t i : positions)
      if (i != kept && (text.size() >= shortest_word || without_blanks(labels.names()[i]) == plain))
        out.push_back({labels.names()[kept], labels.names()[i]});
  }
  return out;
}

void warn_of_pairs(const std::string& column, const Labels& labels, bool target,
                   std::vector<Problem>& warnings) {
  constexpr std::size_t most = 3;
  const std::vector<LikePair> all = like_pairs(labels);
  if (all.empty()) return;
  std::string pairs, replace;
  for (std::size_t i = 0; i < std::min(most, all.size()); ++i) {
    pairs += (i ? ", " : "") + in_quotes(all[i].kept) + " and " + in_quotes(all[i].other);
    replace += (i ? ", " : "") + in_yaml(all[i].other) + ": " + in_yaml(all[i].kept);
  }
  if (all.size() > most)
    pairs += " and " + count_of(static_cast<std::int64_t>(all.size() - most), "more pair");
  warnings.push_back(
      {{},
       (target ? "target '" : "column '") + column + "' has " + (target ? "classes" : "labels") +
           " that differ only in capitals, or in blanks before or behind them: " + pairs,
       {"to join them: data.columns: {" + in_yaml(column) + ": {category: {replace: {" + replace +
        (all.size() > most ? ", ..." : "") + "}}}}, with what else is declared of it"},
       Severity::warning});
}

}  // namespace

void warn_of_like_labels(const TableEncoding& encoding, std::vector<Problem>& warnings) {
  for (const TargetColumn& target : encoding.target_columns)
    if (target.classes) warn_of_pairs(target.name, target.labels, true, warnings);
  for (const FeatureColumn& feature : encoding.features)
    if (const LabelCode* code = feature.labels()) warn_of_pairs(feature.name, code->labels, false, warnings);
}

}  // namespace bpnet
