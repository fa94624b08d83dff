#pragma once
// Dates and times of day in cells.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bpnet {

/// A date of the Gregorian calendar, years 1 to 9999, and a time of day, as a clock on the wall shows them.
struct DateTime {
  int year = 1970, month = 1, day = 1;  // from 1
  int hour = 0, minute = 0;
  double second = 0;  // below 61, as there are leap seconds
  bool valid() const;
  int weekday() const;   // 0: Monday
  int year_day() const;  // 0: January 1st
  double days() const;   // since the beginning of 1970
};

/// A whole cell that is a date: ISO 8601 as 2024-03-01 or 20240301, also 2024/03/01, and 1.3.2024, which is
/// the first of March; with a time of day behind T or a space or not: 14:30, 14:30:05, 14:30:05.25, behind
/// T and a date without marks 1430 or 143005; with a zone behind the time or not: Z, +01, +0100, +01:00. A
/// zone is read over: the clock's hour counts.
std::optional<DateTime> parse_date(std::string_view cell);

/// A whole cell in the form that `format` describes in the manner of strptime(3): %Y %y %m %d %e %j %H %I %p
/// %M %S %f %b %B %h %a %A %z %F %T %R %D %s %%. Names are English, in letters of any size, whole or their
/// first three; numbers may have fewer digits than usual; a blank stands for any number of blanks.
std::optional<DateTime> parse_date(std::string_view cell, std::string_view format);

/// The form of cells that parse_date reads, by the format or, where that is empty, by itself: known from the
/// shortest and the longest of them, as numbers may have fewer digits than usual. For write_date; empty if
/// the shortest is no date.
std::string written_format(std::string_view shortest, std::string_view longest, std::string_view format);

/// Days since 1970 as a cell, to the second or as far as %f goes. `format` as above, or with, behind %: -
/// where a number has as few digits as it needs, _ where blanks stand for zeros before it, ^ and # where a
/// name has capitals or small letters only, and as many digits as %f has, 6 if it is not said; %-f leaves
/// zeros behind out, %_f a fraction of 0 and its mark. What says nothing of the clock (%z) is left out.
std::string write_date(double days, std::string_view format);

/// What is wrong with a format; empty: nothing.
std::string fault_of_format(std::string_view format);

}  // namespace bpnet
