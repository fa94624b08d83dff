// PNG (ISO/IEC 15948) by libpng, which reports errors by longjmp: nothing with a destructor lives in the two
// functions that call it.

#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>

#include "data/picture.hpp"

namespace bpnet {

namespace {

struct Reading {
  png_structp png = nullptr;
  png_infop info = nullptr;
  const std::byte* at = nullptr;
  const std::byte* end = nullptr;
  char reason[100] = {};
  ~Reading() {
    if (png != nullptr) png_destroy_read_struct(&png, &info, nullptr);
  }
};

[[noreturn]] void on_error(png_structp png, png_const_charp words) {
  auto* reading = static_cast<Reading*>(png_get_error_ptr(png));
  std::strncpy(reading->reason, words, sizeof reading->reason - 1);
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void read_bytes(png_structp png, png_bytep to, std::size_t count) {
  auto* reading = static_cast<Reading*>(png_get_io_ptr(png));
  if (static_cast<std::size_t>(reading->end - reading->at) < count) png_error(png, "it is cut short");
  std::memcpy(to, reading->at, count);
  reading->at += count;
}

/// Reads all before the pixels, which are to have 8 bits a channel. False: see reason.
bool begin(Reading& reading) {
  reading.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reading, on_error, on_warning);
  if (reading.png == nullptr) return false;
  if (setjmp(png_jmpbuf(reading.png)) != 0) return false;
  reading.info = png_create_info_struct(reading.png);
  if (reading.info == nullptr) return false;
  png_set_read_fn(reading.png, &reading, read_bytes);
  png_read_info(reading.png, reading.info);
  png_set_expand(reading.png);
  png_set_scale_16(reading.png);
  png_set_interlace_handling(reading.png);
  png_read_update_info(reading.png, reading.info);
  return true;
}

bool read_lines(Reading& reading, png_bytepp lines) {
  if (setjmp(png_jmpbuf(reading.png)) != 0) return false;
  png_read_image(reading.png, lines);
  return true;
}

std::int64_t number_at(std::span<const std::byte> file, std::size_t at) {
  std::int64_t out = 0;
  for (std::size_t i = at; i < at + 4; ++i) out = out << 8 | std::to_integer<std::int64_t>(file[i]);
  return out;
}

[[noreturn]] void damaged(const Reading& reading) {
  const std::string reason = reading.reason;
  throw PictureError(reason.starts_with("it is") ? reason : "it is a damaged PNG (" + reason + ")");
}

}  // namespace

Picture decode_png(std::span<const std::byte> file) {
  constexpr std::size_t behind_sizes = 24;
  if (file.size() < behind_sizes) throw PictureError("it is cut short");
  const std::int64_t width = number_at(file, 16), height = number_at(file, 20);
  sized_picture(height, width, 0);
  Reading reading;
  reading.at = file.data();
  reading.end = file.data() + file.size();
  if (!begin(reading)) damaged(reading);
  constexpr std::int64_t most_pixels_a_byte = 1032 * 8;  // of one bit, as deflate packs zeros
  if (height * width / most_pixels_a_byte > static_cast<std::int64_t>(file.size()))
    throw PictureError("it is cut short");
  Picture out = sized_picture(height, width, png_get_channels(reading.png, reading.info));
  const std::size_t line = out.pixels.size() / static_cast<std::size_t>(out.height);
  if (png_get_rowbytes(reading.png, reading.info) != line) throw PictureError("it is a damaged PNG");
  std::vector<png_bytep> lines;
  for (std::size_t y = 0; y < static_cast<std::size_t>(out.height); ++y)
    lines.push_back(out.pixels.data() + y * line);
  if (!read_lines(reading, lines.data())) damaged(reading);
  return out;
}

}  // namespace bpnet
