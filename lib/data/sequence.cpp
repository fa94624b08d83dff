#include "data/sequence.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "data/csv_number.hpp"
#include "spec/table.hpp"
#include "text/symbols.hpp"

namespace bpnet {

namespace {
constexpr const char* kinds[] = {"numbers", "symbols"};
constexpr std::int64_t longest_sequence = 1 << 20;
}  // namespace

void Sequence::visit(Visitor& v) {
  v("of", of, kinds, "numbers: one input a step; symbols: codes, for a stack that begins with an embedding");
  v("separator", separator, "what stands between two of them; blanks around it do not matter");
  v("max_length", max_length, between(1, longest_sequence),
    "steps that are read of a cell; the rest is cut off");
}

std::vector<std::string> Sequence::faults() const {
  if (separator.empty()) return {"separator may not be empty"};
  return {};
}

std::function<bool(std::string_view)> is_number_list(std::string separator, NumberMarks marks) {
  return [separator = std::move(separator), marks](std::string_view cell) {
    bool good = true;
    split_parts(cell, separator,
                [&](std::string_view part) { return good = parse_number(part, marks).has_value(); });
    return good;
  };
}

SequenceCode SequenceCode::fit(const Sequence& type, NumberMarks marks,
                               std::span<const std::string_view> cells) {
  SequenceCode code;
  code.separator = type.separator;
  code.marks = marks;
  code.max_length = static_cast<int>(type.max_length);
  code.allowed = is_number_list(type.separator, marks);
  double count = 0, mean = 0, squares = 0;
  for (const std::string_view cell : cells) {
    int steps = 0;
    split_parts(cell, type.separator, [&](std::string_view part) {  // West 1979
      if (const auto x = parse_number(part, marks)) {
        const double distance = *x - mean;
        mean += distance / ++count;
        squares += distance * (*x - mean);
      }
      return ++steps < code.max_length;
    });
  }
  code.shift = mean;
  if (squares > 0) code.divisor = std::sqrt(squares / count);
  return code;
}

bool SequenceCode::append(std::string_view cell, std::vector<float>& inputs) const {
  int steps = 0;
  split_parts(cell, separator, [&](std::string_view part) {
    if (++steps > max_length) return false;
    const double x = parse_number(part, marks).value_or(shift);
    inputs.push_back(static_cast<float>((x - shift) / divisor));
    return true;
  });
  return steps <= max_length;
}

nlohmann::json SequenceCode::to_json() const {
  return {{"separator", separator},
          {"decimal", marks.text()},
          {"max_length", max_length},
          {"shift", shift},
          {"divisor", divisor}};
}

SequenceCode SequenceCode::from_json(const nlohmann::json& json) {
  SequenceCode code;
  json.at("separator").get_to(code.separator);
  code.marks = NumberMarks::of(json.at("decimal").get<std::string>());
  json.at("max_length").get_to(code.max_length);
  json.at("shift").get_to(code.shift);
  json.at("divisor").get_to(code.divisor);
  if (code.separator.empty() || code.max_length < 1 || code.max_length > longest_sequence ||
      !std::isfinite(code.shift) || !std::isfinite(code.divisor) || code.divisor <= 0)
    throw nlohmann::json::other_error::create(501, "a sequence's form makes no sense", &json);
  code.allowed = is_number_list(code.separator, code.marks);
  return code;
}

namespace column_type_entries {
extern const Entry sequence = {"sequence",
                               "several numbers or symbols in a cell, in order",
                               "list array series vector time_series",
                               "sequence: {of: symbols, separator: \"|\"}",
                               "",
                               make<Sequence>};
}

}  // namespace bpnet
