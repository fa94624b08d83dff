#include "data/number.hpp"

#include <nlohmann/json.hpp>

#include "spec/table.hpp"

namespace bpnet {

namespace {
constexpr const char* scales[] = {"standard", "none"};
constexpr const char* missing_words[] = {"mean", "error"};
}  // namespace

void Number::visit(Visitor& v) {
  v("scale", scale, scales, "standard: mean 0 and deviation 1 over the training rows; none: as it is");
  v("missing", missing, missing_words,
    "what stands for a missing cell: the mean of the training rows; or it is an error");
  v("indicator", indicator, "a second input that is 1 where the cell is missing, if training rows miss some");
}

NumberCode NumberCode::fit(const Number& type, const Moments& of_raw, double origin) {
  NumberCode code;
  code.origin = origin;
  code.refuse_missing = type.missing == Number::Missing::error;
  code.indicator = type.indicator && of_raw.missing > 0 && !code.refuse_missing;
  if (type.scale == Number::Scale::standard) {
    code.shift = of_raw.mean;
    if (of_raw.deviation > 0) code.divisor = of_raw.deviation;
  } else {
    code.shift = -origin;
    code.fill = of_raw.mean + origin;
  }
  return code;
}

nlohmann::json NumberCode::to_json() const {
  return {{"origin", origin}, {"shift", shift},         {"divisor", divisor},
          {"fill", fill},     {"indicator", indicator}, {"refuse_missing", refuse_missing}};
}

NumberCode NumberCode::from_json(const nlohmann::json& json) {
  NumberCode code;
  json.at("origin").get_to(code.origin);
  json.at("shift").get_to(code.shift);
  json.at("divisor").get_to(code.divisor);
  json.at("fill").get_to(code.fill);
  json.at("indicator").get_to(code.indicator);
  json.at("refuse_missing").get_to(code.refuse_missing);
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
