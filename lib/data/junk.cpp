#include "data/junk.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <unordered_set>

#include "data/words.hpp"
#include "math/threads.hpp"

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

namespace {

/// Fingerprints of the named rows.
std::vector<std::uint64_t> fingerprints(const TableRows& rows, std::span<const std::int64_t> of) {
  std::vector<std::uint64_t> out(of.size());
  constexpr std::size_t tile = 4096;
  constexpr double work_of_a_row = 500;
  math::parallel(static_cast<std::ptrdiff_t>((of.size() + tile - 1) / tile),
                 work_of_a_row * static_cast<double>(of.size()), [&](std::ptrdiff_t i) {
                   const std::size_t first = static_cast<std::size_t>(i) * tile;
                   for (std::size_t k = first; k < std::min(of.size(), first + tile); ++k)
                     out[k] = rows.fingerprint(of[k]);
                 });
  return out;
}

/// Tells quickly of most prints that are not in a set that they are not.
class Sieve {
 public:
  explicit Sieve(const std::vector<std::uint64_t>& prints) : bits_(std::bit_ceil(32 * prints.size() + 64)) {
    for (const std::uint64_t print : prints) bits_[print & (bits_.size() - 1)] = true;
  }
  bool may_hold(std::uint64_t print) const { return bits_[print & (bits_.size() - 1)]; }

 private:
  std::vector<bool> bits_;
};

}  // namespace

void warn_of_shared_rows(const TableRows& rows, const Dataset& parts, std::vector<Problem>& warnings) {
  if (parts.part(Part::test).empty()) return;
  const auto training = fingerprints(rows, parts.part(Part::training)), test = fingerprints(rows, parts.part(Part::test));
  const Sieve sieve(test);
  std::unordered_set<std::uint64_t> likely;
  for (const std::uint64_t print : training)
    if (sieve.may_hold(print)) likely.insert(print);
  const auto shared = std::count_if(test.begin(), test.end(), [&](std::uint64_t print) { return likely.contains(print); });
  if (shared == 0) return;
  warn(warnings, std::to_string(shared) + " of " + count_of(static_cast<std::int64_t>(test.size()), "test row") +
                     (shared == 1 ? " is" : " are") + " among the training rows too, inputs and target alike");
}

}  // namespace bpnet
