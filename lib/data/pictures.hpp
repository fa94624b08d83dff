#pragma once
// The pictures of a column: read, brought to one shape, kept as bytes.

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "data/float_table.hpp"
#include "data/idx.hpp"
#include "data/image.hpp"
#include "data/read_plan.hpp"

namespace bpnet {

/// Pictures of one shape, one a row.
class Pictures {
 public:
  explicit Pictures(Shape shape) : shape_(shape), size_(shape.elements()) {}
  virtual ~Pictures() = default;
  const Shape& shape() const { return shape_; }
  std::size_t size() const { return size_; }  // bytes of a picture
  /// Whether they are in memory.
  virtual bool kept() const { return true; }
  /// The picture of a row, perhaps in `room` (size); null: it cannot be read any more. From several threads.
  virtual const std::uint8_t* at(std::int64_t row, std::uint8_t* room) const = 0;
  /// Throws Error(data) that tells why a picture cannot be read any more.
  virtual void refuse(std::int64_t) const {}
  /// Hash of its pixels.
  virtual std::uint64_t print(std::int64_t row) const = 0;
  /// Adds the sums of its pixels and of their squares, by channel.
  virtual void add_sums(std::int64_t row, std::uint64_t* sums, std::uint64_t* squares) const = 0;
  /// These rows will be asked for soon, after those that were told before.
  virtual void expect(std::span<const std::int64_t>) const {}

 private:
  Shape shape_;
  std::size_t size_;
};

/// Pictures in memory.
class PictureTable final : public Pictures {
 public:
  PictureTable(std::int64_t rows, Shape shape)
      : Pictures(shape),
        pixels_(std::make_unique_for_overwrite<std::uint8_t[]>(static_cast<std::size_t>(rows) * size())) {}
  std::uint8_t* row(std::int64_t r) const { return pixels_.get() + static_cast<std::size_t>(r) * size(); }
  const std::uint8_t* at(std::int64_t r, std::uint8_t*) const override { return row(r); }
  std::uint64_t print(std::int64_t r) const override;
  void add_sums(std::int64_t r, std::uint64_t* sums, std::uint64_t* squares) const override;

 private:
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
  std::shared_ptr<const Pictures> pictures;  // of rows with faults: black
  std::vector<PictureFault> faults;          // by row: they cannot be read
  std::vector<PictureFault> misfits;         // by row: they are not of the shape they have to have
  std::vector<std::uint64_t> prints;         // of each row: hash of the file's bytes; 0: it was not read
};

/// Reads the pictures that cells name, on several threads. `shape` is what they have to have; of no axes:
/// what the form and the first picture make of it, and colours if the form does not say and a picture has
/// some. Pictures that take more than `memory` bytes are not kept, but read again each time they are wanted.
/// If sizes differ and the form does not make them equal: Error(data) that names two of them.
PictureColumn read_pictures(const LabelColumn& cells, const std::vector<PictureOrigin>& origins,
                            const ImageForm& form, Shape shape, const std::string& column,
                            std::uint64_t memory);
/// How many bytes pictures may take: most of what is free.
std::uint64_t memory_for_pictures();

/// Pictures of pixels that stand in `count` columns of a table from `first` on; `top` becomes `white`.
std::shared_ptr<const Pictures> pictures_of_pixels(const FloatTable& table, std::int64_t rows, int first,
                                                   const ImageCode& code);

/// Mean and deviation of the pixels of each channel, as shares of white.
void fit_channels(const Pictures& pictures, std::span<const std::int64_t> rows, Image::Scale scale,
                  ImageCode& code);

}  // namespace bpnet
