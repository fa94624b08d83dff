#include "data/picture.hpp"

#include <algorithm>
#include <string_view>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/hash.hpp"
#include "data/words.hpp"

namespace bpnet {

namespace {

struct Format {
  std::string_view magic;
  Picture (*decode)(std::span<const std::byte>);
};
constexpr Format formats[] = {{"\x89PNG\r\n\x1A\n", decode_png},
                              {"\xFF\xD8\xFF", decode_jpeg},
                              {"BM", decode_bmp},
                              {"P1", decode_pnm},
                              {"P2", decode_pnm},
                              {"P3", decode_pnm},
                              {"P4", decode_pnm},
                              {"P5", decode_pnm},
                              {"P6", decode_pnm}};

std::string_view text_of(std::span<const std::byte> file) {
  return {reinterpret_cast<const char*>(file.data()), file.size()};
}

const Format* format_of(std::span<const std::byte> file) {
  for (const Format& format : formats)
    if (text_of(file).starts_with(format.magic)) return &format;
  return nullptr;
}

[[noreturn]] void no_picture(std::string_view text) {
  if (text.empty()) throw PictureError("the file is empty");
  if (const auto other = other_picture(text)) throw PictureError(*other);
  throw PictureError("it is no PNG, JPEG, BMP, PPM or PGM: it begins with " + in_quotes(text.substr(0, 12)));
}

/// The alpha channel goes; what shines through is white.
void lay_on_white(Picture& picture) {
  if (picture.channels % 2 != 0) return;
  const int colours = picture.channels - 1;
  const std::uint8_t* from = picture.pixels.data();
  std::uint8_t* to = picture.pixels.data();
  const std::uint8_t* end = from + picture.pixels.size();
  for (; from < end; ++from) {
    const int alpha = from[colours];
    for (int c = 0; c < colours; ++c)
      *to++ = static_cast<std::uint8_t>((*from++ * alpha + 255 * (255 - alpha) + 127) / 255);
  }
  picture.pixels.resize(static_cast<std::size_t>(to - picture.pixels.data()));
  picture.channels = colours;
}

std::string why_not_opened(const std::filesystem::path& path) {
  std::error_code failed;
  if (path.native().size() >= 4096) return "its path is too long";
  if (std::filesystem::is_directory(path, failed)) return "it is a folder";
  if (!std::filesystem::exists(path, failed))
    return "there is no such file at " + path.lexically_normal().string();
  return "the file cannot be read";
}

}  // namespace

std::optional<std::string> other_picture(std::string_view file) {
  constexpr std::string_view null("\0", 1);
  const auto is = [&](std::string_view magic, std::string_view more = {}, std::size_t at = 0) {
    return file.starts_with(magic) && file.substr(std::min(at, file.size())).starts_with(more);
  };
  const char* const name = is("GIF87a") || is("GIF89a")              ? "a GIF"
                           : is("RIFF", "WEBP", 8)                   ? "WebP"
                           : is("II*", null, 3) || is("MM", null, 2) ? "a TIFF"
                           : is("<svg")                              ? "an SVG"
                                                                     : nullptr;
  if (name == nullptr) return std::nullopt;
  return std::string("it is ") + name + "; PNG, JPEG, BMP, PPM and PGM can be read";
}

bool begins_like_picture(std::span<const std::byte> file) { return format_of(file) != nullptr; }

Picture decode_picture(std::span<const std::byte> file) {
  const Format* format = format_of(file);
  if (format == nullptr) no_picture(text_of(file));
  Picture picture = format->decode(file);
  lay_on_white(picture);
  return picture;
}

Picture read_picture(const std::filesystem::path& path, std::uint64_t* print) {
  std::vector<char> bytes;
  try {
    const InputFile file(path);
    if (file.size() > picture_bytes_at_most)
      throw PictureError("the file has more than " + std::to_string(picture_bytes_at_most >> 20) + " MB");
    bytes.resize(file.size());
    file.read(0, bytes);
  } catch (const Error&) {
    throw PictureError(why_not_opened(path));
  }
  if (print) *print = hash64(std::as_bytes(std::span(bytes)));
  return decode_picture(std::as_bytes(std::span(bytes)));
}

Picture sized_picture(std::int64_t height, std::int64_t width, int channels) {
  const std::string size = std::to_string(width) + "x" + std::to_string(height);
  if (height <= 0 || width <= 0) throw PictureError("it is " + size + " pixels large");
  if (height > picture_side_at_most || width > picture_side_at_most ||
      height * width > picture_pixels_at_most)
    throw PictureError("it is " + size + " pixels large; up to " + std::to_string(picture_side_at_most) +
                       " on a side and 100 million in all can be read");
  Picture out;
  out.height = static_cast<int>(height);
  out.width = static_cast<int>(width);
  out.channels = channels;
  out.pixels.resize(static_cast<std::size_t>(height * width) * static_cast<std::size_t>(channels));
  return out;
}

void set_channels(Picture& picture, int channels) {
  if (picture.channels == channels) return;
  const std::size_t pixels = picture.pixels.size() / static_cast<std::size_t>(picture.channels);
  std::vector<std::uint8_t> out(pixels * static_cast<std::size_t>(channels));
  const std::uint8_t* from = picture.pixels.data();
  std::uint8_t* to = out.data();
  for (std::size_t i = 0; i < pixels; ++i) {
    if (channels == 3) {
      to = std::fill_n(to, 3, *from++);
    } else {
      *to++ = static_cast<std::uint8_t>((from[0] * 19595 + from[1] * 38470 + from[2] * 7471 + 0x8000) >> 16);
      from += 3;
    }
  }
  picture.pixels = std::move(out);
  picture.channels = channels;
}

}  // namespace bpnet
