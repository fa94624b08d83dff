// What the network sees of kept pictures, and what runs remember of them.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "data_images_help.hpp"

using namespace data_test;

TEST_CASE("of kept pictures a part is seen: the middle, or what the change says") {
  Folder folder;
  std::string pixels;
  for (int i = 0; i < 20; ++i) pixels += static_cast<char>(i);
  folder.write("a.pgm", pgm(5, 4, pixels));
  DataSettings settings =
      all_training(settings_for(folder.write("t.csv", "photo,kind\na.pgm,p\na.pgm,q\n"), {"kind"}));
  Image type;
  type.scale = Image::Scale::none;
  type.random_crop = {2, 3};
  settings.columns = {image("photo", type)};
  const Dataset data = load(settings);
  const InputPort& port = data.encoding->inputs()[0];
  CHECK(port.port.shape == Shape{2, 3, 1});
  CHECK(port.cut);
  CHECK(data.columns[0].detail.starts_with("2x3x1 cut out of 4x5x1, "));
  CHECK(gathered<Real>(*data.rows, 0, {0}) == std::vector<Real>{6, 7, 8, 11, 12, 13});
  Shape shape;
  CHECK(picture_of(*data.rows, 1, shape) == std::vector<std::uint8_t>{6, 7, 8, 11, 12, 13});
  CHECK(shape == Shape{2, 3, 1});
  const auto again = Encoding::from_json(nlohmann::json::parse(data.encoding->to_json().dump()));
  CHECK(gathered<Real>(*load_rows(again, settings.file[0], true).rows, 0, {1}) ==
        std::vector<Real>{6, 7, 8, 11, 12, 13});

  struct Placing final : PictureChange {
    Corner corner(const Shape& whole, const Shape& part, std::size_t slot) const override {
      CHECK(whole == Shape{4, 5, 1});
      CHECK(part == Shape{2, 3, 1});
      return slot == 0 ? Corner{0, 0} : Corner{2, 2};
    }
    void apply(float* picture, const Shape& seen, std::size_t) const override {
      CHECK(seen == Shape{2, 3, 1});
      picture[0] = 1;
    }
  };
  const Placing placing;
  Real out[12];
  const View view{reinterpret_cast<std::byte*>(out), port.port, 2, 1, {}};
  data.rows->gather(std::vector<std::int64_t>{0, 1}, {&view, 1}, &placing);
  const Real expected[] = {255, 1, 2, 5, 6, 7, 255, 13, 14, 17, 18, 19};
  for (std::size_t i = 0; i < 12; ++i) CHECK(out[i] == doctest::Approx(expected[i]));

  nlohmann::json damaged = data.encoding->to_json();
  damaged["features"][0]["code"]["seen"][0] = 5;
  CHECK(error_of([&] { Encoding::from_json(damaged); }).find("a picture's form makes no sense") !=
        std::string::npos);
}

TEST_CASE("files know what the pictures are that their cells name") {
  const Small t;
  const auto prints = [&] { return load(t.settings()).files[0]; };
  const Dataset::File before = prints();
  CHECK(before.pictures.size() == 32);
  CHECK(prints() == before);
  t.folder.write("b.pgm", pgm(2, 2, "\x10\x20\x30\x41"));
  CHECK(prints().hash == before.hash);
  CHECK(prints().pictures != before.pictures);
  const std::string table = t.folder.write("n.csv", "x,kind\n1,p\n2,q\n");
  CHECK(load(all_training(settings_for(table, {"kind"}))).files[0].pictures.empty());
}
