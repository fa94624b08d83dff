#pragma once
// One picture: a file's bytes into pixels.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bpnet {

struct Picture {
  int height = 0, width = 0;
  int channels = 0;                  // 1: grey, 3: red, green, blue
  std::vector<std::uint8_t> pixels;  // (height, width, channels)
  std::string size_text() const { return std::to_string(width) + "x" + std::to_string(height); }
};

/// Why a picture cannot be read, as what it is: "it is cut short".
struct PictureError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Pixels on a side and in all, and bytes of a file, at most.
inline constexpr int picture_side_at_most = 16384;
inline constexpr std::int64_t picture_pixels_at_most = 100'000'000;
inline constexpr std::size_t picture_bytes_at_most = std::size_t{256} << 20;

/// PNG, JPEG, BMP, PPM and PGM, known by their first bytes. Of more than 8 bits, the upper ones; transparent
/// parts lie on white; a photograph stands upright, as its camera noted. Throws PictureError.
Picture decode_picture(std::span<const std::byte> file);
/// The same of a file on disk. `print` becomes the hash of its bytes as soon as they are read.
Picture read_picture(const std::filesystem::path& path, std::uint64_t* print = nullptr);
/// True if bytes begin like a picture that can be read.
bool begins_like_picture(std::span<const std::byte> file);

/// "it is a GIF; PNG, ... can be read" of bytes that begin like a picture of another kind.
std::optional<std::string> other_picture(std::string_view file);

/// Grey becomes three equal channels, colours their luma (ITU-R BT.601).
void set_channels(Picture& picture, int channels);

// The readers. What they return may have an alpha channel behind the others (2 or 4 channels).
Picture decode_png(std::span<const std::byte> file);
Picture decode_jpeg(std::span<const std::byte> file);
Picture decode_bmp(std::span<const std::byte> file);
Picture decode_pnm(std::span<const std::byte> file);
/// How the camera was held, as a JPEG's Exif notes it: 1 (upright, or nothing is noted) to 8.
int orientation_of_jpeg(std::span<const std::byte> file);
/// Turns and mirrors a picture that was taken so: 1 leaves it as it is.
void set_upright(Picture& picture, int orientation);
/// A picture of these sizes, all black. Throws PictureError if it would be empty or too large.
Picture sized_picture(std::int64_t height, std::int64_t width, int channels);

}  // namespace bpnet
