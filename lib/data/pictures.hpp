#pragma once
// The pictures of a column: read, brought to one shape, kept as bytes.

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "data/float_table.hpp"
#include "data/idx.hpp"
#include "data/image.hpp"
#include "data/read_plan.hpp"

namespace bpnet {

/// Pictures of one shape, one a row.
class PictureTable {
 public:
  PictureTable() = default;
  PictureTable(std::int64_t rows, Shape shape)
      : shape_(shape),
        size_(shape.elements()),
        pixels_(std::make_unique_for_overwrite<std::uint8_t[]>(static_cast<std::size_t>(rows) * size_)) {}
  const Shape& shape() const { return shape_; }
  std::size_t size() const { return size_; }  // bytes of a picture
  std::uint8_t* row(std::int64_t r) const { return pixels_.get() + static_cast<std::size_t>(r) * size_; }

 private:
  Shape shape_;
  std::size_t size_ = 0;
  std::unique_ptr<std::uint8_t[]> pixels_;
};

/// Where the pictures are that cells of rows from `first_row` on name: in a folder, or in an IDX file.
struct PictureOrigin {
  std::int64_t first_row = 0;
  std::filesystem::path folder;
  std::shared_ptr<const IdxFile> idx;
};

/// A picture that cannot be used.
struct PictureFault {
  std::int64_t row = 0;
  std::string why;  // "it is cut short"
};

struct PictureColumn {
  PictureTable pictures;             // of rows with faults: black
  std::vector<PictureFault> faults;  // by row
};

/// Reads the pictures that cells name, on several threads. `shape` is what they have to have; of no axes:
/// what the form and the first picture make of it, and colours if the form does not say and a picture has
/// some. If sizes differ and the form does not make them equal: Error(data) that names two of them.
PictureColumn read_pictures(const LabelColumn& cells, const std::vector<PictureOrigin>& origins,
                            const ImageForm& form, Shape shape, const std::string& column);

/// Pictures of pixels that stand in `count` columns of a table from `first` on; `top` becomes `white`.
PictureTable pictures_of_pixels(const FloatTable& table, std::int64_t rows, int first, const ImageCode& code);

/// Mean and deviation of the pixels of each channel, as shares of white.
void fit_channels(const PictureTable& pictures, std::span<const std::int64_t> rows, Image::Scale scale,
                  ImageCode& code);

}  // namespace bpnet
