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

/// Different ones, up to distinct_at_most.
std::int64_t distinct_doubles(std::span<const double> numbers) {
  std::unordered_set<double> seen;
  for (const double x : numbers) {
    if (seen.size() == static_cast<std::size_t>(distinct_at_most)) break;
    if (!std::isnan(x)) seen.insert(x);
  }
  return static_cast<std::int64_t>(seen.size());
}

/// Different dates, with their times, or, where those are not kept, dates whose parts differ; up to
/// distinct_at_most.
std::int64_t distinct_dates(const RawTable& raw, const ReadColumn& column) {
  if (column.key >= 0) return distinct_doubles(raw.exacts[static_cast<std::size_t>(column.key)]);
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
    if (column.kind == Kind::exact)
      columns[c].distinct = distinct_doubles(raw.exacts[static_cast<std::size_t>(column.slot)]);
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

/// Tells of a print whether it may be among those it was made of: one in 32 others passes, or fewer.
class Sieve {
 public:
  explicit Sieve(std::span<const std::uint64_t> prints)
      : bits_(std::bit_ceil(32 * prints.size() + 64)), mask_(bits_.size() - 1) {
    for (const std::uint64_t print : prints) bits_[print & mask_] = true;
  }
  bool passes(std::uint64_t print) const { return bits_[print & mask_]; }

 private:
  std::vector<bool> bits_;
  std::size_t mask_;
};

/// Calls f(first, some of the rows) for all of them, on several threads.
template <class F>
void by_tiles(std::span<const std::int64_t> rows, F f) {
  constexpr std::size_t tile = 4096;
  constexpr double work_of_a_row = 100;
  math::parallel(static_cast<std::ptrdiff_t>((rows.size() + tile - 1) / tile),
                 work_of_a_row * static_cast<double>(rows.size()), [&](std::ptrdiff_t i) {
                   const std::size_t first = static_cast<std::size_t>(i) * tile;
                   f(first, rows.subspan(first, std::min(tile, rows.size() - first)));
                 });
}

Printed printed(const TableRows& rows, std::span<const std::int64_t> of) {
  Printed out{{of.begin(), of.end()}, std::vector<std::uint64_t>(of.size())};
  by_tiles(of, [&](std::size_t first, auto some) { rows.short_prints(some, out.prints.data() + first); });
  return out;
}

/// Those whose print is, most likely, among the prints of others.
Printed sifted(const TableRows& rows, std::span<const std::int64_t> of, const Printed& others) {
  const Sieve sieve(others.prints);
  std::vector<std::uint64_t> prints(of.size());
  std::vector<char> passes(of.size());
  by_tiles(of, [&](std::size_t first, auto some) {
    rows.short_prints(some, prints.data() + first);
    for (std::size_t i = first; i < first + some.size(); ++i) passes[i] = sieve.passes(prints[i]);
  });
  Printed out;
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (!passes[i]) continue;
    out.rows.push_back(of[i]);
    out.prints.push_back(prints[i]);
  }
  return out;
}

/// Of whole rows.
std::vector<std::uint64_t> fingerprints(const TableRows& rows, std::span<const std::int64_t> of) {
  std::vector<std::uint64_t> out(of.size());
  by_tiles(of, [&](std::size_t first, auto some) {
    for (std::size_t i = 0; i < some.size(); ++i) out[first + i] = rows.fingerprint(some[i]);
  });
  return out;
}

}  // namespace

void warn_of_shared_rows(const TableRows& rows, const Dataset& parts, std::vector<Problem>& warnings) {
  const auto all_test = parts.part(Part::test);
  const Printed training = sifted(rows, parts.part(Part::training), printed(rows, all_test));
  const auto known = fingerprints(rows, training.rows);
  const std::unordered_set<std::uint64_t> full(known.begin(), known.end());
  const auto test = fingerprints(rows, sifted(rows, all_test, training).rows);
  const auto shared =
      std::count_if(test.begin(), test.end(), [&](std::uint64_t print) { return full.contains(print); });
  if (shared == 0) return;
  const auto all = static_cast<std::int64_t>(all_test.size());
  warn(warnings, std::to_string(shared) + " of " + count_of(all, "test row") +
                     (shared == 1 ? " is" : " are") +
                     " among the training rows too, inputs and target alike");
}

}  // namespace bpnet
