#include "data/junk.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <unordered_set>

#include "data/words.hpp"

namespace bpnet {

namespace {

using Kind = ReadColumn::Kind;
using As = ColumnUse::As;
constexpr std::int64_t distinct_at_most = 1000;

void warn(std::vector<Problem>& warnings, std::string message, std::vector<std::string> help = {}) {
  warnings.push_back({{}, std::move(message), std::move(help), Severity::warning});
}

std::string ignore_it(const std::string& column) { return "data.ignore: [" + in_yaml(column) + "]"; }

/// Up to distinct_at_most different numbers.
class DistinctFloats {
 public:
  DistinctFloats() : places_(4096, empty) {}
  /// False when enough were seen.
  bool add(float x) {
    if (std::isnan(x)) return true;
    const auto bits = std::bit_cast<std::uint32_t>(x == 0 ? 0.0f : x);
    std::size_t at = (bits * 2654435761u) >> 20;
    while (places_[at] != empty && places_[at] != bits) at = (at + 1) % places_.size();
    if (places_[at] == bits) return true;
    places_[at] = bits;
    return ++count_ < distinct_at_most;
  }
  std::int64_t count() const { return count_; }

 private:
  static constexpr std::uint32_t empty = 0xFFFFFFFF;  // the bits of a NaN
  std::vector<std::uint32_t> places_;
  std::int64_t count_ = 0;
};

}  // namespace

void count_distinct(const RawTable& raw, const ReadPlan& plan, const std::vector<ColumnUse>& uses,
                    std::vector<ColumnReport>& columns) {
  struct Open {
    std::size_t column;
    int slot;
    DistinctFloats seen;
  };
  std::vector<Open> open;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const ReadColumn& column = plan.columns[c];
    if (column.kind == Kind::number) open.push_back({c, column.slot, {}});
    if (column.kind == Kind::label) columns[c].distinct = std::min(distinct_at_most, uses[c].facts.distinct);
    if (column.kind != Kind::exact) continue;
    DistinctFloats seen;
    for (const double x : raw.exacts[static_cast<std::size_t>(column.slot)])
      if (!seen.add(static_cast<float>(x))) break;
    columns[c].distinct = seen.count();
  }
  for (std::int64_t r = 0; r < raw.rows && !open.empty(); ++r) {
    const float* row = raw.numbers.row(r);
    bool full = false;
    for (Open& o : open) {
      const bool goes_on = o.seen.add(row[o.slot]);
      if (!goes_on || r + 1 == raw.rows) columns[o.column].distinct = o.seen.count();
      full = full || !goes_on;
    }
    if (full) std::erase_if(open, [](const Open& o) { return o.seen.count() >= distinct_at_most; });
  }
}

void warn_of_counters(const RawTable& raw, const ReadPlan& plan, const Roles& roles,
                      const std::vector<ColumnUse>& uses, std::vector<Problem>& warnings) {
  constexpr std::int64_t enough = 10;
  if (raw.rows < enough) return;
  for (const std::size_t c : roles.features) {
    if (uses[c].as != As::number) continue;
    const int slot = plan.columns[c].slot;
    const float step = raw.numbers.row(1)[slot] - raw.numbers.row(0)[slot];
    bool counts = step != 0;
    for (std::size_t s = 0; s + 1 < raw.first_rows.size() && counts; ++s)
      for (std::int64_t r = raw.first_rows[s] + 1; r < raw.first_rows[s + 1] && counts; ++r)
        counts = raw.numbers.row(r)[slot] - raw.numbers.row(r - 1)[slot] == step;
    if (counts)
      warn(warnings,
           "column '" + roles.names[c] + "' only counts the rows: it changes by " +
               short_number(static_cast<double>(step)) + " from each to the next",
           {ignore_it(roles.names[c])});
  }
}

void warn_of_constants(const TableEncoding& encoding, std::span<const Moments> moments, const ReadPlan& plan,
                       const Roles& roles, std::vector<Problem>& warnings) {
  for (std::size_t f = 0; f < roles.features.size(); ++f) {
    const std::size_t c = roles.features[f];
    std::string value;
    if (const LabelCode* labels = encoding.features[f].labels()) {
      if (labels->labels.size() != 1) continue;
      value = in_quotes(labels->labels.names()[0]);
    } else {
      const Moments& m = moments[static_cast<std::size_t>(plan.columns[c].slot)];
      if (m.deviation > 0 || m.missing > 0) continue;
      value = short_number(m.mean + plan.columns[c].origin);
    }
    warn(warnings, "column '" + roles.names[c] + "' is " + value + " in every training row",
         {ignore_it(roles.names[c])});
  }
}

void warn_of_shared_rows(const TableRows& rows, const Dataset& parts, std::vector<Problem>& warnings) {
  const auto training = parts.part(Part::training), test = parts.part(Part::test);
  if (test.empty()) return;
  std::unordered_set<std::uint64_t> of_test;
  of_test.reserve(test.size());
  for (const std::int64_t row : test) of_test.insert(rows.fingerprint(row));
  std::unordered_set<std::uint64_t> shared;
  for (const std::int64_t row : training)
    if (const std::uint64_t print = rows.fingerprint(row); of_test.contains(print)) shared.insert(print);
  if (shared.empty()) return;
  const auto count = std::count_if(test.begin(), test.end(),
                                   [&](std::int64_t row) { return shared.contains(rows.fingerprint(row)); });
  warn(warnings, std::to_string(count) + " of " + count_of(static_cast<std::int64_t>(test.size()), "test row") +
                     (count == 1 ? " is" : " are") + " among the training rows too, inputs and target alike");
}

}  // namespace bpnet
