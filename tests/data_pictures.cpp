// Readers of pictures: against pixels that Pillow read from the same files (tests/pictures/make.py), and
// broken files.

#include <doctest/doctest.h>

#include <cmath>

#include "data/image.hpp"
#include "data/picture.hpp"
#include "data_support.hpp"

using namespace data_test;

namespace {

const fs::path pictures = fs::path(BPNET_SOURCE) / "tests/pictures";

nlohmann::json expected() { return nlohmann::json::parse(text_of_file(pictures / "expected.json")); }

int farthest(const std::vector<std::uint8_t>& got, const std::vector<int>& wanted) {
  REQUIRE(got.size() == wanted.size());
  int out = 0;
  for (std::size_t i = 0; i < got.size(); ++i) out = std::max(out, std::abs(got[i] - wanted[i]));
  return out;
}

std::string why_not(const std::string& bytes) {
  try {
    decode_picture(std::as_bytes(std::span(bytes)));
  } catch (const PictureError& error) {
    return error.what();
  }
  return "";
}

std::string why_not_file(const fs::path& path) {
  try {
    read_picture(path);
  } catch (const PictureError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("pictures are read as Pillow reads them") {
  const auto files = expected().at("pictures");
  CHECK(files.size() > 20);
  for (const auto& [name, wanted] : files.items()) {
    CAPTURE(name);
    const Picture picture = read_picture(pictures / name);
    CHECK(std::vector<int>{picture.height, picture.width, picture.channels} ==
          wanted.at("shape").get<std::vector<int>>());
    const int tolerance = fs::path(name).extension() == ".jpg" ? 2 : 0;  // decoders may round differently
    CHECK(farthest(picture.pixels, wanted.at("pixels").get<std::vector<int>>()) <= tolerance);
  }
}

TEST_CASE("an orientation that makes no sense leaves a photograph as it is") {
  const std::string photo = text_of_file(pictures / "turned_6.jpg");
  const auto turned = [](const std::string& bytes) {
    return orientation_of_jpeg(std::as_bytes(std::span(bytes)));
  };
  REQUIRE(turned(photo) == 6);
  const std::size_t at = photo.find("Exif") + 6;  // of the directory's entry: tag, type, count, value
  const auto changed = [&](std::size_t byte, char value) {
    std::string bytes = photo;
    bytes[at + byte] = value;
    return turned(bytes);
  };
  CHECK(changed(19, 9) == 1);      // a way that there is not
  CHECK(changed(19, 0) == 1);      // neither
  CHECK(changed(13, 4) == 1);      // no whole number of 16 bits
  CHECK(changed(11, 0x13) == 1);   // another tag
  CHECK(changed(3, 43) == 1);      // no TIFF
  CHECK(changed(0, 'X') == 1);     // no order of bytes
  CHECK(changed(7, '\x7F') == 1);  // a directory behind the end
  CHECK(changed(4, '\xFF') == 1);  // far behind it
  for (std::size_t size = 0; size < photo.size(); ++size)
    CHECK(turned(photo.substr(0, size)) == (size >= photo.find("Exif") + 6 + 26 ? 6 : 1));
  CHECK(turned(text_of_file(pictures / "colour.jpg")) == 1);
}

TEST_CASE("broken pictures tell what is wrong") {
  const std::pair<const char*, const char*> files[] = {
      {"cut_short.png", "it is cut short"},
      {"cut_in_its_head.png", "it is cut short"},
      {"cut_short.jpg", "it is cut short"},
      {"cut_short.bmp", "it is cut short"},
      {"cut_short.pgm", "it is cut short"},
      {"cut_short_plain.pgm", "it is cut short"},
      {"much.png", "it is cut short"},
      {"damaged.png", "it is a damaged PNG (IDAT: "},
      {"zero.png", "it is 0x0 pixels large"},
      {"zero.ppm", "it is 0x3 pixels large"},
      {"huge.png", "it is 30000x30000 pixels large; up to 16384 on a side"},
      {"huge.jpg", "it is 30000x30000 pixels large"},
      {"huge.bmp", "it is 30000x30000 pixels large"},
      {"huge.ppm", "it is 30000x30000 pixels large"},
      {"packed.bmp", "it is a compressed BMP"},
      {"text.png", "it is no PNG, JPEG, BMP, PPM or PGM: it begins with 'this is a te'"},
      {"empty.png", "the file is empty"},
      {"animation.gif", "it is a GIF"}};
  for (const auto& [name, words] : files) {
    CAPTURE(name);
    const std::string why = why_not_file(pictures / "broken" / name);
    CAPTURE(why);
    CHECK(why.starts_with(words));
  }
  CHECK(why_not_file(pictures) == "it is a folder");
  CHECK(why_not_file(pictures / "none.png") ==
        "there is no such file at " + (pictures / "none.png").lexically_normal().string());
}

TEST_CASE("pictures that end early or have a byte changed are read or refused, never more") {
  std::uint64_t state = 1;
  const auto files = expected().at("pictures");  // outlives the loop
  for (const auto& [name, wanted] : files.items()) {
    CAPTURE(name);
    const std::string bytes = text_of_file(pictures / name);
    for (std::size_t length = 0; length < bytes.size(); length += 1 + bytes.size() / 60)
      why_not(bytes.substr(0, length));
    CHECK(why_not(bytes.substr(0, bytes.size() / 2)) != "");
    for (int i = 0; i < 300; ++i) {
      std::string changed = bytes;
      state = state * 6364136223846793005u + 1442695040888963407u;
      changed[(state >> 33) % std::min<std::size_t>(bytes.size(), 120)] = static_cast<char>(state >> 20);
      why_not(changed);
    }
  }
}

TEST_CASE("sizes change as in Pillow") {
  const auto all = expected();
  const Picture source = read_picture(pictures / "colour.png");
  for (const auto& wanted : all.at("resized")) {
    Image type;
    type.resize = {wanted.at("shape").at(0).get<std::int64_t>(),
                   wanted.at("shape").at(1).get<std::int64_t>()};
    type.method = wanted.at("method") == "area" ? ImageForm::Method::area : ImageForm::Method::bilinear;
    type.crop = wanted.at("crop") == "centre" ? ImageForm::Crop::centre : ImageForm::Crop::none;
    CAPTURE(wanted.dump());
    Picture picture = source;
    type.form().apply(picture);
    CHECK(farthest(picture.pixels, wanted.at("pixels").get<std::vector<int>>()) <= 1);  // it rounds twice
  }
  Picture grey = source;
  set_channels(grey, 1);
  CHECK(farthest(grey.pixels, all.at("grey").get<std::vector<int>>()) == 0);
  set_channels(grey, 3);
  CHECK(grey.pixels[0] == grey.pixels[2]);
  CHECK(grey.pixels.size() == source.pixels.size());
}

TEST_CASE("by itself a picture shrinks by area and grows bilinearly") {
  const Picture source = read_picture(pictures / "colour.png");  // 9x6
  const auto resized = [&](int height, int width, ImageForm::Method method) {
    Picture out = source;
    ImageForm{method, ImageForm::Crop::none, height, width, 3}.apply(out);
    return out.pixels;
  };
  using Method = ImageForm::Method;
  CHECK(resized(3, 4, Method::automatic) == resized(3, 4, Method::area));
  CHECK(resized(12, 18, Method::automatic) == resized(12, 18, Method::bilinear));
  CHECK(resized(12, 4, Method::automatic) == resized(12, 4, Method::bilinear));
  CHECK(resized(3, 4, Method::area) != resized(3, 4, Method::bilinear));
}
