#include "spec/source.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bpnet::spec {

namespace {

constexpr std::size_t largest = std::size_t{1} << 20;
constexpr std::size_t longest_shown = 400;  // longer lines are not drawn under a message

/// Bytes of the UTF-8 character at `at`; 0 where there is none.
std::size_t character(std::string_view text, std::size_t at, unsigned& code) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(at);
  if (lead < 0x80) {
    code = lead;
    return 1;
  }
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + size > text.size()) return 0;
  code = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80) return 0;
    code = code << 6 | (byte(at + i) & 0x3FU);
  }
  constexpr unsigned smallest[] = {0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  return code < smallest[size - 2] || surrogate || code > 0x10FFFF ? 0 : size;
}

bool looks_like_utf16(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) return true;
  return bytes.size() >= 4 && ((bytes[0] == 0 && bytes[1] != 0 && bytes[2] == 0) ||
                               (bytes[0] != 0 && bytes[1] == 0 && bytes[3] == 0));
}

Error refuse(Place place, std::string message, std::string help) {
  place.source.clear();  // such a line is not fit to be printed
  return {Fault::configuration, {Problem{std::move(place), std::move(message), {std::move(help)}}}};
}

}  // namespace

Source::Source(std::string file, std::string_view bytes, int order) : file_(std::move(file)), order_(order) {
  if (bytes.size() > largest)
    throw refuse(whole(), fmt::format("a configuration has at most 1 MiB; this has {} bytes", bytes.size()),
                 "is it a data file?");
  if (looks_like_utf16(bytes)) throw refuse(whole(), "this is UTF-16 text", "save it as UTF-8");
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  text_ = bytes;
  for (std::size_t i = 0; i < text_.size(); ++i)
    if (text_[i] == '\r' && text_.substr(i + 1, 1) != "\n") text_[i] = '\n';
  line_starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i)
    if (text_[i] == '\n') line_starts_.push_back(i + 1);
  check();
}

void Source::check() const {
  for (std::size_t at = 0; at < text_.size();) {
    unsigned code = 0;
    const std::size_t size = character(text_, at, code);
    if (size == 0)
      throw refuse(place(at, 0),
                   fmt::format("byte {:#04x} is no UTF-8 text",
                               static_cast<unsigned>(static_cast<unsigned char>(text_[at]))),
                   "save the file as UTF-8");
    const bool space = code == '\n' || code == '\r' || code == '\t' || code == 0x85;
    if (!space && (code < 0x20 || (code >= 0x7F && code < 0xA0)))
      throw refuse(place(at, 0), code == 0 ? "a NUL byte" : fmt::format("control character {:#04x}", code),
                   "a configuration is plain text; in double quotes \"\\x07\" stands for such a character");
    at += size;
  }
}

std::size_t Source::line_of(std::size_t offset) const {
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  return static_cast<std::size_t>(after - line_starts_.begin()) - 1;
}

std::string_view Source::line(std::size_t index) const {
  const std::size_t begin = line_starts_[index];
  std::size_t end = index + 1 < line_starts_.size() ? line_starts_[index + 1] - 1 : text_.size();
  if (end > begin && text_[end - 1] == '\r') --end;
  return std::string_view(text_).substr(begin, end - begin);
}

Place Source::place(std::size_t offset, std::size_t length) const {
  const std::size_t index = line_of(std::min(offset, text_.size()));
  const std::string_view shown = line(index);
  const std::size_t before = offset - line_starts_[index];
  Place place = whole();
  place.line = static_cast<int>(index) + 1;
  place.column = static_cast<int>(before) + 1;
  if (shown.size() > longest_shown) return place;
  place.source = shown;
  const std::size_t room = shown.size() > before ? shown.size() - before : 0;
  place.length = static_cast<int>(length == 0 ? 0 : std::clamp<std::size_t>(room, 1, length));
  return place;
}

Place Source::whole() const {
  Place place;
  place.file = file_;
  return place;
}

}  // namespace bpnet::spec
