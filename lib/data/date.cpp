#include "data/date.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "spec/spec.hpp"
#include "spec/table.hpp"

namespace bpnet {

namespace {

struct DatePart {
  const char* name;
  int period;  // values in a circle; 0: there is none
  double (*value)(const DateTime&);
  int from;  // the first value
};

constexpr DatePart all_parts[] = {
    {"year", 0, [](const DateTime& d) { return double(d.year); }, 0},
    {"month", 12, [](const DateTime& d) { return double(d.month); }, 1},
    {"day", 31, [](const DateTime& d) { return double(d.day); }, 1},
    {"year_day", 366, [](const DateTime& d) { return double(d.year_day() + 1); }, 1},
    {"weekday", 7, [](const DateTime& d) { return double(d.weekday() + 1); }, 1},
    {"hour", 24, [](const DateTime& d) { return double(d.hour); }, 0},
    {"minute", 60, [](const DateTime& d) { return double(d.minute); }, 0},
    {"second", 60, [](const DateTime& d) { return d.second; }, 0},
    {"days", 0, [](const DateTime& d) { return d.days(); }, 0},
};
constexpr std::size_t usual_parts[] = {0, 1, 4, 5};

constexpr const char* missing_dates[] = {"mean", "drop", "error"};

std::vector<std::string> names_of_parts() {
  std::vector<std::string> names;
  for (const DatePart& part : all_parts) names.emplace_back(part.name);
  return names;
}

bool counts_days(std::size_t part) { return std::string_view(all_parts[part].name) == "days"; }

std::optional<std::size_t> part_called(std::string_view name) {
  for (std::size_t i = 0; i < std::size(all_parts); ++i)
    if (name == all_parts[i].name) return i;
  return {};
}

}  // namespace

void Date::visit(Visitor& v) {
  v.unless_empty("parts", parts, "auto",
                 "inputs: year, month, day, year_day, weekday, hour, minute, second, days (since 1970, with "
                 "fractions); auto: year, month, weekday, and hour where it changes");
  v("cyclic", cyclic, "parts that come again, all but year and days, become a sine and a cosine");
  v.unless_empty("format", format, "auto",
                 "as of strptime, such as %d/%m/%Y %H:%M; auto: 2024-03-01, 2024/03/01, 20240301 or "
                 "1.3.2024, with a time such as 14:30:05 or not");
  v("missing", missing, missing_dates,
    "what stands for a missing cell: the mean of the training rows; drop: its row is left out; error: it may "
    "not be missing");
  v("indicator", indicator, "an input that is 1 where the cell is missing, if training rows miss some");
}

std::vector<std::string> Date::faults() const {
  std::vector<std::string> out;
  const auto known = names_of_parts();
  for (const std::string& part : parts) {
    if (part_called(part)) continue;
    const auto near = near_words(part, known);
    std::string all;
    for (const std::string& name : known) all += (all.empty() ? "" : ", ") + name;
    out.push_back("a date has no part '" + part + "'; " +
                  (near.empty() ? "there are " + all : "did you mean '" + near[0] + "'?"));
  }
  if (const std::string fault = format.empty() ? "" : fault_of_format(format); !fault.empty())
    out.push_back("format is '" + format + "', but " + fault);
  return out;
}

DateForm::DateForm(const Date& type)
    : cyclic_(type.cyclic), chosen_(!type.parts.empty()), format_(type.format) {
  for (const std::string& name : type.parts)
    if (const auto part = part_called(name)) parts_.push_back(*part);
  if (!chosen_) parts_.assign(std::begin(usual_parts), std::end(usual_parts));
  measure();
}

DateForm DateForm::without_parts(const Date& type) {
  DateForm form(type);
  form.parts_.clear();
  form.measure();
  return form;
}

void DateForm::measure() {
  width_ = 0;
  for (const std::size_t part : parts_) width_ += columns_of(part);
}

int DateForm::columns_of(std::size_t part) const { return cyclic_ && all_parts[part].period > 0 ? 2 : 1; }

std::optional<DateTime> DateForm::parse(std::string_view cell) const {
  return format_.empty() ? parse_date(cell) : parse_date(cell, format_);
}

void DateForm::write(const DateTime& date, float* out) const {
  for (const std::size_t p : parts_) {
    const DatePart& part = all_parts[p];
    const double value = part.value(date) - (counts_days(p) ? days_from_ : 0);
    if (!cyclic_ || part.period == 0) {
      *out++ = static_cast<float>(value);
      continue;
    }
    const double angle = 2 * std::numbers::pi * (value - part.from) / part.period;
    *out++ = static_cast<float>(std::sin(angle));
    *out++ = static_cast<float>(std::cos(angle));
  }
}

std::vector<int> DateForm::days_columns() const {
  std::vector<int> out;
  int column = 0;
  for (const std::size_t part : parts_) {
    if (counts_days(part)) out.push_back(column);
    column += columns_of(part);
  }
  return out;
}

bool DateForm::last_part_is_constant(std::span<const Moments> of_raw) const {
  const auto columns = of_raw.last(static_cast<std::size_t>(columns_of(parts_.back())));
  return std::all_of(columns.begin(), columns.end(), [](const Moments& m) { return m.deviation == 0; });
}

nlohmann::json DateForm::to_json() const {
  auto names = nlohmann::json::array();
  for (const std::size_t part : parts_) names.push_back(all_parts[part].name);
  return {{"parts", names}, {"cyclic", cyclic_}, {"format", format_}, {"days_from", days_from_}};
}

DateForm DateForm::from_json(const nlohmann::json& json) {
  Date type;
  json.at("parts").get_to(type.parts);
  json.at("cyclic").get_to(type.cyclic);
  json.at("format").get_to(type.format);
  if (type.parts.empty() || !type.faults().empty())
    throw nlohmann::json::other_error::create(501, "a date's parts or format make no sense", &json);
  DateForm form(type);
  json.at("days_from").get_to(form.days_from_);
  return form;
}

DateCode DateCode::fit(const Date& type, const DateForm& read, std::span<const Moments> of_raw) {
  DateCode code;
  code.form = read;
  if (!code.form.chosen_ && code.form.last_part_is_constant(of_raw)) {
    code.form.parts_.pop_back();
    code.form.measure();
  }
  std::size_t column = 0;
  for (const std::size_t part : code.form.parts_) {
    const bool circle = type.cyclic && all_parts[part].period > 0;
    for (int i = 0; i < (circle ? 2 : 1); ++i, ++column) {
      const Moments& m = of_raw[column];
      if (circle)
        code.columns.push_back({0, 1, m.mean});
      else
        code.columns.push_back({m.mean, m.deviation > 0 ? m.deviation : 1, 0});
    }
  }
  code.refuse_missing = type.missing == Date::Missing::error;
  code.drop_missing = type.missing == Date::Missing::drop;
  code.indicator = type.indicator && type.missing == Date::Missing::mean && of_raw[0].missing > 0;
  return code;
}

std::string DateCode::parts_text() const {
  std::string out;
  for (const std::size_t part : form.parts_)
    out += (out.empty() ? "" : ", ") + std::string(all_parts[part].name);
  return out;
}

nlohmann::json DateCode::to_json() const {
  auto scales = nlohmann::json::array();
  for (const Column& c : columns)
    scales.push_back({{"shift", c.shift}, {"divisor", c.divisor}, {"fill", c.fill}});
  return {{"form", form.to_json()},
          {"columns", scales},
          {"indicator", indicator},
          {"refuse_missing", refuse_missing},
          {"drop_missing", drop_missing}};
}

DateCode DateCode::from_json(const nlohmann::json& json) {
  DateCode code;
  code.form = DateForm::from_json(json.at("form"));
  for (const auto& from : json.at("columns")) {
    Column column;
    from.at("shift").get_to(column.shift);
    from.at("divisor").get_to(column.divisor);
    from.at("fill").get_to(column.fill);
    code.columns.push_back(column);
  }
  json.at("indicator").get_to(code.indicator);
  json.at("refuse_missing").get_to(code.refuse_missing);
  json.at("drop_missing").get_to(code.drop_missing);
  const bool divides = std::all_of(code.columns.begin(), code.columns.end(),
                                   [](const Column& column) { return column.divisor != 0; });
  if (!divides || static_cast<int>(code.columns.size()) != code.form.width())
    throw nlohmann::json::other_error::create(501, "a date's columns do not fit its parts", &json);
  return code;
}

namespace column_type_entries {
extern const Entry date = {"date",
                           "a date, with a time or not, as its parts",
                           "datetime timestamp time",
                           "date: {parts: [year, month, weekday, hour], cyclic: true}",
                           "",
                           make<Date>};
}

}  // namespace bpnet
