#include "data/number.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "data/order_statistics.hpp"
#include "math/normal_quantile.hpp"
#include "spec/table.hpp"

namespace bpnet {

namespace {

using Scale = Number::Scale;
using Missing = Number::Missing;
using Curve = NumberCode::Curve;

constexpr const char* scales[] = {"standard", "minmax", "robust", "robust_clip", "log1p", "quantile", "none"};
constexpr const char* missing_numbers[] = {"mean", "median", "mode", "constant", "drop", "error"};
constexpr const char* curves[] = {"line", "log1p", "clip", "quantile"};
constexpr std::size_t most_knots = 1000;
constexpr double clip_at = 3;

double signed_log1p(double x) { return std::copysign(std::log1p(std::abs(x)), x); }

double unless_zero(double x) { return x > 0 ? x : 1; }

/// Mean and deviation of the logarithms.
Line standard_log1p(std::span<const double> sorted, double origin) {
  double mean = 0, squares = 0;
  const auto n = static_cast<double>(sorted.size());
  for (const double raw : sorted) mean += signed_log1p(raw + origin) / n;
  for (const double raw : sorted) squares += std::pow(signed_log1p(raw + origin) - mean, 2);
  return {mean, sorted.front() == sorted.back() ? 1 : unless_zero(std::sqrt(squares / n))};
}

/// Position of the last knot that is not above x, which is not below the first. Without branches, as no
/// processor can guess them here.
std::size_t last_not_above(std::span<const double> knots, double x) {
  std::size_t at = 0;
  for (std::size_t left = knots.size(); left > 1;) {
    const std::size_t half = left / 2;
    at += knots[at + half] <= x ? half : 0;
    left -= half;
  }
  return at;
}

/// The rank of x among the knots, 0 to 1: the middle of the ranks of equal ones.
double rank_among(std::span<const double> knots, double x) {
  const auto last = static_cast<double>(knots.size() - 1);
  const std::size_t below = last_not_above(knots, x);
  if (knots[below] == x) {
    const auto first = std::lower_bound(knots.begin(), knots.end(), x) - knots.begin();
    return (static_cast<double>(first) + static_cast<double>(below)) / (2 * last);
  }
  const double share = (x - knots[below]) / (knots[below + 1] - knots[below]);
  return (static_cast<double>(below) + share) / last;
}

double normal_by_rank(std::span<const double> knots, double x) {
  constexpr double least = 1e-7;  // rank of what is at the ends or beyond
  const bool lowest = x <= knots.front(), highest = x >= knots.back();
  if (lowest && highest) return 0;
  const double rank = lowest ? 0 : highest ? 1 : rank_among(knots, x);
  return math::normal_quantile(std::clamp(rank, least, 1 - least));
}

template <class E, std::size_t N>
E word_at(const nlohmann::json& json, const char* key, const char* const (&words)[N]) {
  const auto text = json.at(key).get<std::string>();
  for (std::size_t i = 0; i < N; ++i)
    if (text == words[i]) return static_cast<E>(i);
  throw nlohmann::json::other_error::create(501, "no " + std::string(key) + " is called " + text, &json);
}

}  // namespace

void Number::visit(Visitor& v) {
  v("scale", scale, scales,
    "by the training rows; standard: mean 0, deviation 1; minmax: from 0 to 1; robust: median 0, quartiles 1 "
    "apart; robust_clip: the same, smoothly within -3 and 3; log1p: sign(x) log(1 + |x|), then standard; "
    "quantile: normally distributed ranks; none: as it is");
  v("missing", missing, missing_numbers,
    "what stands for a missing cell: mean, median or mode of the training rows, or a constant; drop: its row "
    "is left out; error: it may not be missing");
  v.optional("value", value, "none", any_number(), "the constant, in the column's unit");
  v("indicator", indicator, "a second input that is 1 where the cell is missing, if training rows miss some");
}

std::vector<std::string> Number::faults() const {
  const bool constant = missing == Missing::constant;
  if (constant && !value) return {"missing: constant needs its value, as in {missing: constant, value: 0}"};
  if (!constant && value) return {"value is for missing: constant"};
  return {};
}

bool Number::needs_order() const {
  const bool plain = scale == Scale::standard || scale == Scale::none;
  return !plain || missing == Missing::median || missing == Missing::mode;
}

bool Number::straight() const {
  return scale == Scale::standard || scale == Scale::minmax || scale == Scale::robust || scale == Scale::none;
}

Line line_of(Scale scale, const Moments& moments, std::span<const double> sorted) {
  if (scale == Scale::standard) return {moments.mean, unless_zero(moments.deviation)};
  if (scale == Scale::none || sorted.empty()) return {};
  const double range = sorted.back() - sorted.front();
  if (scale == Scale::minmax) return {sorted.front(), unless_zero(range)};
  const double quartiles = quantile_of(sorted, 3, 4) - quantile_of(sorted, 1, 4);
  const bool most_are_one = quartiles == 0 && scale == Scale::robust_clip;
  return {quantile_of(sorted, 1, 2), unless_zero(most_are_one ? range / 2 : quartiles)};
}

NumberCode NumberCode::fit(const Number& type, const Moments& of_raw, double origin,
                           std::span<const double> sorted) {
  NumberCode code;
  code.origin = origin;
  Line line = line_of(type.scale, of_raw, sorted);
  if (type.scale == Scale::none) line.shift = -origin;
  if (type.scale == Scale::robust_clip) code.curve = Curve::clip;
  if (type.scale == Scale::log1p && !sorted.empty()) {
    code.curve = Curve::log1p;
    line = standard_log1p(sorted, origin);
  }
  if (type.scale == Scale::quantile && !sorted.empty()) {
    code.curve = Curve::quantile;
    const std::size_t count = std::clamp<std::size_t>(sorted.size(), 2, most_knots);
    for (std::size_t i = 0; i < count; ++i) code.knots.push_back(quantile_of(sorted, i, count - 1));
  }
  code.shift = line.shift;
  code.divisor = line.divisor;
  code.refuse_missing = type.missing == Missing::error;
  code.drop_missing = type.missing == Missing::drop;
  code.indicator = type.indicator && of_raw.missing > 0 && !code.refuse_missing && !code.drop_missing;
  double stand_in = of_raw.mean;
  if (type.missing == Missing::median && !sorted.empty()) stand_in = quantile_of(sorted, 1, 2);
  if (type.missing == Missing::mode && !sorted.empty()) stand_in = mode_of(sorted);
  if (type.missing == Missing::constant) stand_in = type.value.value_or(0) - origin;
  code.fill = code.input(stand_in);
  return code;
}

double NumberCode::input(double raw) const {
  switch (curve) {
    case Curve::line:
      break;
    case Curve::log1p:
      return (signed_log1p(raw + origin) - shift) / divisor;
    case Curve::clip: {
      const double z = (raw - shift) / divisor;
      return z / std::sqrt(1 + (z / clip_at) * (z / clip_at));
    }
    case Curve::quantile:
      return normal_by_rank(knots, raw);
  }
  return (raw - shift) / divisor;
}

nlohmann::json NumberCode::to_json() const {
  return {{"curve", curves[static_cast<std::size_t>(curve)]},
          {"origin", origin},
          {"shift", shift},
          {"divisor", divisor},
          {"fill", fill},
          {"knots", knots},
          {"indicator", indicator},
          {"refuse_missing", refuse_missing},
          {"drop_missing", drop_missing}};
}

NumberCode NumberCode::from_json(const nlohmann::json& json) {
  NumberCode code;
  code.curve = word_at<Curve>(json, "curve", curves);
  json.at("origin").get_to(code.origin);
  json.at("shift").get_to(code.shift);
  json.at("divisor").get_to(code.divisor);
  json.at("fill").get_to(code.fill);
  json.at("knots").get_to(code.knots);
  json.at("indicator").get_to(code.indicator);
  json.at("refuse_missing").get_to(code.refuse_missing);
  json.at("drop_missing").get_to(code.drop_missing);
  const bool knots_fit = code.curve != Curve::quantile ||
                         (code.knots.size() >= 2 && std::is_sorted(code.knots.begin(), code.knots.end()));
  if (code.divisor == 0 || !knots_fit)
    throw nlohmann::json::other_error::create(501, "a number's scale makes no sense", &json);
  return code;
}

namespace column_type_entries {
extern const Entry number = {"number",
                             "a quantity, scaled by the statistics of the training rows",
                             "numeric numerical float int integer continuous real",
                             "number: {scale: standard, missing: mean, indicator: true}",
                             "",
                             make<Number>};
}

}  // namespace bpnet
