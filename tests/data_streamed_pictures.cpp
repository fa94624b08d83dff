// Pictures that do not fit the memory give the same bytes, whoever reads them.

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "data/picture_reader.hpp"
#include "data_support.hpp"
#include "math/threads.hpp"

using namespace data_test;

namespace {

constexpr std::int64_t count = 60;

/// Pictures in a folder, and a column that names them.
struct Named {
  Folder folder;
  LabelColumn cells;
  std::vector<PictureOrigin> origins;
  Named() {
    for (std::int64_t i = 0; i < count; ++i) {
      const std::string name = std::to_string(i) + ".ppm";
      std::string pixels;
      for (int k = 0; k < 4 * 5 * 3; ++k) pixels += static_cast<char>(i * 31 + k * k);
      folder.write(name, "P6 5 4 255\n" + pixels);
      cells.codes.push_back(cells.texts.add(name));
    }
    origins.push_back({0, folder.path(), nullptr});
  }
  std::shared_ptr<const Pictures> read(std::uint64_t memory, ImageForm form = {}) const {
    return read_pictures(cells, origins, form, {}, "photo", memory).pictures;
  }
};

std::vector<std::uint8_t> bytes_of(const Pictures& pictures, std::int64_t row) {
  std::vector<std::uint8_t> room(pictures.size());
  const std::uint8_t* from = pictures.at(row, room.data());
  return from ? std::vector<std::uint8_t>(from, from + pictures.size()) : std::vector<std::uint8_t>{};
}

}  // namespace

TEST_CASE("pictures that are not kept are those that would be") {
  const Named t;
  ImageForm form;
  form.height = form.width = 3;
  const auto kept = t.read(1 << 20, form), streamed = t.read(1000, form);
  CHECK(kept->kept());
  CHECK_FALSE(streamed->kept());
  CHECK(streamed->shape() == Shape{3, 3, 3});
  std::vector<std::int64_t> rows(count);
  std::iota(rows.begin(), rows.end(), 0);
  ImageCode a, b;
  a.shape = b.shape = kept->shape();
  fit_channels(*kept, rows, Image::Scale::standard, a);
  fit_channels(*streamed, rows, Image::Scale::standard, b);
  CHECK(a.to_json() == b.to_json());
  std::uint64_t state = 7;
  for (int batch = 0; batch < 40; ++batch) {
    std::vector<std::int64_t> some;
    for (int i = 0; i < 9; ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      some.push_back(static_cast<std::int64_t>((state >> 33) % count));
    }
    if (batch % 3 != 0) streamed->expect(some);
    if (batch % 5 == 0) continue;  // nobody comes for them
    for (const std::int64_t row : some) {
      CHECK(bytes_of(*streamed, row) == bytes_of(*kept, row));
      CHECK(streamed->print(row) == kept->print(row));
    }
  }
}

TEST_CASE("expected pictures are fetched from several threads") {
  const Named t;
  const auto kept = t.read(1 << 20), streamed = t.read(1500);
  math::set_threads(3);
  std::vector<char> good(static_cast<std::size_t>(count) * 20);
  std::vector<std::int64_t> rows(count);
  std::iota(rows.begin(), rows.end(), 0);
  for (std::size_t round = 0; round < 20; ++round) {
    streamed->expect(rows);
    math::parallel(count, 1e9, [&](std::ptrdiff_t row) {
      good[round * static_cast<std::size_t>(count) + static_cast<std::size_t>(row)] =
          bytes_of(*streamed, row) == bytes_of(*kept, row);
    });
  }
  math::set_threads(1);
  CHECK(std::all_of(good.begin(), good.end(), [](char g) { return g == 1; }));
}

TEST_CASE("a picture that goes away while it is needed is told") {
  const Named t;
  const auto streamed = t.read(100);
  fs::remove(t.folder.path() / "7.ppm");
  CHECK(bytes_of(*streamed, 7).empty());
  CHECK(error_of([&] {
          streamed->refuse(7);
        }).find("7.ppm' cannot be read any more: there is no such file") != std::string::npos);
  CHECK_FALSE(bytes_of(*streamed, 8).empty());
}
