// Dates as the cells of a file are written.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <ctime>

#include "data/date_time.hpp"

namespace bpnet {

namespace {

bool is_digit_at(std::string_view text, std::size_t at) {
  return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

/// Of a cell that parse_date reads by itself. Parts of seconds are kept where they are 0, zones where they
/// are Z: another one may be another in the next cell.
std::string format_of(std::string_view cell) {
  std::string out;
  std::size_t at = 0;
  if (cell.substr(0, 3).find('.') != std::string_view::npos) {
    out = "%d.%m.%Y";
    at = cell.find('.', cell.find('.') + 1) + 5;
  } else {
    const std::string mark(is_digit_at(cell, 4) ? "" : cell.substr(4, 1));
    out = "%Y" + mark + "%m" + mark + "%d";
    at = 8 + 2 * mark.size();
  }
  if (at >= cell.size()) return out;
  out += cell[at++];
  const bool marks = cell.substr(at).find(':') == 2;
  out += marks ? "%H:%M" : "%H%M";
  at += marks ? 5 : 4;
  if (marks ? cell.substr(at).starts_with(':') : is_digit_at(cell, at)) {
    out += marks ? ":%S" : "%S";
    at += marks ? 3 : 2;
  }
  const std::size_t zeros = std::min(cell.find_first_not_of('0', at + 1), cell.size());
  if (zeros > at + 1 && !is_digit_at(cell, at) && !is_digit_at(cell, zeros) &&
      (cell[at] == '.' || cell[at] == ','))
    out += cell.substr(at, zeros - at);
  if (cell.ends_with('Z') || cell.ends_with('z')) out += cell.back();
  return out;
}

/// Without the zeros before numbers of one digit, of these directives.
std::string unpadded(std::string_view format, std::string_view directives) {
  std::string out;
  for (std::size_t i = 0; i < format.size(); ++i) {
    out += format[i];
    if (format[i] != '%' || i + 1 == format.size()) continue;
    if (directives.find(format[++i]) != std::string_view::npos) out += '-';
    out += format[i];
  }
  return out;
}

}  // namespace

std::string written_format(std::string_view shortest, std::string_view longest, std::string_view declared) {
  const auto format = [&](std::string_view cell) {
    return declared.empty() ? format_of(cell) : std::string(declared);
  };
  const auto date = declared.empty() ? parse_date(shortest) : parse_date(shortest, declared);
  if (!date) return "";
  for (const char* bare : {"", "dmj", "HI", "dmjHI"})
    if (write_date(date->days(), unpadded(format(shortest), bare)) == shortest)
      return unpadded(format(longest), bare);
  return format(longest);
}

std::string write_date(double days, std::string_view format) {
  using namespace std::chrono;
  constexpr double seconds_of_a_day = 86400;
  const sys_seconds at{seconds(std::llround(days * seconds_of_a_day))};
  const auto day = floor<std::chrono::days>(at);
  const year_month_day date(day);
  const hh_mm_ss clock(at - day);
  std::tm parts = {};
  parts.tm_year = static_cast<int>(date.year()) - 1900;
  parts.tm_mon = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
  parts.tm_mday = static_cast<int>(static_cast<unsigned>(date.day()));
  parts.tm_hour = static_cast<int>(clock.hours().count());
  parts.tm_min = static_cast<int>(clock.minutes().count());
  parts.tm_sec = static_cast<int>(clock.seconds().count());
  parts.tm_wday = static_cast<int>(weekday(day).c_encoding());
  parts.tm_yday = static_cast<int>((day - sys_days(date.year() / January / 1)).count());
  std::string directives;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      directives += format[i];
      continue;
    }
    const char letter = format[++i];
    if (letter == 's')
      directives += std::to_string(at.time_since_epoch().count());
    else if (letter == 'f')
      directives += "000000";
    else if (letter != 'z')
      directives.append({'%', letter});
  }
  std::array<char, 256> text;
  return {text.data(), std::strftime(text.data(), text.size(), directives.c_str(), &parts)};
}

}  // namespace bpnet
