#include "report/bitmap.hpp"

#include <png.h>

#include <algorithm>
#include <cassert>

#include "core/files.hpp"

namespace bpnet {

Bitmap::Bitmap(int wide, int high, Colour background)
    : width(wide),
      height(high),
      pixels(static_cast<std::size_t>(wide) * static_cast<std::size_t>(high), background) {}

void Bitmap::fill(int left, int top, int wide, int high, Colour colour) {
  const int right = std::min(width, left + wide), bottom = std::min(height, top + high);
  for (int y = std::max(0, top); y < bottom; ++y)
    for (int x = std::max(0, left); x < right; ++x) at(x, y) = colour;
}

void write_png(const std::filesystem::path& path, const Bitmap& bitmap) {
  static_assert(sizeof(Colour) == 3);
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(bitmap.width);
  image.height = static_cast<png_uint_32>(bitmap.height);
  image.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string bytes(size, '\0');
  [[maybe_unused]] const int done =
      png_image_write_to_memory(&image, bytes.data(), &size, 0, bitmap.pixels.data(), 0, nullptr);
  assert(done);
  bytes.resize(size);
  write_file_unsynced(path, bytes);
}

}  // namespace bpnet
