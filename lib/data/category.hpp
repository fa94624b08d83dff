#pragma once
// Columns of labels.

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/column_type.hpp"
#include "data/csv_number.hpp"
#include "data/read_plan.hpp"

namespace bpnet {

struct Category final : ColumnType {
  enum class Encode : std::uint8_t { automatic, one_hot, embedding } encode = Encode::automatic;
  std::int64_t min_count = 1;
  std::optional<std::string> positive;
  Replacements replace;
  void visit(Visitor&) override;
  Cells cells() const override { return Cells::texts; }
};

/// Up to as many labels are one-hot by default.
inline constexpr int one_hot_at_most = 16;
/// The label of missing cells.
inline constexpr const char* missing_label = "(missing)";
/// The label that stands for all labels of too few training rows.
inline constexpr const char* rare_label = "(rare)";

/// How often each text of a column's dictionary stands in the training rows, and where first.
struct LabelCounts {
  std::vector<std::int64_t> counts, first_rows;
  std::int64_t missing = 0;
};
LabelCounts count_labels(const LabelColumn& column, std::span<const std::int64_t> training);

/// The labels of a column, learnt from the training rows, and the numbers that stand for them.
class Labels {
 public:
  /// Texts counted at least `min_count` times, sorted, then one label for the others, if there are any. If
  /// all are numbers without padding, equal values are one label, called as first written, and labels are
  /// sorted by value.
  static Labels fit(const Dictionary& texts, const LabelCounts& counts, NumberMarks marks,
                    std::int64_t min_count);
  /// Missing cells are a label of their own, the last.
  void add_missing(std::int64_t count);
  /// Moves a label to the end. False if there is no such label.
  bool move_last(std::string_view label);

  const std::vector<std::string>& names() const { return names_; }
  const std::vector<std::int64_t>& counts() const { return counts_; }
  int size() const { return static_cast<int>(names_.size()); }
  /// Position of a cell's label; -1: none.
  std::int32_t find(std::string_view text) const;
  /// Position of the label of missing cells; -1: none.
  std::int32_t missing() const { return missing_; }

  nlohmann::json to_json() const;
  static Labels from_json(const nlohmann::json&);

 private:
  void index();
  void index(const std::string& text, std::int32_t position);
  std::vector<std::string> names_;
  std::vector<std::int64_t> counts_;  // training rows of each
  bool by_value_ = false;
  NumberMarks marks_;
  std::int32_t missing_ = -1, rare_ = -1;  // positions; -1: none
  std::vector<std::string> rare_texts_;
  std::unordered_map<std::string, std::int32_t> positions_;
  std::map<double, std::int32_t> values_;
};

/// How labels of a feature become inputs.
struct LabelCode {
  Labels labels;
  int embedding_width = 0;  // 0: one-hot
  Replacements replace;
  static LabelCode fit(const Category& type, const LabelColumn& column,
                       std::span<const std::int64_t> training, NumberMarks marks);
  nlohmann::json to_json() const;
  static LabelCode from_json(const nlohmann::json&);
};

}  // namespace bpnet
