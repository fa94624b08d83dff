#include "data/json_line.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "data/csv_number.hpp"
#include "text/utf8.hpp"

namespace bpnet {

namespace {

constexpr std::size_t deepest = 200;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// Letters of a string that need no look.
struct PlainLetters {
  bool plain[256];
  constexpr PlainLetters() : plain() {
    for (int c = 0; c < 256; ++c) plain[c] = c >= 0x20 && c != '"' && c != '\\';
  }
};
constexpr PlainLetters letters;

std::string shown_letter(char c) {
  return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7F
             ? std::string("'") + c + "'"
             : "this character";
}

std::uint32_t hexadecimal(const char* at, const char* end) {
  std::uint32_t value = 0;
  if (end - at < 4) throw JsonFault{at, "\\u needs four hexadecimal digits", ""};
  for (int i = 0; i < 4; ++i) {
    const char c = at[i];
    const int digit = is_decimal_digit(c)    ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) throw JsonFault{at, "\\u needs four hexadecimal digits", ""};
    value = value * 16 + static_cast<std::uint32_t>(digit);
  }
  return value;
}

/// The letter of a \u at `at` (behind the u), which is moved behind it.
std::uint32_t escaped_letter(const char*& at, const char* end) {
  const char* const begin = at - 2;
  std::uint32_t letter = hexadecimal(at, end);
  at += 4;
  if (letter >= 0xDC00 && letter < 0xE000)
    throw JsonFault{begin, "the second half of a surrogate pair without a first", ""};
  if (letter < 0xD800 || letter >= 0xE000) return letter;
  if (end - at < 2 || at[0] != '\\' || at[1] != 'u')
    throw JsonFault{begin, "the first half of a surrogate pair without a second", ""};
  const std::uint32_t low = hexadecimal(at + 2, end);
  if (low < 0xDC00 || low >= 0xE000)
    throw JsonFault{begin, "the first half of a surrogate pair without a second", ""};
  at += 6;
  return 0x10000 + ((letter - 0xD800) << 10) + (low - 0xDC00);
}

}  // namespace

JsonLine::JsonLine(const char* begin, const char* end) : at_(begin), end_(end) {
  skip_blanks();
  if (at_ == end_ || *at_ != '{') {
    if (at_ != end_ && *at_ == '[')
      fault(at_, "this line is an array, not an object",
            "JSON Lines has an object a line: {\"column\": cell, ...}");
    unexpected("an object: {\"column\": cell, ...}");
  }
  ++at_;
}

void JsonLine::skip_blanks() {
  while (at_ != end_ && is_blank(*at_)) ++at_;
}

void JsonLine::fault(const char* at, std::string message, std::string help) const {
  throw JsonFault{at, std::move(message), std::move(help)};
}

void JsonLine::unexpected(const char* wanted) const {
  if (at_ == end_)
    fault(at_, std::string("the line ends where there must be ") + wanted,
          "JSON Lines has a whole object in each line");
  fault(at_, shown_letter(*at_) + " is here where there must be " + wanted);
}

/// Goes to the next key's quote; false behind the object.
bool JsonLine::separate() {
  skip_blanks();
  if (at_ != end_ && *at_ == '}') {
    ++at_;
    skip_blanks();
    if (at_ != end_) fault(at_, "there is more behind the object", "JSON Lines has one object a line");
    return false;
  }
  if (!first_) {
    if (at_ == end_ || *at_ != ',') unexpected("a comma or the object's end");
    ++at_;
    skip_blanks();
  }
  first_ = false;
  if (at_ == end_ || *at_ != '"') unexpected("a key in double quotes");
  return true;
}

bool JsonLine::next_key_is(std::string_view quoted) {
  const char* at = at_;
  if (!first_) {
    if (at == end_ || *at != ',') return false;
    ++at;
  }
  if (at != end_ && *at == ' ') ++at;
  if (static_cast<std::size_t>(end_ - at) <= quoted.size() ||
      std::memcmp(at, quoted.data(), quoted.size()) != 0 || at[quoted.size()] != ':')
    return false;
  key_begin_ = at;
  at_ = at + quoted.size() + 1;
  first_ = false;
  return true;
}

bool JsonLine::next_key() {
  if (!separate()) return false;
  key_begin_ = at_;
  const JsonValue key = text();
  key_ = key.kind == JsonValue::Kind::escaped ? std::string_view(scratch_) : key.content();
  skip_blanks();
  if (at_ == end_ || *at_ != ':') unexpected("a colon behind the key");
  ++at_;
  return true;
}

JsonValue JsonLine::value() {
  skip_blanks();
  if (at_ == end_) unexpected("a value");
  switch (*at_) {
    case '"':
      return text();
    case '{':
    case '[':
      return nested();
    case '-':
      if (end_ - at_ > 1 && at_[1] == 'I') return word();
      return number();
    default:
      return is_decimal_digit(*at_) ? number() : word();
  }
}

JsonValue JsonLine::text() {
  const char* const open = at_++;
  JsonValue value{JsonValue::Kind::text, at_, at_};
  while (true) {
    while (at_ != end_ && letters.plain[static_cast<unsigned char>(*at_)]) ++at_;
    if (at_ == end_) fault(open, "this quote is never closed in its line");
    if (*at_ == '"') break;
    if (*at_ != '\\') fault(at_, "a control character in a text must be written as \\u00..");
    value.kind = JsonValue::Kind::escaped;
    at_ += end_ - at_ > 1 ? 2 : 1;
  }
  value.end = at_++;
  if (value.kind == JsonValue::Kind::escaped) unescape(value, scratch_);
  return value;
}

JsonValue JsonLine::number() {
  JsonValue value{JsonValue::Kind::number, at_, at_};
  const auto digits = [&] {
    if (at_ == end_ || !is_decimal_digit(*at_)) unexpected("a digit");
    while (at_ != end_ && is_decimal_digit(*at_)) ++at_;
  };
  if (*at_ == '-') ++at_;
  const char* const whole = at_;
  digits();
  if (*whole == '0' && at_ - whole > 1)
    fault(value.begin, "a JSON number does not begin with a 0 before another digit",
          "write codes as texts: \"007\"");
  if (at_ != end_ && *at_ == '.') {
    ++at_;
    digits();
  }
  if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
    ++at_;
    if (at_ != end_ && (*at_ == '-' || *at_ == '+')) ++at_;
    digits();
  }
  value.end = at_;
  return value;
}

JsonValue JsonLine::word() {
  using Kind = JsonValue::Kind;
  constexpr std::pair<std::string_view, Kind> words[] = {{"null", Kind::null},     {"true", Kind::word},
                                                         {"false", Kind::word},    {"NaN", Kind::null},
                                                         {"Infinity", Kind::word}, {"-Infinity", Kind::word}};
  const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
  for (const auto& [word, kind] : words)
    if (rest.starts_with(word)) {
      const JsonValue value{kind, at_, at_ + word.size()};
      at_ = value.end;
      return value;
    }
  unexpected("a value: a number, a text in double quotes, true, false or null");
}

/// Goes behind an object or array.
JsonValue JsonLine::nested() {
  JsonValue value{JsonValue::Kind::nested, at_, at_};
  if (++depth_ > deepest) fault(at_, "objects and arrays in one another deeper than 200");
  const bool object = *at_++ == '{';
  const char closer = object ? '}' : ']';
  const auto next = [&] {
    skip_blanks();
    if (at_ == end_)
      fault(value.begin, "this is never closed in its line", "JSON Lines has a whole object in each line");
    return *at_;
  };
  for (bool more = next() != closer; more;) {
    if (object) {
      if (*at_ != '"') unexpected("a key in double quotes");
      text();
      if (next() != ':') unexpected("a colon behind the key");
      ++at_;
    }
    this->value();
    more = next() != closer;
    if (more && *at_ != ',') unexpected("a comma or the end of what was opened");
    if (more) ++at_, next();
  }
  --depth_;
  value.end = ++at_;
  return value;
}

void unescape(const JsonValue& value, std::string& out) {
  out.clear();
  constexpr std::string_view names = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
  for (const char* at = value.begin; at != value.end;) {
    if (*at != '\\') {
      out += *at++;
      continue;
    }
    const char name = at[1];  // the closing quote's at the latest
    at += 2;
    if (name == 'u') {
      char letter[4];
      out.append(letter, write_utf8(escaped_letter(at, value.end), letter));
    } else if (const std::size_t known = names.find(name); known != std::string_view::npos) {
      out += meant[known];
    } else {
      throw JsonFault{at - 2, "there is no escape \\" + std::string(1, name),
                      "write a backslash twice: \\\\"};
    }
  }
}

bool blank_json_line(const char* begin, const char* end) {
  return std::all_of(begin, end, [](char c) { return is_blank(c); });
}

}  // namespace bpnet
