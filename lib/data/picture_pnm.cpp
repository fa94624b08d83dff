// PBM, PGM and PPM, plain (P1 to P3) and raw (P4 to P6): netpbm.sourceforge.net/doc.

#include "data/picture.hpp"

namespace bpnet {

namespace {

class Pnm {
 public:
  explicit Pnm(std::span<const std::byte> file) : file_(file), kind_(letter(1) - '0') {}

  Picture picture() {
    const std::int64_t width = number(), height = number();
    const bool bits = kind_ == 1 || kind_ == 4, raw = kind_ > 3;
    const std::int64_t most = bits ? 1 : number();
    if (most < 1 || most > 65535)
      throw PictureError("it is damaged: its highest value is " + std::to_string(most));
    if (raw) ++at_;  // one blank
    Picture out = sized_picture(height, width, kind_ % 3 == 0 ? 3 : 1);
    demand_bytes(out, most);
    const std::size_t line = out.pixels.size() / static_cast<std::size_t>(out.height);
    for (std::size_t i = 0; i < out.pixels.size(); ++i) {
      std::int64_t value = 0;
      if (bits)
        value = raw ? 1 - bit(i / line, i % line, line) : 1 - digit();
      else
        value = raw ? sample(most > 255) : number();
      if (value > most) throw PictureError("it is damaged: a value is above its highest");
      out.pixels[i] = static_cast<std::uint8_t>((value * 255 + most / 2) / most);
    }
    return out;
  }

 private:
  char letter(std::size_t at) const {
    if (at >= file_.size()) throw PictureError("it is cut short");
    return static_cast<char>(file_[at]);
  }
  static bool blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

  void skip_blanks() {
    while (blank(letter(at_)) || letter(at_) == '#') {
      if (letter(at_) == '#')
        while (letter(at_) != '\n') ++at_;
      ++at_;
    }
  }
  std::int64_t number() {
    skip_blanks();
    std::int64_t out = 0;
    const std::size_t begin = at_;
    for (; at_ < file_.size() && letter(at_) >= '0' && letter(at_) <= '9' && out < 1'000'000'000; ++at_)
      out = out * 10 + (letter(at_) - '0');
    if (at_ == begin) throw PictureError("it is damaged: a number is missing in it");
    return out;
  }
  std::int64_t digit() {
    skip_blanks();
    const char c = letter(at_++);
    if (c != '0' && c != '1') throw PictureError("it is damaged: a bit is neither 0 nor 1");
    return c - '0';
  }
  std::int64_t sample(bool two) {
    auto value = std::to_integer<std::int64_t>(file_[at_++]);
    if (two) value = value << 8 | std::to_integer<std::int64_t>(file_[at_++]);
    return value;
  }
  std::int64_t bit(std::size_t y, std::size_t x, std::size_t width) const {
    return std::to_integer<std::int64_t>(file_[at_ + y * ((width + 7) / 8) + x / 8]) >> (7 - x % 8) & 1;
  }
  void demand_bytes(const Picture& picture, std::int64_t most) const {
    const auto width = static_cast<std::size_t>(picture.width),
               height = static_cast<std::size_t>(picture.height);
    std::size_t wanted = picture.pixels.size();  // plain ones have a letter for each, or more
    if (kind_ == 4) wanted = (width + 7) / 8 * height;
    if (kind_ > 4 && most > 255) wanted *= 2;
    if (at_ > file_.size() || file_.size() - at_ < wanted) throw PictureError("it is cut short");
  }

  std::span<const std::byte> file_;
  int kind_;
  std::size_t at_ = 2;
};

}  // namespace

Picture decode_pnm(std::span<const std::byte> file) { return Pnm(file).picture(); }

}  // namespace bpnet
