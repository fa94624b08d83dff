// JPEG by libjpeg-turbo.

#include <turbojpeg.h>

#include <algorithm>
#include <memory>

#include "data/picture.hpp"

namespace bpnet {

namespace {

struct Free {
  void operator()(void* handle) const { tjDestroy(handle); }
};

/// Bytes between two parts of a file harm nothing; all else that is wrong leaves grey or shifted blocks.
bool harmless(const std::string& words) { return words.find("extraneous bytes") != std::string::npos; }

[[noreturn]] void damaged(const std::string& words) {
  if (words.find("Premature end") != std::string::npos || words.find("premature end") != std::string::npos)
    throw PictureError("it is cut short");
  throw PictureError("it is a damaged JPEG (" + words + ")");
}

/// Cyan, magenta, yellow and black, which files for print hold as what is left of the paper's white (so do
/// Adobe's, and all others follow them), become red, green and blue.
void dry(Picture& picture) {
  const std::size_t pixels = picture.pixels.size() / 4;
  for (std::size_t i = 0; i < pixels; ++i) {
    const std::uint8_t* const inks = &picture.pixels[4 * i];
    const int white = inks[3];
    std::uint8_t rgb[3];
    for (int c = 0; c < 3; ++c) {
      const int covered = (255 - inks[c]) * white + 128;
      rgb[c] = static_cast<std::uint8_t>(white - (covered + (covered >> 8)) / 256);
    }
    std::copy_n(rgb, 3, &picture.pixels[3 * i]);
  }
  picture.channels = 3;
  picture.pixels.resize(3 * pixels);
}

}  // namespace

Picture decode_jpeg(std::span<const std::byte> file) {
  const std::unique_ptr<void, Free> handle(tjInitDecompress());
  if (!handle) throw std::bad_alloc();
  const auto* bytes = reinterpret_cast<const unsigned char*>(file.data());
  int width = 0, height = 0, sampling = 0, colours = 0;
  if (tjDecompressHeader3(handle.get(), bytes, file.size(), &width, &height, &sampling, &colours) != 0)
    damaged(tjGetErrorStr2(handle.get()));
  const bool grey = colours == TJCS_GRAY, inks = colours == TJCS_CMYK || colours == TJCS_YCCK;
  Picture out = sized_picture(height, width, grey ? 1 : inks ? 4 : 3);
  if (tjDecompress2(handle.get(), bytes, file.size(), out.pixels.data(), width, 0, height,
                    grey   ? TJPF_GRAY
                    : inks ? TJPF_CMYK
                           : TJPF_RGB,
                    TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS) != 0)
    if (const std::string words = tjGetErrorStr2(handle.get()); !harmless(words)) damaged(words);
  if (inks) dry(out);
  set_upright(out, orientation_of_jpeg(file));
  return out;
}

}  // namespace bpnet
