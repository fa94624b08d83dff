#pragma once
// One line of JSON Lines (jsonlines.org): an object of RFC 8259, taken apart without building anything.

#include <optional>
#include <string>
#include <string_view>

namespace bpnet {

/// What is wrong with a line, and at which byte.
struct JsonFault {
  const char* at = nullptr;
  std::string message, help;
};

struct JsonValue {
  enum class Kind : unsigned char {
    null,     // also NaN, which other programs write
    word,     // true, false, Infinity or -Infinity
    number,   // as it is written
    text,     // between the quotes, without escapes
    escaped,  // between the quotes, with escapes: see unescape
    nested    // an object or an array
  } kind = Kind::null;
  const char *begin = nullptr, *end = nullptr;
  std::string_view content() const { return {begin, static_cast<std::size_t>(end - begin)}; }
};

class JsonLine {
 public:
  /// A line without its line end. Throws JsonFault, as all members do, if it holds something else.
  JsonLine(const char* begin, const char* end);
  /// Goes to the next key; false behind the last one.
  bool next_key();
  /// Its text (also escaped); lives until the next call.
  std::string_view key() const { return key_; }
  const char* key_begin() const { return key_begin_; }
  /// If the next key is written as this, a quoted text: goes to it.
  bool next_key_is(std::string_view quoted);
  JsonValue value();

 private:
  void skip_blanks();
  [[noreturn]] void fault(const char* at, std::string message, std::string help = "") const;
  [[noreturn]] void unexpected(const char* wanted) const;
  bool separate();
  JsonValue text();
  JsonValue number();
  JsonValue word();
  JsonValue nested();

  const char *at_, *end_;
  const char* key_begin_ = nullptr;
  bool first_ = true;
  std::size_t depth_ = 0;
  std::string_view key_;
  std::string scratch_;
};

/// The text of an escaped value.
void unescape(const JsonValue& value, std::string& out);

/// True for a line of blanks alone.
bool blank_json_line(const char* begin, const char* end);

}  // namespace bpnet
