#pragma once
// Sheets of small pictures, enlarged by whole numbers so that pixels are seen.

#include <span>
#include <string>
#include <vector>

#include "core/shape.hpp"
#include "report/bitmap.hpp"

namespace bpnet {

struct SheetPicture {
  std::span<const Real> values;      // (height, width, channels), 0 to 1; no values: an empty cell
  std::vector<std::string> caption;  // lines below it
};

/// All pictures have this shape; of more than three channels the first is shown. Longer captions are cut.
/// Cells are `side` pixels wide or more, so that a caption has room.
Bitmap sheet(std::span<const SheetPicture> pictures, const Shape& shape, int columns, int side = 96);

}  // namespace bpnet
