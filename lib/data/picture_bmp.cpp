// BMP: 1, 4 or 8 bits with a palette, 24 or 32 bits, not compressed. The fourth byte of 32 bits is left
// alone.

#include <algorithm>
#include <cstdlib>

#include "data/picture.hpp"

namespace bpnet {

namespace {

class Bmp {
 public:
  explicit Bmp(std::span<const std::byte> file) : file_(file) {
    const std::int64_t header = number(14, 4);
    const bool old = header == 12;
    if (!old && header < 40) throw PictureError("it is a damaged BMP: its header has an unknown length");
    width_ = old ? number(18, 2) : signed_number(18);
    height_ = old ? number(20, 2) : signed_number(22);
    top_down_ = height_ < 0;
    height_ = std::abs(height_);
    bits_ = static_cast<int>(number(old ? 24 : 28, 2));
    const std::int64_t packing = old ? 0 : number(30, 4);
    const bool usual_masks = packing == 3 && bits_ == 32 && number(54, 4) == 0xFF0000 &&
                             number(58, 4) == 0xFF00 && number(62, 4) == 0xFF;
    if (bits_ != 1 && bits_ != 4 && bits_ != 8 && bits_ != 24 && bits_ != 32)
      throw PictureError("it is a BMP of " + std::to_string(bits_) +
                         " bits a pixel; 1, 4, 8, 24 and 32 can be read");
    if (packing != 0 && !usual_masks) throw PictureError("it is a compressed BMP; plain ones can be read");
    if (bits_ <= 8) read_palette(static_cast<std::size_t>(14 + header), old);
    begin_ = static_cast<std::size_t>(number(10, 4));
  }

  Picture picture() const {
    Picture out = sized_picture(height_, width_, grey_ ? 1 : 3);
    const auto width = static_cast<std::size_t>(width_), height = static_cast<std::size_t>(height_);
    const std::size_t line = (width * static_cast<std::size_t>(bits_) + 31) / 32 * 4;
    if (begin_ > file_.size() || (file_.size() - begin_) / line < height)
      throw PictureError("it is cut short");
    std::uint8_t* to = out.pixels.data();
    for (std::size_t y = 0; y < height; ++y) {
      const std::byte* from = file_.data() + begin_ + (top_down_ ? y : height - 1 - y) * line;
      for (std::size_t x = 0; x < width; ++x) to = write_pixel(from, x, to);
    }
    return out;
  }

 private:
  std::int64_t number(std::size_t at, std::size_t bytes) const {
    if (at + bytes > file_.size()) throw PictureError("it is cut short");
    std::int64_t out = 0;
    for (std::size_t i = bytes; i-- > 0;) out = out << 8 | std::to_integer<std::int64_t>(file_[at + i]);
    return out;
  }
  std::int64_t signed_number(std::size_t at) const {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(number(at, 4)));
  }

  void read_palette(std::size_t at, bool old) {
    const std::int64_t most = std::int64_t{1} << bits_;
    const std::int64_t given = old ? most : number(46, 4);
    const std::size_t entry = old ? 3 : 4;
    grey_ = true;
    for (std::int64_t i = 0; i < (given > 0 && given < most ? given : most); ++i, at += entry) {
      const auto blue = number(at, 1), green = number(at + 1, 1), red = number(at + 2, 1);
      grey_ = grey_ && red == green && green == blue;
      for (const std::int64_t value : {red, green, blue})
        palette_.push_back(static_cast<std::uint8_t>(value));
    }
  }

  std::uint8_t* write_pixel(const std::byte* line, std::size_t x, std::uint8_t* to) const {
    if (bits_ > 8) {
      const std::byte* from = line + x * static_cast<std::size_t>(bits_ / 8);
      for (int c = 2; c >= 0; --c) *to++ = std::to_integer<std::uint8_t>(from[c]);
      return to;
    }
    const std::size_t bit = x * static_cast<std::size_t>(bits_);
    const int shift = 8 - bits_ - static_cast<int>(bit % 8);
    const auto code =
        static_cast<std::size_t>((std::to_integer<int>(line[bit / 8]) >> shift) & ((1 << bits_) - 1));
    if (code * 3 >= palette_.size())
      throw PictureError("it is a damaged BMP: a colour is not in its palette");
    return std::copy_n(palette_.data() + code * 3, grey_ ? 1 : 3, to);
  }

  std::span<const std::byte> file_;
  std::int64_t width_ = 0, height_ = 0;
  bool top_down_ = false, grey_ = false;
  int bits_ = 0;
  std::vector<std::uint8_t> palette_;  // red, green, blue
  std::size_t begin_ = 0;
};

}  // namespace

Picture decode_bmp(std::span<const std::byte> file) { return Bmp(file).picture(); }

}  // namespace bpnet
