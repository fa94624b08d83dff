// JPEG by libjpeg-turbo.

#include <turbojpeg.h>

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

}  // namespace

Picture decode_jpeg(std::span<const std::byte> file) {
  const std::unique_ptr<void, Free> handle(tjInitDecompress());
  if (!handle) throw std::bad_alloc();
  const auto* bytes = reinterpret_cast<const unsigned char*>(file.data());
  int width = 0, height = 0, sampling = 0, colours = 0;
  if (tjDecompressHeader3(handle.get(), bytes, file.size(), &width, &height, &sampling, &colours) != 0)
    damaged(tjGetErrorStr2(handle.get()));
  if (colours == TJCS_CMYK || colours == TJCS_YCCK)
    throw PictureError("it is a JPEG for print (CMYK); make it an RGB one");
  const bool grey = colours == TJCS_GRAY;
  Picture out = sized_picture(height, width, grey ? 1 : 3);
  if (tjDecompress2(handle.get(), bytes, file.size(), out.pixels.data(), width, 0, height,
                    grey ? TJPF_GRAY : TJPF_RGB, TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS) != 0)
    if (const std::string words = tjGetErrorStr2(handle.get()); !harmless(words)) damaged(words);
  set_upright(out, orientation_of_jpeg(file));
  return out;
}

}  // namespace bpnet
