#pragma once
// Columns of pictures.

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/shape.hpp"
#include "data/column_type.hpp"
#include "data/picture.hpp"
#include "math/pixels.hpp"

namespace bpnet {

/// How pictures are brought to one shape.
struct ImageForm {
  enum class Method : std::uint8_t { automatic, bilinear, area } method = Method::automatic;
  enum class Crop : std::uint8_t { none, centre } crop = Crop::none;
  int height = 0, width = 0;  // 0: as the pictures are, which must agree
  int channels = 0;           // 0: not yet known
  /// The picture, which may be used up, in this form; what is not known of the form stays as it is.
  void apply(Picture& picture) const;
};

struct Image final : ColumnType {
  std::vector<std::int64_t> resize;  // empty: none
  ImageForm::Method method = ImageForm::Method::automatic;
  ImageForm::Crop crop = ImageForm::Crop::none;
  std::vector<std::int64_t> random_crop;  // empty: none
  std::optional<std::int64_t> channels;
  std::vector<std::string> from;    // columns of pixels; empty: cells are paths
  std::vector<std::int64_t> shape;  // of pixels: height, width, channels
  enum class Broken : std::uint8_t { error, skip } broken = Broken::error;
  enum class Scale : std::uint8_t { standard, unit, none } scale = Scale::standard;
  void visit(Visitor&) override;
  Cells cells() const override { return Cells::images; }
  std::vector<std::string> faults() const override;
  ImageForm form() const;
  Shape pixel_shape() const;
  /// What the network sees of pictures that are kept in this shape.
  Shape seen_of(const Shape& kept) const;
};

/// How pictures of a column become inputs.
struct ImageCode {
  Shape shape;     // height, width, channels
  Shape seen;      // by the network: as large, or a part
  ImageForm form;  // sizes are 0 where pictures are taken as they are
  bool skip_broken = false;
  std::vector<std::string> from;        // columns of pixels
  Shape pixels;                         // what they make
  int white = 255;                      // the highest value of a pixel as it is kept
  double top = 255;                     // the highest value of a cell of pixels
  std::vector<double> mean, deviation;  // of each channel; an input is (pixel / white - mean) / deviation
  /// From pixels as they are kept to values from 0 to 1, and from those to inputs, and both in one.
  math::ChannelScale to_unit() const;
  math::ChannelScale from_unit() const;
  math::ChannelScale to_input() const;
  nlohmann::json to_json() const;
  static ImageCode from_json(const nlohmann::json&);
};

}  // namespace bpnet
