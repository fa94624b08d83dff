#pragma once
// Rows cut into parts.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "data/dataset.hpp"
#include "data/dictionary.hpp"

namespace bpnet {

/// Throws Error(configuration) if the shares are no percentages or leave no training rows, or if several
/// things are to say how rows are cut.
void check_split(const SplitSettings& settings);

/// The part that a word of the split column means: train, training, validation, val, valid, dev, test, in
/// letters of any size.
std::optional<Part> part_named(std::string_view word);

/// Shares of rows to cut off, 0 to 1.
struct Shares {
  double validation = 0, test = 0;
};

using Parts = std::array<std::vector<std::int64_t>, 3>;  // rows by Part, ascending

/// Draws rows for validation and test; the others are training rows. `classes` (by position in `rows`): each
/// class is cut in the same shares, and one of fewer than 3 rows stays in training; empty: rows are drawn
/// alike.
Parts draw_parts(std::span<const std::int64_t> rows, std::span<const std::int32_t> classes, Shares shares,
                 std::int64_t seed);

/// Draws groups of rows, whole ones, so that the parts come near to their shares; each part that has a share
/// gets a group if there is one for it. `groups` (by position in `rows`): -1 is a row by itself. `names` by
/// group: with the seed they alone decide in which order groups are drawn, not their rows.
Parts draw_groups(std::span<const std::int64_t> rows, std::span<const std::int32_t> groups,
                  const Dictionary& names, Shares shares, std::int64_t seed);

/// The last rows for the test, those before them for validation.
Parts cut_in_order(std::span<const std::int64_t> rows, Shares shares);

}  // namespace bpnet
