#pragma once
// Columns of sequences: numbers or symbols, several in a cell.

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/column_type.hpp"
#include "data/csv_number.hpp"

namespace bpnet {

struct Sequence final : ColumnType {
  enum class Of : std::uint8_t { numbers, symbols } of = Of::numbers;
  std::string separator = " ";
  std::int64_t max_length = 1000;
  void visit(Visitor&) override;
  Cells cells() const override { return Cells::sequences; }
  std::vector<std::string> faults() const override;
};

/// True if each part of a cell is a number.
std::function<bool(std::string_view)> is_number_list(std::string separator, NumberMarks marks);

/// How sequences of numbers become inputs: (number - shift) / divisor. (Those of symbols are texts.)
struct SequenceCode {
  std::string separator;
  NumberMarks marks;
  int max_length = 1;
  double shift = 0, divisor = 1;
  std::function<bool(std::string_view)> allowed;  // is_number_list
  /// `cells`: of the training rows.
  static SequenceCode fit(const Sequence& type, NumberMarks marks, std::span<const std::string_view> cells);
  /// Appends the inputs of a cell; false if it has more than are read. What is no number is 0, the mean.
  bool append(std::string_view cell, std::vector<float>& inputs) const;
  nlohmann::json to_json() const;
  static SequenceCode from_json(const nlohmann::json&);
};

}  // namespace bpnet
