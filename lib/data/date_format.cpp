// Dates in a form that a format describes.

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cmath>
#include <optional>

#include "data/date_time.hpp"
#include "data/text_cursor.hpp"

namespace bpnet {

namespace {

constexpr std::string_view months[] = {"january", "february", "march",     "april",   "may",      "june",
                                       "july",    "august",   "september", "october", "november", "december"};
constexpr std::string_view weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                         "friday", "saturday", "sunday"};
constexpr std::string_view halves[] = {"am", "pm"};
constexpr std::string_view known_letters = "YymdejHIpMSfbBhaAzFTRDs%";

/// One cell being read.
class FormatReader {
 public:
  explicit FormatReader(std::string_view cell) : at_(cell) {}

  bool read(std::string_view format) {
    for (std::size_t i = 0; i < format.size(); ++i) {
      const char c = format[i];
      if (c == ' ')
        at_.skip_blanks();
      else if (c != '%' ? !at_.skip(c) : !directive(format[++i]))
        return false;
    }
    return true;
  }

  std::optional<DateTime> finish() {
    if (!at_.ended()) return {};
    if (afternoon_) {
      if (out_.hour < 1 || out_.hour > 12) return {};
      out_.hour = out_.hour % 12 + (*afternoon_ ? 12 : 0);
    }
    if (!out_.valid()) return {};
    if (year_day_) {
      if (*year_day_ < 1 || *year_day_ > 366) return {};
      DateTime first = out_;
      first.month = first.day = 1;
      const int year = out_.year;
      set_day(static_cast<long>(std::floor(first.days())) + *year_day_ - 1);
      if (out_.year != year) return {};
    }
    return out_;
  }

 private:
  bool directive(char c) {
    switch (c) {
      case 'Y':
        return at_.number(4, 4, out_.year);
      case 'y': {
        constexpr int last_of_2000 = 68;  // as in POSIX
        if (!at_.number(2, 2, out_.year)) return false;
        out_.year += out_.year <= last_of_2000 ? 2000 : 1900;
        return true;
      }
      case 'm':
        return at_.number(1, 2, out_.month);
      case 'd':
      case 'e':
        at_.skip(' ');
        return at_.number(1, 2, out_.day);
      case 'j':
        return at_.number(1, 3, year_day_.emplace());
      case 'H':
      case 'I':
        return at_.number(1, 2, out_.hour);
      case 'M':
        return at_.number(1, 2, out_.minute);
      case 'S': {
        int second = 0;
        if (!at_.number(1, 2, second)) return false;
        out_.second += second;
        return true;
      }
      case 'f':
        return at_.fraction(out_.second);
      case 's':
        return seconds_since_1970();
      case 'F':
        return read("%Y-%m-%d");
      case 'T':
        return read("%H:%M:%S");
      case 'R':
        return read("%H:%M");
      case 'D':
        return read("%m/%d/%y");
      case 'z':
        return at_.zone();
      case '%':
        return at_.skip('%');
      default:
        return named(c);
    }
  }

  bool named(char c) {
    const int found = c == 'p'               ? at_.word(halves)
                      : c == 'a' || c == 'A' ? at_.word(weekdays)
                                             : at_.word(months);
    if (c == 'p') afternoon_ = found == 1;
    if (c == 'b' || c == 'B' || c == 'h') out_.month = found + 1;
    return found >= 0;
  }

  bool seconds_since_1970() {
    constexpr long day = 86400;
    constexpr int most_digits = 11;  // years of four digits
    const bool before = at_.skip('-');
    long seconds = 0;
    int digits = 0;
    for (int next = 0; digits < most_digits && at_.number(1, 1, next); ++digits)
      seconds = seconds * 10 + next;
    if (before) seconds = -seconds;
    const long days = seconds >= 0 ? seconds / day : -((day - 1 - seconds) / day);
    set_day(days);
    const auto rest = static_cast<int>(seconds - days * day);
    out_.hour = rest / 3600;
    out_.minute = rest / 60 % 60;
    out_.second = rest % 60;
    return digits > 0;
  }

  void set_day(long days_since_1970) {
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days_since_1970}}};
    out_.year = static_cast<int>(date.year());
    out_.month = static_cast<int>(static_cast<unsigned>(date.month()));
    out_.day = static_cast<int>(static_cast<unsigned>(date.day()));
  }

  TextCursor at_;
  DateTime out_;
  std::optional<int> year_day_;
  std::optional<bool> afternoon_;
};

}  // namespace

std::optional<DateTime> parse_date(std::string_view cell, std::string_view format) {
  FormatReader reader(cell);
  if (!reader.read(format)) return {};
  return reader.finish();
}

namespace {
/// DD/MM/YYYY -> %d/%m/%Y; empty if it is no such form, or letters are left.
std::string from_letters(std::string_view format) {
  constexpr std::pair<std::string_view, std::string_view> letters[] = {
      {"YYYY", "%Y"}, {"yyyy", "%Y"}, {"MMM", "%b"}, {"YY", "%y"}, {"yy", "%y"}, {"DD", "%d"},
      {"dd", "%d"},   {"HH", "%H"},   {"hh", "%H"},  {"ss", "%S"}, {"SS", "%S"}};
  std::string out;
  while (!format.empty()) {
    const auto found = std::find_if(std::begin(letters), std::end(letters),
                                    [&](const auto& pair) { return format.starts_with(pair.first); });
    if (found != std::end(letters)) {
      out += found->second;
    } else if (format.starts_with("mm") || format.starts_with("MM")) {  // minutes behind hours, else months
      out += out.find("%H") == std::string::npos ? "%m" : "%M";
    } else if (format[0] == '%' ||
               (std::isalpha(static_cast<unsigned char>(format[0])) && format[0] != 'T')) {
      return "";
    } else {
      out += format[0];
    }
    format.remove_prefix(found != std::end(letters)                             ? found->first.size()
                         : format.starts_with("mm") || format.starts_with("MM") ? 2
                                                                                : 1);
  }
  return out.find("%Y") == std::string::npos && out.find("%y") == std::string::npos ? "" : out;
}
}  // namespace

std::string fault_of_format(std::string_view format) {
  bool date = false;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') continue;
    if (++i == format.size()) return "it ends in a %; a percent sign is %%";
    if (known_letters.find(format[i]) == std::string_view::npos) {
      std::string all;
      for (const char c : known_letters) all += std::string(" %") + c;
      return std::string("there is no %") + format[i] + "; there are" + all;
    }
    date = date || std::string_view("YyFDs").find(format[i]) != std::string_view::npos;
  }
  if (date) return "";
  const std::string meant = from_letters(format);
  return "it reads no year: " + (meant.empty() ? "%Y, %y, %F, %D or %s" : "write '" + meant + "'");
}

}  // namespace bpnet
