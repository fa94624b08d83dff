#pragma once
// IDX files, as MNIST comes in (yann.lecun.com/exdb/mnist): a magic number, sizes and elements.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/byte_flow.hpp"
#include "data/picture.hpp"

namespace bpnet {

class IdxFile {
 public:
  /// True if bytes begin like IDX: no text does.
  static bool begins(std::string_view bytes);
  /// Plain or gzip. Throws Error(data): damaged, cut short, elements or axes that cannot be read.
  explicit IdxFile(ByteFlow bytes);
  std::int64_t count() const { return count_; }
  /// Pictures (bytes; count, height, width, and perhaps channels), or else numbers.
  bool pictures() const { return height_ > 0; }
  bool bytes() const { return type_ == 8; }
  Picture picture(std::int64_t at) const;
  /// Element `at` of numbers, as text.
  std::string number(std::int64_t at) const;

 private:
  std::string shown_;
  int type_ = 0;
  std::int64_t count_ = 0;
  int height_ = 0, width_ = 0, channels_ = 1;
  std::vector<char> elements_;
};

}  // namespace bpnet
