#pragma once
// Rows whose cells name pictures, and the pictures.

#include <string>
#include <vector>

#include "data/pictures.hpp"

namespace bpnet {

class PictureReader {
 public:
  PictureReader(const LabelColumn& cells, std::vector<PictureOrigin> origins);
  std::int64_t rows() const { return static_cast<std::int64_t>(codes_.size()); }
  /// What the cell says; empty if it is missing.
  const std::string& text(std::int64_t row) const;
  /// The path of the row's picture; in IDX, its number.
  std::string shown(std::int64_t row) const;
  /// The picture as it is; `print` as of read_picture. Throws PictureError, std::bad_alloc. From several
  /// threads.
  Picture read(std::int64_t row, std::uint64_t* print = nullptr) const;

 private:
  const PictureOrigin& origin(std::int64_t row) const;
  std::vector<std::string> texts_;
  std::vector<std::int32_t> codes_;
  std::vector<PictureOrigin> origins_;
};

}  // namespace bpnet
