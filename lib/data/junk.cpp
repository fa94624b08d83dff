#include "data/junk.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <unordered_set>

#include "core/hash.hpp"
#include "data/date.hpp"
#include "data/words.hpp"
#include "math/threads.hpp"

namespace bpnet {

namespace {

using Kind = ReadColumn::Kind;
using As = ColumnUse::As;
constexpr std::int64_t distinct_at_most = ColumnReport::distinct_at_most;

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

/// Dates whose parts differ, up to distinct_at_most.
std::int64_t distinct_dates(const RawTable& raw, const ReadColumn& column) {
  const auto width = static_cast<std::size_t>(column.date->width());
  std::unordered_set<std::uint64_t> seen;
  for (std::int64_t r = 0; r < raw.rows && seen.size() < static_cast<std::size_t>(distinct_at_most); ++r) {
    const std::span parts(raw.numbers.row(r) + column.slot, width);
    if (width > 0 && !std::isnan(parts[0])) seen.insert(hash64(std::as_bytes(parts)));
  }
  return static_cast<std::int64_t>(seen.size());
}

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
    if (!columns[c].missing) continue;  // not looked at
    if (column.kind == Kind::label) columns[c].distinct = std::min(distinct_at_most, uses[c].facts.distinct);
    if (column.kind != Kind::exact) continue;
    DistinctFloats seen;
    for (const double x : raw.exacts[static_cast<std::size_t>(column.slot)])
      if (!seen.add(static_cast<float>(x))) break;
    columns[c].distinct = seen.count();
  }
  for (std::size_t c = 0; c < columns.size(); ++c)
    if (plan.columns[c].kind == Kind::date) columns[c].distinct = distinct_dates(raw, plan.columns[c]);
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
    if (encoding.features[f].image() || encoding.features[f].text() || encoding.features[f].sequence())
      continue;
    if (const LabelCode* labels = encoding.features[f].labels()) {
      if (labels->labels.size() != 1) continue;
      value = in_quotes(labels->labels.names()[0]);
    } else if (const DateCode* date = encoding.features[f].date()) {
      const auto all = moments.subspan(static_cast<std::size_t>(plan.columns[c].slot), date->columns.size());
      if (std::any_of(all.begin(), all.end(),
                      [](const Moments& m) { return m.deviation > 0 || m.missing > 0; }))
        continue;
      value = "the same date";
    } else {
      const Moments& m = moments[static_cast<std::size_t>(plan.columns[c].slot)];
      if (m.deviation > 0 || m.missing > 0) continue;
      value = short_number(m.mean + plan.columns[c].origin);
    }
    warn(warnings, "column '" + roles.names[c] + "' is " + value + " in every training row",
         {ignore_it(roles.names[c])});
  }
}

namespace {

/// Rows with their short prints.
struct Printed {
  std::vector<std::int64_t> rows;
  std::vector<std::uint64_t> prints;
};

Printed printed(const TableRows& rows, std::span<const std::int64_t> of) {
  Printed out{{of.begin(), of.end()}, std::vector<std::uint64_t>(of.size())};
  constexpr std::size_t tile = 4096;
  constexpr double work_of_a_row = 100;
  math::parallel(static_cast<std::ptrdiff_t>((of.size() + tile - 1) / tile),
                 work_of_a_row * static_cast<double>(of.size()), [&](std::ptrdiff_t i) {
                   const std::size_t first = static_cast<std::size_t>(i) * tile;
                   rows.short_prints(of.subspan(first, std::min(tile, of.size() - first)),
                                     out.prints.data() + first);
                 });
  return out;
}

/// Leaves the rows whose print is, most likely, among the prints of others.
void sift(Printed& rows, const Printed& others) {
  std::vector<bool> sieve(std::bit_ceil(32 * others.prints.size() + 64));
  const std::size_t mask = sieve.size() - 1;
  for (const std::uint64_t print : others.prints) sieve[print & mask] = true;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    if (!sieve[rows.prints[i] & mask]) continue;
    rows.rows[kept] = rows.rows[i];
    rows.prints[kept++] = rows.prints[i];
  }
  rows.rows.resize(kept);
  rows.prints.resize(kept);
}

}  // namespace

void warn_of_shared_rows(const TableRows& rows, const Dataset& parts, std::vector<Problem>& warnings) {
  Printed training = printed(rows, parts.part(Part::training)), test = printed(rows, parts.part(Part::test));
  sift(training, test);
  sift(test, training);
  std::unordered_set<std::uint64_t> full;
  for (const std::int64_t row : training.rows) full.insert(rows.fingerprint(row));
  const auto shared = std::count_if(test.rows.begin(), test.rows.end(),
                                    [&](std::int64_t row) { return full.contains(rows.fingerprint(row)); });
  if (shared == 0) return;
  const auto all = static_cast<std::int64_t>(parts.part(Part::test).size());
  warn(warnings, std::to_string(shared) + " of " + count_of(all, "test row") +
                     (shared == 1 ? " is" : " are") +
                     " among the training rows too, inputs and target alike");
}

}  // namespace bpnet
