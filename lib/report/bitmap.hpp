#pragma once
// Colour pictures that reports draw, and PNG files of them.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace bpnet {

struct Colour {
  std::uint8_t red = 0, green = 0, blue = 0;
  bool operator==(const Colour&) const = default;
};

struct Bitmap {
  int width = 0, height = 0;
  std::vector<Colour> pixels;  // rows from the top
  Bitmap(int wide, int high, Colour background);
  Colour& at(int x, int y) {
    return pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                  static_cast<std::size_t>(x)];
  }
  /// Parts outside are left out.
  void fill(int left, int top, int wide, int high, Colour colour);
  /// A line of text with its upper left corner there; letters of 5 x 7 pixels, `scale` times as large, Latin
  /// ones without their marks. What there is no letter for is drawn as a question mark.
  void write(int left, int top, std::string_view text, Colour colour, int scale = 1);
};

inline constexpr int letter_width = 6, letter_height = 7;  // with the gap to the next letter
/// Whether there are letters for all of a text.
bool can_write(std::string_view text);
/// Letters of a UTF-8 text.
std::size_t letters(std::string_view text);
/// The text, or as much of its beginning as fits into `most` letters, with a dot where it is cut.
std::string cut_text(std::string_view text, std::size_t most);

/// Throws Error(cannot_write).
void write_png(const std::filesystem::path& path, const Bitmap& bitmap);

}  // namespace bpnet
