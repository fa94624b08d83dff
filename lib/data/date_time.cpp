#include "data/date_time.hpp"

#include <chrono>
#include <cmath>

#include "data/text_cursor.hpp"

namespace bpnet {

namespace {

std::chrono::sys_days day_of(int year, int month, int day) {
  using namespace std::chrono;
  return std::chrono::year{year} / std::chrono::month{static_cast<unsigned>(month)} /
         std::chrono::day{static_cast<unsigned>(day)};
}

/// 14:30, 14:30:05, 14:30:05.25 and a zone; without marks 1430, 143005.
bool take_time(TextCursor& at, bool marks, DateTime& out) {
  int second = 0;
  if (!at.number(2, 2, out.hour) || (marks && !at.skip(':')) || !at.number(2, 2, out.minute)) return false;
  if (marks ? at.skip(':') : at.digit()) {
    if (!at.number(2, 2, second)) return false;
    out.second = second;
    if ((at.skip('.') || at.skip(',')) && !at.fraction(out.second)) return false;
  }
  return at.zone();
}

}  // namespace

bool DateTime::valid() const {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) return false;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  return date.ok() && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 61;
}

int DateTime::weekday() const {
  const std::chrono::weekday day_of_week{day_of(year, month, day)};
  return static_cast<int>(day_of_week.iso_encoding()) - 1;
}

int DateTime::year_day() const {
  return static_cast<int>((day_of(year, month, day) - day_of(year, 1, 1)).count());
}

double DateTime::days() const {
  return static_cast<double>(day_of(year, month, day).time_since_epoch().count()) +
         (hour * 3600 + minute * 60 + second) / 86400;
}

std::optional<DateTime> parse_date(std::string_view cell) {
  constexpr std::size_t longest = 40, shortest = 8;
  if (cell.size() < shortest || cell.size() > longest) return {};
  TextCursor at(cell);
  DateTime out;
  bool marks = true;
  if (cell[1] == '.' || cell[2] == '.') {
    if (!at.number(1, 2, out.day) || !at.skip('.') || !at.number(1, 2, out.month) || !at.skip('.') ||
        !at.number(4, 4, out.year))
      return {};
  } else {
    if (!at.number(4, 4, out.year)) return {};
    const char mark = at.skip('-') ? '-' : at.skip('/') ? '/' : '\0';
    marks = mark != '\0';
    if (!at.number(2, 2, out.month) || (marks && !at.skip(mark)) || !at.number(2, 2, out.day)) return {};
  }
  if (!at.ended()) {
    if (!at.skip('T') && !at.skip('t') && !at.skip(' ')) return {};
    if (!take_time(at, marks, out)) return {};
  }
  return at.ended() && out.valid() ? std::optional(out) : std::nullopt;
}

}  // namespace bpnet
