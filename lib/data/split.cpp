#include "data/split.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>

#include "core/random.hpp"
#include "math/threads.hpp"

namespace bpnet {

namespace {

constexpr std::size_t fewest_to_cut = 3;  // rows of a class

/// How many of the first `n` rows of the whole order belong to a part of this share, rounded.
std::size_t share_of(double share, std::size_t n) {
  return static_cast<std::size_t>(std::floor(share * static_cast<double>(n) + 0.5));
}

/// Draws rows of one class after the other for test and validation. Counting on over all classes keeps both
/// the shares of each class and the sizes of the parts within a row of what was asked.
class PartCutter {
 public:
  PartCutter(Shares shares, std::vector<Part>& parts) : shares_(shares), parts_(parts) {}
  /// `rows`: positions of the rows of one class; they are put into another order.
  void cut(Draw draw, std::span<std::uint32_t> rows) {
    const std::size_t before = seen_;
    seen_ += rows.size();
    const auto part_of_class = [&](double share) { return share_of(share, seen_) - share_of(share, before); };
    // One row stays to learn from.
    const std::size_t held_out = std::min(part_of_class(shares_.test + shares_.validation), rows.size() - 1);
    const std::size_t test = std::min(part_of_class(shares_.test), held_out);
    // A shuffle (Fisher and Yates) that ends when enough are drawn. Which places are swapped is known before
    // they are needed; waiting for memory would be most of the work.
    constexpr std::size_t tile = 16384, ahead = 32;
    constexpr double work_of_a_draw = 50;
    places_.resize(std::max(places_.size(), held_out));
    math::parallel(static_cast<std::ptrdiff_t>((held_out + tile - 1) / tile),
                   work_of_a_draw * static_cast<double>(held_out), [&](std::ptrdiff_t t) {
                     const std::size_t first = static_cast<std::size_t>(t) * tile;
                     for (std::size_t i = first; i < std::min(held_out, first + tile); ++i)
                       places_[i] = static_cast<std::uint32_t>(i + draw.index(0, i, rows.size() - i));
                   });
    for (std::size_t i = 0; i < held_out; ++i) {
      if (i + ahead < held_out) __builtin_prefetch(&rows[places_[i + ahead]], 1);
      std::swap(rows[i], rows[places_[i]]);
    }
    for (std::size_t i = 0; i < held_out; ++i) parts_[rows[i]] = i < test ? Part::test : Part::validation;
  }

 private:
  Shares shares_;
  std::vector<Part>& parts_;
  std::vector<std::uint32_t> places_;
  std::size_t seen_ = 0;
};

}  // namespace

void check_split(const SplitSettings& settings) {
  std::vector<Problem> problems;
  const auto check = [&](const char* key, const Length& length) {
    if (length.unit != Length::Unit::percent || length.value < 0 || length.value >= 100)
      problems.push_back(
          {{}, std::string("data.split.") + key + " must be a percentage from 0% to less than 100%", {}});
  };
  check("validation", settings.validation);
  check("test", settings.test);
  if (problems.empty() && settings.validation.value + settings.test.value >= 100)
    problems.push_back({{}, "data.split: validation and test together leave no training rows", {}});
  std::string cutters;
  int count = 0;
  for (const auto& [key, given] : {std::pair{"group", !settings.group.empty()},
                                   {"order", !settings.order.empty()},
                                   {"column", !settings.column.empty()},
                                   {"stratify: true", settings.stratify == SplitSettings::Stratify::yes}})
    if (given) cutters += (count++ ? " and " : "") + std::string(key);
  if (count > 1)
    problems.push_back(
        {{}, "data.split: rows cannot be cut by " + cutters + " at once", {"keep one of them"}});
  if (!problems.empty()) throw Error(Fault::configuration, std::move(problems));
}

std::optional<Part> part_named(std::string_view word) {
  std::string small(word);
  for (char& c : small)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (small == "train" || small == "training") return Part::training;
  if (small == "validation" || small == "val" || small == "valid" || small == "dev") return Part::validation;
  if (small == "test") return Part::test;
  return {};
}

Parts draw_parts(std::span<const std::int64_t> rows, std::span<const std::int32_t> classes, Shares shares,
                 std::int64_t seed) {
  const Draw draw = Draw::of(static_cast<std::uint64_t>(seed), stream_of("data.split"));
  std::vector<std::vector<std::uint32_t>> groups(1);
  if (classes.empty()) {
    groups[0].resize(rows.size());
    std::iota(groups[0].begin(), groups[0].end(), 0U);
  }
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto group = static_cast<std::size_t>(classes[i]);
    if (groups.size() <= group) groups.resize(group + 1);
    groups[group].push_back(static_cast<std::uint32_t>(i));
  }
  std::vector<Part> part_of(rows.size(), Part::training);
  PartCutter cutter(shares, part_of);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (groups[g].empty() || (groups.size() > 1 && groups[g].size() < fewest_to_cut)) continue;
    cutter.cut(draw.sub(g), groups[g]);
  }
  Parts parts;
  std::array<std::int64_t*, 3> next;
  for (const Part part : {Part::training, Part::validation, Part::test}) {
    std::vector<std::int64_t>& of = parts[static_cast<std::size_t>(part)];
    of.resize(static_cast<std::size_t>(std::count(part_of.begin(), part_of.end(), part)));
    next[static_cast<std::size_t>(part)] = of.data();
  }
  for (std::size_t i = 0; i < rows.size(); ++i) *next[static_cast<std::size_t>(part_of[i])]++ = rows[i];
  return parts;
}

namespace {

/// Rows that stay together.
struct Bundle {
  std::uint64_t order;
  std::vector<std::int64_t> rows;
};

std::vector<Bundle> bundles_of(std::span<const std::int64_t> rows, std::span<const std::int32_t> groups,
                               const Dictionary& names, Draw draw) {
  std::vector<Bundle> bundles(names.size());
  for (std::size_t g = 0; g < names.size(); ++g) bundles[g].order = draw.sub(stream_of(names[g])).key;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (groups[i] >= 0)
      bundles[static_cast<std::size_t>(groups[i])].rows.push_back(rows[i]);
    else
      bundles.push_back({draw.sub(static_cast<std::uint64_t>(rows[i])).key, {rows[i]}});
  std::erase_if(bundles, [](const Bundle& b) { return b.rows.empty(); });
  std::stable_sort(bundles.begin(), bundles.end(),
                   [](const Bundle& a, const Bundle& b) { return a.order < b.order; });
  return bundles;
}

/// Moves bundles from the first on to a part until it has its share: one that would take it further from it
/// than it is stays. The smallest goes if that leaves the part empty.
void take_share(std::vector<Bundle>& bundles, double wanted, std::vector<std::int64_t>& part) {
  if (wanted <= 0) return;
  const auto take = [&](const Bundle& bundle) {
    part.insert(part.end(), bundle.rows.begin(), bundle.rows.end());
  };
  std::size_t kept = 0;
  for (std::size_t i = 0; i < bundles.size(); ++i) {
    const double middle = static_cast<double>(part.size()) + static_cast<double>(bundles[i].rows.size()) / 2;
    const bool last = kept == 0 && i + 1 == bundles.size();  // one stays to learn from
    if (middle <= wanted && !last)
      take(bundles[i]);
    else if (kept++ != i)
      bundles[kept - 1] = std::move(bundles[i]);
  }
  bundles.erase(bundles.begin() + static_cast<std::ptrdiff_t>(kept), bundles.end());
  if (!part.empty() || bundles.size() < 2) return;
  const auto smallest =
      std::min_element(bundles.begin(), bundles.end(),
                       [](const Bundle& a, const Bundle& b) { return a.rows.size() < b.rows.size(); });
  take(*smallest);
  bundles.erase(smallest);
}

}  // namespace

Parts draw_groups(std::span<const std::int64_t> rows, std::span<const std::int32_t> groups,
                  const Dictionary& names, Shares shares, std::int64_t seed) {
  const Draw draw = Draw::of(static_cast<std::uint64_t>(seed), stream_of("data.split.group"));
  std::vector<Bundle> bundles = bundles_of(rows, groups, names, draw);
  const auto all = static_cast<double>(rows.size());
  Parts parts;
  take_share(bundles, shares.test * all, parts[static_cast<std::size_t>(Part::test)]);
  take_share(bundles, shares.validation * all, parts[static_cast<std::size_t>(Part::validation)]);
  for (const Bundle& bundle : bundles)
    parts[0].insert(parts[0].end(), bundle.rows.begin(), bundle.rows.end());
  for (auto& part : parts) std::sort(part.begin(), part.end());
  return parts;
}

Parts cut_in_order(std::span<const std::int64_t> rows, Shares shares) {
  if (rows.empty()) return {};
  const std::size_t held_out =
      std::min(share_of(shares.test + shares.validation, rows.size()), rows.size() - 1);
  const std::size_t test = std::min(share_of(shares.test, rows.size()), held_out);
  const auto training = rows.first(rows.size() - held_out), last = rows.last(test);
  const auto validation = rows.subspan(training.size(), held_out - test);
  Parts parts = {std::vector<std::int64_t>(training.begin(), training.end()),
                 std::vector<std::int64_t>(validation.begin(), validation.end()),
                 std::vector<std::int64_t>(last.begin(), last.end())};
  for (auto& part : parts) std::sort(part.begin(), part.end());
  return parts;
}

}  // namespace bpnet
