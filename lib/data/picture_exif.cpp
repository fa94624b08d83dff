// The orientation in Exif 2.3 (CIPA DC-008): a TIFF directory in a JPEG's APP1 segment.

#include <cstring>
#include <optional>
#include <string_view>

#include "data/picture.hpp"

namespace bpnet {

namespace {

using Bytes = std::span<const std::byte>;

/// A whole number of `size` bytes; nothing if the bytes end before.
std::optional<std::size_t> number_at(Bytes bytes, std::size_t at, std::size_t size, bool little = false) {
  if (at > bytes.size() || bytes.size() - at < size) return {};
  std::size_t out = 0;
  for (std::size_t i = 0; i < size; ++i)
    out = out << 8U | std::to_integer<std::size_t>(bytes[at + (little ? size - 1 - i : i)]);
  return out;
}

bool begins_with(Bytes bytes, std::string_view text) {
  return bytes.size() >= text.size() && std::memcmp(bytes.data(), text.data(), text.size()) == 0;
}

/// Of the first directory of a TIFF; 1 if it has none that makes sense.
int orientation_in_tiff(Bytes tiff) {
  constexpr std::size_t tag = 0x0112, whole_16_bits = 3, entry_bytes = 12;
  const bool little = begins_with(tiff, "II");
  if (!little && !begins_with(tiff, "MM")) return 1;
  if (number_at(tiff, 2, 2, little) != 42) return 1;
  const auto directory = number_at(tiff, 4, 4, little);
  if (!directory) return 1;
  const std::size_t entries = number_at(tiff, *directory, 2, little).value_or(0);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t at = *directory + 2 + i * entry_bytes;
    if (number_at(tiff, at, 2, little) != tag) continue;
    const std::size_t value = number_at(tiff, at + 8, 2, little).value_or(1);
    const bool good = number_at(tiff, at + 2, 2, little) == whole_16_bits && value >= 1 && value <= 8;
    return good ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace

int orientation_of_jpeg(Bytes file) {
  constexpr std::string_view exif("Exif\0\0", 6);
  constexpr std::size_t app1 = 0xE1, scan = 0xDA, end = 0xD9, fill = 0xFF;
  for (std::size_t at = 2; number_at(file, at, 1) == fill;) {
    const std::size_t marker = number_at(file, at + 1, 1).value_or(end);
    if (marker == fill) {
      ++at;
      continue;
    }
    const std::size_t length = number_at(file, at + 2, 2).value_or(0);
    if (marker == scan || marker == end || length < 2 || file.size() - at - 2 < length) return 1;
    const Bytes content = file.subspan(at + 4, length - 2);
    if (marker == app1 && begins_with(content, exif))
      return orientation_in_tiff(content.subspan(exif.size()));
    at += 2 + length;
  }
  return 1;
}

void set_upright(Picture& picture, int orientation) {
  if (orientation == 1) return;
  const bool turned = orientation >= 5;  // rows become columns
  const bool from_below = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  Picture out = sized_picture(turned ? picture.width : picture.height,
                              turned ? picture.height : picture.width, picture.channels);
  const auto size = static_cast<std::size_t>(picture.channels);
  std::uint8_t* to = out.pixels.data();
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x, to += size) {
      const int row = turned ? x : y, column = turned ? y : x;
      const int from_row = from_below ? picture.height - 1 - row : row;
      const int from_column = from_right ? picture.width - 1 - column : column;
      const auto pixel = static_cast<std::size_t>(from_row) * static_cast<std::size_t>(picture.width) +
                         static_cast<std::size_t>(from_column);
      std::memcpy(to, &picture.pixels[pixel * size], size);
    }
  picture = std::move(out);
}

}  // namespace bpnet
