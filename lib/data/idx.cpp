#include "data/idx.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/error.hpp"
#include "core/free_memory.hpp"
#include "data/words.hpp"

namespace bpnet {

namespace {

[[noreturn]] void fail(const std::string& shown, std::string message, std::vector<std::string> help = {}) {
  Problem problem;
  problem.place.file = shown;
  problem.message = std::move(message);
  problem.help = std::move(help);
  throw Error(Fault::data, {std::move(problem)});
}

std::size_t bytes_of_type(int type) {
  switch (type) {
    case 0x08:  // without a sign
    case 0x09:
      return 1;
    case 0x0B:
      return 2;
    case 0x0C:
    case 0x0D:  // float
      return 4;
    case 0x0E:  // double
      return 8;
    default:
      return 0;
  }
}

std::size_t read_on(ByteFlow& flow, char* to, std::size_t wanted) {
  std::size_t size = 0;
  while (size < wanted) {
    const std::size_t n = flow.read(to + size, wanted - size);
    if (n == 0) break;
    size += n;
  }
  return size;
}

template <class T>
T big_endian(const char* from) {
  char bytes[sizeof(T)];
  std::copy_n(from, sizeof(T), bytes);
  if constexpr (std::endian::native == std::endian::little) std::reverse(bytes, bytes + sizeof(T));
  T out;
  std::memcpy(&out, bytes, sizeof(T));
  return out;
}

}  // namespace

bool IdxFile::begins(std::string_view bytes) {
  return bytes.size() >= 4 && bytes[0] == 0 && bytes[1] == 0 && bytes[2] != '\xFE';  // a mark of UTF-32
}

IdxFile::IdxFile(ByteFlow bytes) : shown_(bytes.shown()) {
  constexpr std::int64_t most_elements = std::int64_t{1} << 40;
  char magic[4], size[4];
  if (read_on(bytes, magic, 4) < 4) fail(shown_, "the file is cut short: it has no magic number");
  type_ = static_cast<unsigned char>(magic[2]);
  const int axes = static_cast<unsigned char>(magic[3]);
  const std::size_t wide = bytes_of_type(type_);
  const bool may_be = axes == 1 || ((axes == 3 || axes == 4) && type_ == 8);
  if (magic[0] != 0 || magic[1] != 0 || wide == 0 || !may_be)
    fail(shown_,
         fmt::format("the file begins like IDX, but its magic number is {:02x} {:02x} {:02x} {:02x}",
                     static_cast<unsigned char>(magic[0]), static_cast<unsigned char>(magic[1]), type_, axes),
         {"00 00 08 03 or 00 00 08 04 (pictures of bytes: count, height, width, channels) and 00 00 .. 01 "
          "(numbers: 08 bytes, 09, 0b, 0c, 0d float, 0e double) can be read"});
  std::int64_t sizes[4] = {0, 1, 1, 1}, elements = 1;
  for (int a = 0; a < axes; ++a) {
    if (read_on(bytes, size, 4) < 4) fail(shown_, "the file is cut short: it ends in its sizes");
    sizes[a] = big_endian<std::uint32_t>(size);
    if (elements > 0 && sizes[a] > most_elements / elements)
      fail(shown_, "the file is damaged: its sizes are too large");
    elements *= sizes[a];
  }
  count_ = sizes[0];
  if (axes > 1) {
    if (sizes[3] != 1 && sizes[3] != 3)
      fail(shown_, fmt::format("its pictures have {} channels: 1 or 3 can be read", sizes[3]),
           {"the axes are: count, height, width, channels"});
    try {
      sized_picture(sizes[1], sizes[2], 0);
    } catch (const PictureError& error) {
      fail(shown_, std::string("a picture cannot be read: ") + error.what());
    }
    height_ = static_cast<int>(sizes[1]);
    width_ = static_cast<int>(sizes[2]);
    channels_ = static_cast<int>(sizes[3]);
  }
  constexpr std::size_t piece = std::size_t{1} << 22;
  const std::size_t wanted = static_cast<std::size_t>(elements) * wide;
  if (const std::uint64_t free = free_memory(); wanted > free)
    fail(shown_,
         fmt::format("the file says that it has {}, which take {} MB of memory, and {} MB are free",
                     count_of(count_, pictures() ? "picture" : "number"), wanted / 1'000'000,
                     free / 1'000'000),
         {"pictures that are files of their own, in a folder for each class, need not fit the memory"});
  elements_.reserve(wanted);  // untouched until there are bytes for it
  while (elements_.size() < wanted) {
    const std::size_t had = elements_.size(), more = std::min(piece, wanted - had);
    elements_.resize(had + more);
    if (const std::size_t got = read_on(bytes, elements_.data() + had, more); got < more)
      fail(shown_,
           fmt::format(
               "the file is cut short: it says that it has {}, but ends in the {}th",
               count_of(count_, pictures() ? "picture" : "number"),
               static_cast<std::int64_t>(had + got) / (elements * static_cast<int>(wide) / count_) + 1));
  }
  if (char rest = 0; bytes.read(&rest, 1) > 0)
    fail(shown_, fmt::format("the file goes on behind the {} that it says it has",
                             count_of(count_, pictures() ? "picture" : "number")));
}

Picture IdxFile::picture(std::int64_t at) const {
  Picture out;
  out.height = height_;
  out.width = width_;
  out.channels = channels_;
  const std::size_t size = static_cast<std::size_t>(height_) * static_cast<std::size_t>(width_ * channels_);
  const auto* from =
      reinterpret_cast<const std::uint8_t*>(elements_.data()) + static_cast<std::size_t>(at) * size;
  out.pixels.assign(from, from + size);
  return out;
}

std::string IdxFile::number(std::int64_t at) const {
  const char* from = elements_.data() + static_cast<std::size_t>(at) * bytes_of_type(type_);
  switch (type_) {
    case 0x08:
      return std::to_string(static_cast<unsigned char>(*from));
    case 0x09:
      return std::to_string(static_cast<signed char>(*from));
    case 0x0B:
      return std::to_string(big_endian<std::int16_t>(from));
    case 0x0C:
      return std::to_string(big_endian<std::int32_t>(from));
    case 0x0D:
      return fmt::format("{}", big_endian<float>(from));
    default:
      return fmt::format("{}", big_endian<double>(from));
  }
}

}  // namespace bpnet
