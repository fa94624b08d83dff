#include "text/bpe.hpp"
#include "text/letters.hpp"
#include "text/utf8.hpp"

namespace bpnet {

namespace {

enum class Class : std::uint8_t { letter, digit, mark, space, end };

/// Of the character at text[at], which is moved behind it.
Class class_at(std::string_view text, std::size_t& at) {
  if (at >= text.size()) return Class::end;
  const std::uint32_t letter = read_utf8(text, at);
  if (is_space(letter)) return Class::space;
  if (is_digit(letter)) return Class::digit;
  return is_mark(letter) ? Class::mark : Class::letter;
}

/// Bytes of an English ending at the beginning of `text`: 's, 're, ...; 0: none.
std::size_t ending(std::string_view text) {
  for (const std::string_view e : {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"})
    if (text.starts_with(e)) return e.size();
  return 0;
}

constexpr std::size_t longest_word = 128;

}  // namespace

std::string_view next_word(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  const auto take_run = [&](Class wanted) {
    while (at - begin < longest_word) {
      std::size_t next = at;
      if (class_at(text, next) != wanted) break;
      at = next;
    }
  };
  if (text[at] == '\'')
    if (const std::size_t length = ending(text.substr(at, 3)); length > 0) {
      at += length;
      return text.substr(begin, length);
    }
  const Class kind = class_at(text, at);
  if (kind != Class::space) {
    take_run(kind);
    return text.substr(begin, at - begin);
  }
  std::size_t next = at;
  const Class second = class_at(text, next);
  if (text[begin] == ' ' && second != Class::space && second != Class::end) {
    at = next;
    take_run(second);
    return text.substr(begin, at - begin);
  }
  std::size_t last = begin;  // of the run's characters
  while (at - begin < longest_word) {
    next = at;
    const Class kind_of_next = class_at(text, next);
    if (kind_of_next == Class::end) break;
    if (kind_of_next != Class::space) {
      if (last > begin) at = last;
      break;
    }
    last = at;
    at = next;
  }
  return text.substr(begin, at - begin);
}

}  // namespace bpnet
