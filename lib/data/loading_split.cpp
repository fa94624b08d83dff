#include <algorithm>
#include <cmath>
#include <limits>

#include "data/loading.hpp"
#include "data/words.hpp"

namespace bpnet {

namespace {
using As = ColumnUse::As;
constexpr std::size_t few_rows = 30;
constexpr const char* part_names[] = {"training", "validation", "test"};
}  // namespace

std::vector<std::int64_t> Loading::rows_with_target(Part part) const {
  std::vector<std::int64_t> rows;
  for (std::size_t s = 0; s < files_.size(); ++s) {
    if (files_[s].part != part) continue;
    for (std::int64_t r = raw_.first_rows[s]; r < raw_.first_rows[s + 1]; ++r) {
      const auto i = static_cast<std::size_t>(r);
      const bool any = std::any_of(roles_.targets.begin(), roles_.targets.end(), [&](std::size_t c) {
        return uses_[c].as == As::classes ? labels_of(c).codes[i] >= 0 : !std::isnan(exacts_of(c)[i]);
      });
      if (any) rows.push_back(r);
    }
  }
  return rows;
}

std::vector<std::int32_t> Loading::strata(std::span<const std::int64_t> rows) const {
  using Stratify = SplitSettings::Stratify;
  const Stratify wish = settings_.split.stratify;
  if (wish == Stratify::no || (wish == Stratify::automatic && roles_.targets.size() > 1)) return {};
  const auto target = std::find_if(roles_.targets.begin(), roles_.targets.end(),
                                   [&](std::size_t c) { return uses_[c].as == As::classes; });
  if (target == roles_.targets.end()) {
    if (wish == Stratify::yes)
      throw Error(Fault::configuration, "data.split.stratify: yes needs a target of classes");
    return {};
  }
  const LabelColumn& column = labels_of(*target);
  const Labels labels = Labels::fit(column.texts, count_labels(column, rows), dialect().decimal, 1);
  std::vector<std::int32_t> positions;
  for (std::size_t k = 0; k < column.texts.size(); ++k) positions.push_back(labels.find(column.texts[k]));
  std::vector<std::int32_t> out;
  for (const std::int64_t row : rows) {
    // Rows without this target (but with another) make a stratum of their own.
    const std::int32_t code = column.codes[static_cast<std::size_t>(row)];
    out.push_back(code < 0 ? labels.size() : positions[static_cast<std::size_t>(code)]);
  }
  return out;
}

void Loading::split_by_column(std::span<const std::int64_t> rows) {
  const LabelColumn& column = labels_of(*roles_.split);
  for (const std::int64_t row : rows) {
    const auto code = static_cast<std::size_t>(column.codes[static_cast<std::size_t>(row)]);
    out_.parts[static_cast<std::size_t>(*part_named(column.texts[code]))].push_back(row);
  }
}

void Loading::split() {
  const std::vector<std::int64_t> rows = rows_with_target(Part::training);
  const double validation = settings_.split.validation.value / 100, test = settings_.split.test.value / 100;
  if (roles_.split) {
    split_by_column(rows);
  } else if (settings_.train.empty()) {
    out_.parts = draw_parts(rows, strata(rows), {validation, test}, settings_.split.seed);
  } else if (settings_.validation.empty()) {
    out_.parts = draw_parts(rows, strata(rows), {validation, 0}, settings_.split.seed);
  } else {
    out_.parts[0] = rows;
    out_.parts[1] = rows_with_target(Part::validation);
  }
  if (!settings_.test.empty()) out_.parts[2] = rows_with_target(Part::test);
  std::int64_t used = 0;
  for (const auto& part : out_.parts) used += static_cast<std::int64_t>(part.size());
  out_.without_target = raw_.rows - used;
  if (out_.without_target > 0)
    warn(count_of(out_.without_target, "row") + " without a target " +
         (out_.without_target == 1 ? "is" : "are") + " left out");
  if (out_.parts[0].empty()) throw Error(Fault::data, "no rows are left to learn from");
  remark_small_parts();
}

void Loading::remark_small_parts() {
  std::string small;
  for (std::size_t p = 0; p < out_.parts.size(); ++p) {
    const std::size_t n = out_.parts[p].size();
    if (n == 0 || n >= few_rows) continue;
    small += (small.empty() ? "" : ", ") + std::to_string(n) + " " + part_names[p];
  }
  if (!small.empty()) warn("few rows: " + small + "; scores on so few say little");
}

}  // namespace bpnet
