#include "data/split.hpp"

#include <algorithm>
#include <cmath>

#include "core/random.hpp"

namespace bpnet {

namespace {

constexpr std::size_t fewest_to_cut = 3;  // rows of a class

/// How many of the first `n` rows of the whole order belong to a part of this share, rounded.
std::size_t share_of(double share, std::size_t n) {
  return static_cast<std::size_t>(std::floor(share * static_cast<double>(n) + 0.5));
}

/// Cuts rows in their drawn order: test rows first, then validation.
class Cutter {
 public:
  Cutter(Shares shares, Parts& parts) : shares_(shares), parts_(parts) {}
  /// Takes one class after the other; counting on over all of them keeps both the shares of each class and the
  /// sizes of the parts within a row of what was asked.
  void cut(std::span<const std::int64_t> rows) {
    const std::size_t before = seen_;
    seen_ += rows.size();
    std::size_t test = share_of(shares_.test, seen_) - share_of(shares_.test, before);
    std::size_t held_out =
        share_of(shares_.test + shares_.validation, seen_) - share_of(shares_.test + shares_.validation, before);
    held_out = std::min(held_out, rows.size() - 1);  // one row stays to learn from
    test = std::min(test, held_out);
    add(Part::test, rows.first(test));
    add(Part::validation, rows.subspan(test, held_out - test));
    add(Part::training, rows.subspan(held_out));
  }
  void add(Part part, std::span<const std::int64_t> rows) {
    auto& to = parts_[static_cast<std::size_t>(part)];
    to.insert(to.end(), rows.begin(), rows.end());
  }

 private:
  Shares shares_;
  Parts& parts_;
  std::size_t seen_ = 0;
};

}  // namespace

void check_split(const SplitSettings& settings) {
  std::vector<Problem> problems;
  const auto check = [&](const char* key, const Length& length) {
    if (length.unit != Length::Unit::percent || length.value < 0 || length.value >= 100)
      problems.push_back({{}, std::string("data.split.") + key + " must be a percentage from 0% to less than 100%", {}});
  };
  check("validation", settings.validation);
  check("test", settings.test);
  if (problems.empty() && settings.validation.value + settings.test.value >= 100)
    problems.push_back({{}, "data.split: validation and test together leave no training rows", {}});
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
  Parts parts;
  if (rows.empty()) return parts;
  const Draw draw = Draw::of(static_cast<std::uint64_t>(seed), stream_of("data.split"));
  std::vector<std::vector<std::int64_t>> groups(1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t group = classes.empty() ? 0 : static_cast<std::size_t>(classes[i]);
    if (groups.size() <= group) groups.resize(group + 1);
    groups[group].push_back(rows[i]);
  }
  Cutter cutter(shares, parts);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (groups[g].empty()) continue;
    shuffle(draw.sub(g), groups[g].data(), groups[g].size());
    if (groups.size() > 1 && groups[g].size() < fewest_to_cut)
      cutter.add(Part::training, groups[g]);
    else
      cutter.cut(groups[g]);
  }
  for (auto& part : parts) std::sort(part.begin(), part.end());
  return parts;
}

}  // namespace bpnet
