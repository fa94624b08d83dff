#pragma once
// Small columns of pictures for tests.

#include <doctest/doctest.h>

#include "data/image.hpp"
#include "data_support.hpp"

namespace data_test {

inline std::string pgm(int width, int height, const std::string& pixels) {
  return "P5 " + std::to_string(width) + " " + std::to_string(height) + " 255\n" + pixels;
}

inline std::pair<std::string, Choice> image(std::string column, Image options = {}) {
  return {std::move(column), {column_types.find("image"), std::make_shared<Image>(std::move(options)), {}}};
}

/// Pictures of 2x2 and their labels, in a folder of their own.
struct Small {
  Folder folder;
  std::string csv;
  explicit Small(const std::string& rows = "a.pgm,p\nb.pgm,q\nc.pgm,p\n") {
    folder.write("a.pgm", pgm(2, 2, std::string("\x00\x33\x66\xFF", 4)));
    folder.write("b.pgm", pgm(2, 2, "\x10\x20\x30\x40"));
    folder.write("c.pgm", pgm(2, 2, "\x50\x60\x70\x80"));
    csv = folder.write("t.csv", "photo,kind\n" + rows);
  }
  DataSettings settings(Image type = {}) const {
    DataSettings out = all_training(settings_for(csv, {"kind"}));
    out.columns = {image("photo", std::move(type))};
    return out;
  }
};

inline std::vector<std::uint8_t> picture_of(const Rows& rows, std::int64_t row, Shape& shape) {
  std::vector<std::uint8_t> out;
  CHECK(rows.picture(row, 0, out, shape));
  return out;
}

}  // namespace data_test
