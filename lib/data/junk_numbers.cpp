#include <algorithm>

#include "data/csv_number.hpp"
#include "data/date_time.hpp"
#include "data/junk.hpp"
#include "data/words.hpp"

namespace bpnet {

namespace {

using Kind = ReadColumn::Kind;

/// What stands between the groups of three digits of a number; '\0': it is none of that kind.
char thousands_in(std::string_view text, char decimal) {
  for (const char c : std::string_view(",. '_"))
    if (c != decimal && parse_number(text, {decimal, c})) return c;
  return '\0';
}

/// Takes signs of money, per cent and blanks away from both ends.
std::string_view without_signs(std::string_view text) {
  constexpr std::string_view signs[] = {"$", "€", "£", "¥", "%", " ", "(", ")"};
  for (bool more = true; more;) {
    more = false;
    for (const std::string_view sign : signs) {
      if (text.starts_with(sign)) text.remove_prefix(sign.size()), more = true;
      if (text.ends_with(sign)) text.remove_suffix(sign.size()), more = true;
    }
  }
  return text;
}

bool looks_like_number(std::string_view text, char decimal) {
  text = without_signs(text);
  return parse_number(text, decimal) || parse_number(text, decimal == '.' ? ',' : '.') ||
         thousands_in(text, decimal) != '\0' || (decimal == '.' && parse_number(text, {',', '.'}));
}

/// What the labels of a column are, as texts.
struct Looks {
  std::size_t labels = 0, alike = 0;  // those that are numbers or look like one
  std::string strange;                // a label that is no number as it stands
  bool commas = true;                 // all strange ones are numbers with a decimal comma
  bool points = true;                 // or they have one, and points between groups of digits
  bool other_point = true;            // the decimals of all are behind a point, where a comma is told
  bool signs = true;                  // all are numbers but for signs at their ends
  char thousands = ' ';               // what stands between their groups of digits; '\0': not in all
};

Looks looks_of(const LabelColumn& column, NumberMarks marks) {
  Looks out;
  out.labels = column.texts.size();
  for (std::size_t k = 0; k < out.labels; ++k) {
    const std::string& text = column.texts[k];
    out.alike += looks_like_number(text, marks.decimal);
    if (parse_number(text, marks)) continue;
    const char thousands = thousands_in(text, marks.decimal);
    out.thousands = out.strange.empty() || out.thousands == thousands ? thousands : '\0';
    if (out.strange.empty()) out.strange = text;
    out.commas = out.commas && marks.decimal == '.' && parse_number(text, ',');
    out.points = out.points && marks.decimal == '.' && parse_number(text, {',', '.'});
    out.other_point = out.other_point && marks.decimal == ',' && parse_number(text, '.');
    const std::string_view bare = without_signs(text);
    out.signs = out.signs && bare.size() < text.size() &&
                (parse_number(bare, marks) || thousands_in(bare, marks.decimal) != '\0');
  }
  return out;
}

/// The form in which most labels are dates, of those that are not read without being declared; null: none.
const char* form_of_dates(const LabelColumn& column) {
  for (const char* form : {"%m/%d/%Y", "%d/%m/%Y", "%m-%d-%Y", "%d-%m-%Y", "%m/%d/%y", "%d/%m/%y"}) {
    std::size_t dates = 0;
    for (std::size_t k = 0; k < column.texts.size(); ++k)
      dates += parse_date(column.texts[k], form).has_value();
    if (dates * 10 >= column.texts.size() * 9) return form;
  }
  return nullptr;
}

}  // namespace

void warn_of_numbers_as_labels(const RawTable& raw, const ReadPlan& plan, const Roles& roles,
                               const std::vector<ColumnUse>& uses, NumberMarks marks,
                               std::vector<Problem>& warnings) {
  constexpr std::size_t fewest = 3;
  std::vector<std::size_t> columns = roles.features;
  columns.insert(columns.end(), roles.targets.begin(), roles.targets.end());
  for (const std::size_t c : columns) {
    const ReadColumn& column = plan.columns[c];
    if (column.kind != Kind::label || roles.declared[c] || uses[c].facts.padded > 0) continue;
    const LabelColumn& labels = raw.labels[static_cast<std::size_t>(column.slot)];
    if (const char* form =
            labels.texts.size() < fewest || roles.is_target(c) ? nullptr : form_of_dates(labels)) {
      const std::string of = "data.columns: {" + in_yaml(roles.names[c]) + ": ";
      warnings.push_back(
          {{},
           "column '" + roles.names[c] +
               "' is not read as a date, though its labels look like dates: " + in_quotes(labels.texts[0]),
           {"if it is one: " + of + "{date: {format: \"" + form + "\"}}}",
            "to be rid of this warning: " + of + "category}"},
           Severity::warning});
      continue;
    }
    const Looks looks = looks_of(labels, marks);
    if (looks.labels < fewest || looks.alike * 4 < looks.labels * 3 || looks.strange.empty()) continue;
    const std::string name = in_yaml(roles.names[c]);
    std::vector<std::string> ways;
    if (looks.thousands != '\0')
      ways.push_back(std::string("if its digits come in groups of three: data.csv.thousands: \"") +
                     looks.thousands + "\"");
    if (looks.other_point) ways.push_back("if a point stands before the decimals: data.csv.decimal: \".\"");
    if (looks.commas) ways.push_back("if a comma stands before the decimals: data.csv.decimal: \",\"");
    if (looks.points && !looks.commas)
      ways.push_back(
          "if points part its thousands, and a comma stands before the decimals: "
          "data.csv: {thousands: \".\", decimal: \",\"}");
    if (ways.empty() && looks.signs)
      ways.push_back("if it is a quantity: take the signs away in the file, as from " +
                     in_quotes(looks.strange));
    if (ways.empty())
      ways.push_back(
          "if it is a quantity: write plain numbers, or count the other cells as missing "
          "(data.csv.missing: [" +
          in_yaml(looks.strange) + "])");
    ways.push_back("to be rid of this warning: data.columns: {" + name + ": category}");
    warnings.push_back({{},
                        "column '" + roles.names[c] + "' is not read as a number, though " +
                            std::to_string(looks.alike) + " of its " + std::to_string(looks.labels) +
                            " labels are numbers or look like one; " + in_quotes(looks.strange) +
                            (looks.alike == looks.labels ? " is not written as one" : " is none"),
                        std::move(ways),
                        Severity::warning});
  }
}

}  // namespace bpnet
