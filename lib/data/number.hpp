#pragma once
// Columns of numbers.

#include <nlohmann/json_fwd.hpp>

#include "data/column_type.hpp"

namespace bpnet {

struct Number final : ColumnType {
  enum class Scale : std::uint8_t { standard, none } scale = Scale::standard;
  enum class Missing : std::uint8_t { mean, error } missing = Missing::mean;
  bool indicator = true;
  void visit(Visitor&) override;
  bool numbers() const override { return true; }
};

/// Statistics of a column's numbers in the training rows.
struct Moments {
  std::int64_t count = 0, missing = 0;
  double mean = 0, deviation = 0;  // of the population
};

/// How numbers of a feature become inputs. A raw value is the float nearest to number - origin; an input is
/// (raw - shift) / divisor, or `fill` if missing.
struct NumberCode {
  double origin =
      0;  // not 0 only where the spread is tiny beside the values, which float could not tell apart
  double shift = 0, divisor = 1, fill = 0;
  bool indicator = false;       // followed by a column that is 1 where the number is missing
  bool refuse_missing = false;  // a missing cell is an error
  static NumberCode fit(const Number& type, const Moments& of_raw, double origin);
  nlohmann::json to_json() const;
  static NumberCode from_json(const nlohmann::json&);
};

}  // namespace bpnet
