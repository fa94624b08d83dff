#pragma once
// Reads a text from left to right. What a function does not find, it says with false; then the cursor may
// stand anywhere.

#include <string_view>

namespace bpnet {

class TextCursor {
 public:
  explicit TextCursor(std::string_view text) : rest_(text) {}
  bool ended() const { return rest_.empty(); }
  bool digit() const { return !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; }
  bool skip(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip_blanks() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\t')) rest_.remove_prefix(1);
  }
  /// A whole number without a sign.
  bool number(int fewest_digits, int most_digits, int& out) {
    int digits = 0, value = 0;
    for (; digits < most_digits && digit(); ++digits) value = value * 10 + take_digit();
    out = value;
    return digits >= fewest_digits;
  }
  /// Digits behind a decimal mark, added to `out`.
  bool fraction(double& out) {
    if (!digit()) return false;
    for (double unit = 0.1; digit(); unit /= 10) out += unit * take_digit();
    return true;
  }
  /// A time zone or nothing: Z, +01, +0100, +01:00.
  bool zone() {
    int hours = 0, minutes = 0;
    if (skip('Z') || skip('z')) return true;
    if (!skip('+') && !skip('-')) return true;
    if (!number(2, 2, hours) || hours > 15) return false;
    if (skip(':') || digit()) return number(2, 2, minutes) && minutes < 60;
    return true;
  }
  /// One of these words, or its first three letters, in letters of any size; its position, -1: none.
  template <std::size_t N>
  int word(const std::string_view (&words)[N]) {
    constexpr std::size_t shortened = 3;
    for (std::size_t i = 0; i < N; ++i)
      for (const std::size_t letters : {words[i].size(), shortened})
        if (starts_with(words[i].substr(0, letters))) {
          rest_.remove_prefix(letters);
          return static_cast<int>(i);
        }
    return -1;
  }

 private:
  int take_digit() {
    const int value = rest_[0] - '0';
    rest_.remove_prefix(1);
    return value;
  }
  bool starts_with(std::string_view small) const {
    if (rest_.size() < small.size()) return false;
    for (std::size_t i = 0; i < small.size(); ++i) {
      const char c = rest_[i];
      if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != small[i]) return false;
    }
    return true;
  }
  std::string_view rest_;
};

}  // namespace bpnet
