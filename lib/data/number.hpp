#pragma once
// Columns of numbers.

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "data/column_type.hpp"

namespace bpnet {

struct Number final : ColumnType {
  enum class Scale : std::uint8_t {
    standard,
    minmax,
    robust,
    robust_clip,
    log1p,
    quantile,
    none
  } scale = Scale::standard;
  enum class Missing : std::uint8_t { mean, median, mode, constant, drop, error } missing = Missing::mean;
  std::optional<double> value;  // of Missing::constant
  bool indicator = true;
  void visit(Visitor&) override;
  Cells cells() const override { return Cells::numbers; }
  std::vector<std::string> faults() const override;
  /// Whether fitting needs the numbers in order, too.
  bool needs_order() const;
  /// True for the scales that are a shift and a factor: those that a target can have.
  bool straight() const;
};

/// Statistics of a column's numbers in the training rows.
struct Moments {
  std::int64_t count = 0, missing = 0;
  double mean = 0, deviation = 0;  // of the population
};

/// The shift and divisor of a scale; a column of one number is divided by 1. `sorted`: the training rows'
/// numbers, if the type needs their order.
struct Line {
  double shift = 0, divisor = 1;
};
Line line_of(Number::Scale scale, const Moments& moments, std::span<const double> sorted);

/// How numbers of a feature become inputs. A raw value is the float nearest to number - origin. An input is
///   line      (raw - shift) / divisor
///   log1p     (sign(x) log(1 + |x|) - shift) / divisor, x = raw + origin
///   clip      z / sqrt(1 + (z / 3)^2), z = (raw - shift) / divisor: straight in the middle, within -3 and 3
///             (Holzmueller, Grinsztajn, Steinwart 2024)
///   quantile  the standard normal number of the same rank among the training rows, within about -5.2 and 5.2
///             (scikit-learn's QuantileTransformer)
/// and `fill` if missing.
struct NumberCode {
  enum class Curve : std::uint8_t { line, log1p, clip, quantile } curve = Curve::line;
  double origin =
      0;  // not 0 only where the spread is tiny beside the values, which float could not tell apart
  double shift = 0, divisor = 1, fill = 0;
  std::vector<double> knots;    // of quantile: raw values of equally spaced ranks from 0 to 1
  bool indicator = false;       // followed by a column that is 1 where the number is missing
  bool refuse_missing = false;  // a missing cell is an error
  bool drop_missing = false;    // a row that misses it is left out
  /// `sorted`: as for line_of.
  static NumberCode fit(const Number& type, const Moments& of_raw, double origin,
                        std::span<const double> sorted);
  double input(double raw) const;  // of a number that is there
  nlohmann::json to_json() const;
  static NumberCode from_json(const nlohmann::json&);
};

}  // namespace bpnet
