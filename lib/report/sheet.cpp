#include "report/sheet.hpp"

#include <algorithm>
#include <cmath>

namespace bpnet {

namespace {

constexpr int gap = 3, line = letter_height + 2;
constexpr Colour background = {40, 44, 52}, ink = {235, 235, 235};

std::uint8_t level(Real value) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(value, Real{0}, Real{1}) * 255));
}

void draw(Bitmap& on, int left, int top, int scale, const Real* values, const Shape& shape) {
  const int channels = shape[2];
  for (int y = 0; y < shape[0]; ++y)
    for (int x = 0; x < shape[1]; ++x) {
      const Real* pixel = values + (static_cast<std::ptrdiff_t>(y) * shape[1] + x) * channels;
      const bool colours = channels == 3;
      on.fill(left + x * scale, top + y * scale, scale, scale,
              {level(pixel[0]), level(pixel[colours ? 1 : 0]), level(pixel[colours ? 2 : 0])});
    }
}

}  // namespace

Bitmap sheet(std::span<const SheetPicture> pictures, const Shape& shape, int columns, int side) {
  std::size_t lines = 0;
  for (const SheetPicture& p : pictures) lines = std::max(lines, p.caption.size());
  const int scale = std::max(1, (side + shape[1] - 1) / shape[1]);
  const int wide = shape[1] * scale, high = shape[0] * scale;
  const int step_x = wide + gap, step_y = high + gap + static_cast<int>(lines) * line;
  const int rows = (static_cast<int>(pictures.size()) + columns - 1) / columns;
  Bitmap out(columns * step_x + gap, rows * step_y + gap, background);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const int left = gap + static_cast<int>(i) % columns * step_x;
    const int top = gap + static_cast<int>(i) / columns * step_y;
    const SheetPicture& p = pictures[i];
    if (!p.values.empty()) draw(out, left, top, scale, p.values.data(), shape);
    for (std::size_t l = 0; l < p.caption.size(); ++l)
      out.write(left, top + high + 2 + static_cast<int>(l) * line,
                cut_text(p.caption[l], static_cast<std::size_t>(wide / letter_width)), ink);
  }
  return out;
}

}  // namespace bpnet
