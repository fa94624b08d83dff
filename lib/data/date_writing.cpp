// Dates as the cells of a file are written.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <vector>

#include "data/date_time.hpp"

namespace bpnet {

namespace {

constexpr std::string_view number_letters = "YymdejHIMS", of_dates = "mdej", of_clocks = "HI",
                           name_letters = "bhBaAp";

bool is_in(std::string_view letters, char c) { return letters.find(c) != std::string_view::npos; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_capital(c) || (c >= 'a' && c <= 'z'); }

bool is_digit_at(std::string_view text, std::size_t at) { return at < text.size() && is_digit(text[at]); }

/// Of a cell that parse_date reads by itself. Zones are kept where they are Z: another one may be another in
/// the next cell.
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
    if (at < cell.size() && (cell[at] == '.' || cell[at] == ',')) (out += cell[at]) += "%f";
  }
  if (cell.ends_with('Z') || cell.ends_with('z')) out += cell.back();
  return out;
}

/// A part of a format, and what cells say of how it is written.
struct Piece {
  char letter = '\0';  // of a directive; '\0': `text` as it stands; a blank: as many as there are
  std::string text;
  bool zero = false, short_form = false;  // some number begins with a zero; has one digit only
  std::size_t digits = 0;                 // of a fraction, at most
  char fewer = '0';                       // digits in some cell: -; none at all: _
  char letters = '\0';                    // of names: ^ in capitals, # in small letters
  std::size_t blanks = 0;                 // before a number of two digits
  std::size_t blanks_of_short = 0;        // before one of one digit
};

std::vector<Piece> pieces_of(std::string_view format) {
  std::vector<Piece> out;
  const auto several = [&](std::string_view of) {
    for (Piece& piece : pieces_of(of)) out.push_back(std::move(piece));
  };
  for (std::size_t i = 0; i < format.size(); ++i) {
    const char letter = format[i] == '%' && i + 1 < format.size() ? format[++i] : '\0';
    switch (letter) {
      case 'F':
        several("%Y-%m-%d");
        break;
      case 'T':
        several("%H:%M:%S");
        break;
      case 'R':
        several("%H:%M");
        break;
      case 'D':
        several("%m/%d/%y");
        break;
      default:
        if (letter == '\0' && format[i] == ' ' && !out.empty() && out.back().letter == ' ') {
          out.back().text += ' ';
          break;
        }
        out.push_back({});
        out.back().letter = letter;
        if (letter == '\0') out.back().text = format[i];
        if (letter == '\0' && format[i] == ' ') out.back().letter = ' ';
    }
  }
  return out;
}

/// What one cell says, as far as it is of this form.
void look(std::string_view cell, std::vector<Piece>& pieces) {
  std::size_t at = 0, blanks = 0;
  const auto run = [&](std::size_t most, bool (*of)(char)) {
    std::size_t n = 0;
    while (n < most && at + n < cell.size() && of(cell[at + n])) ++n;
    return n;
  };
  for (Piece& piece : pieces) {
    if (at >= cell.size()) return;
    std::size_t n = 0;
    if (piece.letter == ' ') {
      n = blanks = run(cell.size(), [](char c) { return c == ' '; });
      piece.text.assign(n, ' ');
      at += n;
      continue;
    }
    if (piece.letter == '\0' || piece.letter == '%') {
      if (cell[at] != (piece.letter == '%' ? '%' : piece.text[0])) return;
      n = 1;
    } else if (is_in(number_letters, piece.letter)) {
      n = run(piece.letter == 'Y' ? 4 : piece.letter == 'j' ? 3 : 2, is_digit);
      if (n == 0) return;
      if (cell[at] == '0' && n > 1) piece.zero = true;
      if (n == 1) piece.short_form = true;
      (n == 1 ? piece.blanks_of_short : piece.blanks) = blanks;
    } else if (piece.letter == 'f') {
      n = run(cell.size(), is_digit);
      if (piece.digits > 0 && piece.digits != n) piece.fewer = '-';
      piece.digits = std::max(piece.digits, n);
    } else if (piece.letter == 's') {
      n = cell[at] == '-' ? 1 : 0;
      while (is_digit_at(cell, at + n)) ++n;
    } else if (is_in(name_letters, piece.letter)) {
      n = run(piece.letter == 'p' ? 2 : cell.size(), is_letter);
      const std::string_view name = cell.substr(at, n);
      if (n > 0) {
        const bool capitals = std::all_of(name.begin(), name.end(), is_capital);
        piece.letters = capitals ? '^' : is_capital(name[0]) ? '\0' : '#';
        constexpr std::size_t shortened = 3;
        const bool day = piece.letter == 'a' || piece.letter == 'A';
        if (n != shortened && piece.letter != 'p') piece.letter = day ? 'A' : 'B';
        if (n == shortened && (day || (name != "May" && name != "MAY" && name != "may")))
          piece.letter = day ? 'a' : 'b';
      }
    } else {  // a zone
      if (cell[at] == 'Z' || cell[at] == 'z') {
        piece.letter = '\0';
        piece.text = cell[at];
        n = 1;
      } else {
        n = run(cell.size(), [](char c) { return is_digit(c) || c == '+' || c == '-' || c == ':'; });
      }
    }
    at += n;
    blanks = 0;
  }
}

/// For write_date.
std::string format_of(const std::vector<Piece>& pieces) {
  const auto short_ones = [&](std::string_view letters) {
    return std::any_of(pieces.begin(), pieces.end(), [&](const Piece& piece) {
      return piece.short_form && !piece.zero && is_in(letters, piece.letter);
    });
  };
  const bool dates = short_ones(of_dates), clocks = short_ones(of_clocks);
  std::string out;
  for (const Piece& piece : pieces) {
    if (piece.letter == '\0' || piece.letter == ' ') {
      out += piece.text;
      continue;
    }
    const bool bare = piece.short_form || (dates && is_in(of_dates, piece.letter)) ||
                      (clocks && is_in(of_clocks, piece.letter));
    // "Feb  1" beside "Feb 10": one blank is the place of a digit.
    const bool blank = piece.short_form && piece.blanks_of_short > std::max<std::size_t>(piece.blanks, 1);
    if (blank && out.ends_with(' ')) {
      const std::size_t end = out.find_last_not_of(' ') + 1;
      out.resize(end + piece.blanks_of_short - 1, ' ');
    }
    out += '%';
    if (is_in(number_letters, piece.letter) && piece.letter != 'Y' && !piece.zero && bare)
      out += blank ? '_' : '-';
    if (piece.letters != '\0') out += piece.letters;
    if (piece.letter == 'f' && piece.digits > 0) {
      if (piece.fewer != '0') out += piece.fewer;
      out += static_cast<char>('0' + std::min<std::size_t>(piece.digits, 9));
    }
    out += piece.letter == 'e' ? 'd' : piece.letter;
  }
  return out;
}

/// A number in `width` places, of which those before it have a zero, nothing (-) or a blank (_).
std::string padded(int value, int width, char flag) {
  std::string out = std::to_string(value);
  const auto missing = static_cast<std::size_t>(std::max(0, width - static_cast<int>(out.size())));
  return flag == '-' ? out : std::string(missing, flag == '_' ? ' ' : '0') + out;
}

/// English, whatever the locale.
std::string name_of(char letter, char flag, int hour, unsigned month, unsigned weekday) {
  constexpr std::array<const char*, 12> month_names = {"January",   "February", "March",    "April",
                                                       "May",       "June",     "July",     "August",
                                                       "September", "October",  "November", "December"};
  constexpr std::array<const char*, 7> day_names = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                    "Thursday", "Friday", "Saturday"};
  std::string out = letter == 'p'                    ? (hour < 12 ? "AM" : "PM")
                    : letter == 'a' || letter == 'A' ? day_names[weekday]
                                                     : month_names[month];
  if (letter == 'a' || letter == 'b' || letter == 'h') out.resize(3);
  for (char& c : out) {
    if (flag == '^' && !is_capital(c)) c = static_cast<char>(c - 'a' + 'A');
    if (flag == '#' && is_capital(c)) c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// Digits behind the mark. With - as few as it needs, with _ none of zeros, and no mark before them.
void write_fraction(std::int64_t microseconds, int digits, char flag, std::string& out) {
  constexpr std::size_t known = 6;
  std::string text = std::to_string(microseconds);
  text.insert(0, known - text.size(), '0');
  text.resize(static_cast<std::size_t>(digits), '0');
  if (flag == '_' && text.find_first_not_of('0') == std::string::npos) {
    if (out.ends_with('.') || out.ends_with(',')) out.pop_back();
    return;
  }
  if (flag == '-') text.resize(std::max<std::size_t>(text.find_last_not_of('0') + 1, 1));
  out += text;
}

/// Microseconds to write, of days since 1970; to the second if no fraction is written.
std::int64_t microseconds_of(double days, int digits) {
  constexpr double seconds_of_a_day = 86400;
  const double seconds = days * seconds_of_a_day;
  std::int64_t ticks = 1000000, out = 0;
  for (int i = 0; i < std::min(digits, 3); ++i) ticks /= 10;
  out = std::llround(seconds * 1e6 / static_cast<double>(ticks)) * ticks;
  if (digits <= 3) return out;
  // Days as doubles hold a microsecond, nearly: what is next to a millisecond is that.
  constexpr std::int64_t near = 5;
  const std::int64_t exact = std::llround(seconds * 1e6);
  return std::abs(exact - out) < near ? out : exact;
}

/// Digits of the fraction that a format writes; 0: none.
int fraction_digits(std::string_view format) {
  constexpr int usual = 6;
  for (std::size_t i = 0; i + 1 < format.size(); ++i) {
    if (format[i] != '%') continue;
    int digits = usual;
    for (++i; i + 1 < format.size() && !is_letter(format[i]) && format[i] != '%'; ++i)
      if (is_digit(format[i])) digits = format[i] - '0';
    if (format[i] == 'f') return digits;
  }
  return 0;
}

}  // namespace

std::string written_format(std::string_view shortest, std::string_view longest, std::string_view declared) {
  const auto date = declared.empty() ? parse_date(shortest) : parse_date(shortest, declared);
  if (!date) return "";
  std::vector<Piece> pieces = pieces_of(declared.empty() ? format_of(longest) : declared);
  look(shortest, pieces);
  for (Piece& piece : pieces)
    if (piece.letter == 'f' && piece.digits == 0) piece.fewer = '_';
  look(longest, pieces);
  return format_of(pieces);
}

std::string write_date(double days, std::string_view format) {
  using namespace std::chrono;
  const int fraction = fraction_digits(format);
  const std::chrono::microseconds since{microseconds_of(days, fraction)};
  const auto at = floor<seconds>(sys_time<std::chrono::microseconds>(since));
  const auto day = floor<std::chrono::days>(at);
  const year_month_day date(day);
  const hh_mm_ss clock(at - day);
  const int hour = static_cast<int>(clock.hours().count());
  std::string out;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      out += format[i];
      continue;
    }
    char pad = '0', letters = '\0';
    for (++i; i + 1 < format.size() && !is_letter(format[i]) && format[i] != '%'; ++i) {
      if (format[i] == '-' || format[i] == '_') pad = format[i];
      if (format[i] == '^' || format[i] == '#') letters = format[i];
    }
    const auto number = [&](int value, int width) { out += padded(value, width, pad); };
    const int year = static_cast<int>(date.year());
    switch (const char letter = format[i]) {
      case 'Y':
        number(year, 4);
        break;
      case 'y':
        number(year % 100, 2);
        break;
      case 'm':
        number(static_cast<int>(static_cast<unsigned>(date.month())), 2);
        break;
      case 'd':
      case 'e':
        number(static_cast<int>(static_cast<unsigned>(date.day())), 2);
        break;
      case 'j':
        number(static_cast<int>((day - sys_days(date.year() / January / 1)).count()) + 1, 3);
        break;
      case 'H':
        number(hour, 2);
        break;
      case 'I':
        number((hour + 11) % 12 + 1, 2);
        break;
      case 'M':
        number(static_cast<int>(clock.minutes().count()), 2);
        break;
      case 'S':
        number(static_cast<int>(clock.seconds().count()), 2);
        break;
      case 'F':
      case 'T':
      case 'R':
        out += write_date(days, letter == 'F' ? "%Y-%m-%d" : letter == 'T' ? "%H:%M:%S" : "%H:%M");
        break;
      case 's':
        out += std::to_string(at.time_since_epoch().count());
        break;
      case 'f':
        write_fraction((sys_time<std::chrono::microseconds>(since) - at).count(), fraction, pad, out);
        break;
      case 'z':
        break;
      case '%':
        out += '%';
        break;
      default:
        out += name_of(letter, letters, hour, static_cast<unsigned>(date.month()) - 1,
                       weekday(day).c_encoding());
    }
  }
  return out;
}

}  // namespace bpnet
