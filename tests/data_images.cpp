// Columns of pictures: where they come from, what they become, what is told when they cannot be read.

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "data/idx.hpp"
#include "data/image.hpp"
#include "data/table_file.hpp"
#include "data_images_help.hpp"
#include "math/threads.hpp"

using namespace data_test;

namespace {

const fs::path pictures = fs::path(BPNET_SOURCE) / "tests/pictures";

std::string big_endian(std::vector<std::uint32_t> numbers) {
  std::string out;
  for (const std::uint32_t n : numbers)
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(n >> shift);
  return out;
}

}  // namespace

TEST_CASE("cells that name pictures become inputs of mean 0 and deviation 1") {
  const Small t;
  const Dataset data = load(t.settings());
  REQUIRE(data.encoding->inputs().size() == 1);
  CHECK(data.encoding->inputs()[0].name == "photo");
  CHECK(data.encoding->inputs()[0].port.shape == Shape{2, 2, 1});
  Shape shape;
  CHECK(picture_of(*data.rows, 1, shape) == std::vector<std::uint8_t>{0x10, 0x20, 0x30, 0x40});
  CHECK(shape == Shape{2, 2, 1});
  const std::vector<Real> all = gathered<Real>(*data.rows, 0, {0, 1, 2});
  double sum = 0, squares = 0;
  for (const Real x : all)
    sum += static_cast<double>(x), squares += static_cast<double>(x) * static_cast<double>(x);
  CHECK(sum / 12 == doctest::Approx(0).epsilon(1e-6));
  CHECK(squares / 12 == doctest::Approx(1).epsilon(1e-6));
  CHECK(data.columns[0].type == "image");
  CHECK(data.columns[0].detail.starts_with("2x2x1, 3 pictures, mean "));
}

TEST_CASE("a picture's values are from 0 to 1 or to 255 on demand") {
  const Small t;
  Image type;
  type.scale = Image::Scale::unit;
  CHECK(gathered<Real>(*load(t.settings(type)).rows, 0, {0})[3] == doctest::Approx(1));
  CHECK(gathered<Real>(*load(t.settings(type)).rows, 0, {0})[1] == doctest::Approx(0.2));
  type.scale = Image::Scale::none;
  CHECK(gathered<Real>(*load(t.settings(type)).rows, 0, {0}) == std::vector<Real>{0, 0x33, 0x66, 0xFF});
}

TEST_CASE("the encoding reads new pictures the same way after it was written") {
  const Small t;
  Image type;
  type.resize = {3};
  type.channels = 3;
  const Dataset data = load(t.settings(type));
  CHECK(data.encoding->inputs()[0].port.shape == Shape{3, 3, 3});
  const auto again = Encoding::from_json(nlohmann::json::parse(data.encoding->to_json().dump()));
  const OtherRows other = load_rows(again, t.csv, true);
  CHECK(gathered<Real>(*other.rows, 0, {0, 1, 2}) == gathered<Real>(*data.rows, 0, {0, 1, 2}));
  const auto stream = open_stream(again, t.csv);
  CHECK(gathered<Real>(*stream->next(), 0, {0, 1, 2}) == gathered<Real>(*data.rows, 0, {0, 1, 2}));
  const auto lone = open_stream(again, (t.folder.path() / "b.pgm").string());
  CHECK(gathered<Real>(*lone->next(), 0, {0}) == gathered<Real>(*data.rows, 0, {1}));
  nlohmann::json damaged = data.encoding->to_json();
  damaged["features"][0]["code"]["deviation"][0] = 0;
  CHECK(error_of([&] { Encoding::from_json(damaged); }).find("a picture's form makes no sense") !=
        std::string::npos);
}

TEST_CASE("colours are kept if a picture has some") {
  Folder folder;
  folder.write("a.ppm", "P3 2 1 255 9 9 9 9 9 9");
  folder.write("b.pgm", pgm(2, 1, "ab"));
  DataSettings settings = all_training(settings_for("", {"kind"}));
  settings.columns = {image("photo")};
  const auto shape_of = [&](const std::string& rows) {
    settings.file = {folder.write("t.csv", "photo,kind\n" + rows)};
    return load(settings).encoding->inputs()[0].port.shape;
  };
  CHECK(shape_of("b.pgm,p\nb.pgm,q\n") == Shape{1, 2, 1});
  CHECK(shape_of("b.pgm,p\na.ppm,q\n") == Shape{1, 2, 3});
  CHECK(shape_of("a.ppm,p\nb.pgm,q\n") == Shape{1, 2, 3});
}

TEST_CASE("pictures that cannot be read are told with their cells, or left out") {
  const Small t("a.pgm,p\n\"none.pgm\",q\nt.csv,p\nb.pgm,q\n,q\nc.pgm,p\nnone.pgm,p\n");
  const std::string error = error_of([&] { load(t.settings()); });
  CAPTURE(error);
  CHECK(error.find("t.csv:3:1: error: picture 'none.pgm' cannot be read: there is no such file") !=
        std::string::npos);
  CHECK(error.find("t.csv:4:1: error: picture 't.csv' cannot be read: it is no PNG") != std::string::npos);
  CHECK(error.find("t.csv:6:1: error: column 'photo' names pictures, but this cell is ''") !=
        std::string::npos);
  CHECK(error.find("t.csv:8:1: ") != std::string::npos);
  const std::string help = "to leave such rows out: data.columns: {photo: {image: {broken: skip}}}";
  CHECK(error.find(help) == std::string::npos);  // more than half of the rows
  const std::string beginning = "a path in a cell begins at the folder of its file";
  CHECK(error.find(beginning) != std::string::npos);
  CHECK(error.find(beginning) == error.rfind(beginning));
  const Small few("a.pgm,p\n\"none.pgm\",q\nb.pgm,q\nnone.pgm,p\nc.pgm,p\n");
  const std::string two = error_of([&] { load(few.settings()); });
  CHECK(two.find(help) != std::string::npos);
  CHECK(two.find(help) == two.rfind(help));
  Image type;
  type.broken = Image::Broken::skip;
  const Dataset data = load(t.settings(type));
  CHECK(data.part(Part::training).size() == 3);
  CHECK(all_of(data.warnings)
            .find("4 pictures of column 'photo' cannot be read, and the rows are left out; the "
                  "first is 'none.pgm': there is no such file") != std::string::npos);
  const OtherRows other = load_rows(data.encoding, t.csv, true);
  CHECK(other.which == std::vector<std::int64_t>{0, 3, 5});
  CHECK(all_of(other.warnings).find("4 pictures") != std::string::npos);
  const auto stream = open_stream(data.encoding, t.csv);
  CHECK(stream->next()->count() == 7);  // rows in, rows out
  const auto unread = stream->unread();
  CHECK(std::vector<char>(unread.begin(), unread.end()) == std::vector<char>{0, 1, 1, 0, 1, 0, 1});
  CHECK(all_of(stream->warnings())
            .find("4 pictures of column 'photo' cannot be read, and the rows have no answer") !=
        std::string::npos);
}

TEST_CASE("pictures of different sizes need a size") {
  const Small t("a.pgm,p\nb.pgm,q\nwide.pgm,p\n");
  t.folder.write("wide.pgm", pgm(3, 2, "abcdef"));
  const std::string error = error_of([&] { load(t.settings()); });
  CAPTURE(error);
  const std::string folder = t.folder.path().string();
  CHECK(error.find("its pictures have different sizes: '" + folder + "/a.pgm' is 2x2 pixels, '" + folder +
                   "/wide.pgm' is 3x2") != std::string::npos);
  CHECK(error.find("{image: {resize: 32, crop: centre}}") != std::string::npos);
  Image type;
  type.resize = {2, 4};
  CHECK(load(t.settings(type)).encoding->inputs()[0].port.shape == Shape{2, 4, 1});
  const Small same;
  const Dataset data = load(same.settings());
  CHECK(error_of([&] { load_rows(data.encoding, t.csv, true); })
            .find("picture 'wide.pgm' is 3x2 pixels large, but this "
                  "model reads pictures of 2x2") != std::string::npos);
}

TEST_CASE("a folder has a sub-folder for each class") {
  Folder folder;
  for (const char* name : {"cats", "10", "NA", ".hidden"}) fs::create_directories(folder.path() / name);
  fs::create_directories(folder.path() / "cats/more");
  for (const char* name : {"cats/b.pgm", "cats/a, \"c\".pgm", "cats/.a.pgm", "cats/more/d.pgm", "10/x.pgm",
                           "10/y.pgm", "NA/z.pgm", ".hidden/h.pgm"})
    folder.write(name, pgm(2, 1, name[0] == 'c' ? "ab" : "cd"));
  folder.write("readme.txt", "not of a class");
  DataSettings settings = all_training(settings_for(folder.path(), {}));
  const Dataset data = load(settings);
  CHECK(data.rows->count() == 6);
  CHECK(data.encoding->targets()[0].name == "label");
  CHECK(data.encoding->targets()[0].labels == std::vector<std::string>{"10", "NA", "cats"});
  CHECK(data.encoding->targets()[0].counts == std::vector<std::int64_t>{2, 1, 3});
  CHECK(data.rows->place(3).file == (folder.path() / "cats/a, \"c\".pgm").string());
  CHECK(data.rows->place(3).line == 0);
  CHECK(data.columns[0].why == "in a folder of pictures");
  const OtherRows again = load_rows(data.encoding, folder.path().string(), true);
  CHECK(again.rows->count() == 6);
  const std::string hash = hash_of_data(folder.path());
  const auto alone = open_stream(data.encoding, (folder.path() / "cats/more").string());
  CHECK(alone->next()->count() == 1);
  folder.write("10/bad.pgm", "text");
  CHECK(hash != hash_of_data(folder.path()));
  const std::string error = error_of([&] { load(settings); });
  CAPTURE(error);
  CHECK(error.find("10/bad.pgm: error: picture '10/bad.pgm' cannot be read: it is no PNG") !=
        std::string::npos);
  Folder empty;
  CHECK(error_of([&] {
          load(all_training(settings_for(empty.path(), {})));
        }).find("the folder has no pictures") != std::string::npos);
}

TEST_CASE("IDX files beside each other") {
  Folder folder;
  const std::string images =
      folder.write("images", big_endian({0x803, 3, 1, 2}) + std::string("\x00\x01\x02\x03\xFF\xFE", 6));
  const std::string labels = folder.write("labels", big_endian({0x801, 3}) + std::string("\x07\x00\x07", 3));
  DataSettings settings = all_training(settings_for("", {"label"}));
  settings.file = {FileItem({{"picture", images}, {"label", labels}})};
  settings.columns = {declare("label", Category{})};
  const Dataset data = load(settings);
  CHECK(data.encoding->inputs()[0].port.shape == Shape{1, 2, 1});
  CHECK(data.encoding->targets()[0].labels == std::vector<std::string>{"0", "7"});
  Shape shape;
  CHECK(picture_of(*data.rows, 2, shape) == std::vector<std::uint8_t>{0xFF, 0xFE});
  const auto refused = [&](const std::string& bytes, const std::string& words) {
    const std::string path = folder.write("bad", bytes);
    settings.file = {FileItem({{"picture", path}, {"label", labels}})};
    const std::string error = error_of([&] { load(settings); });
    CAPTURE(error);
    CHECK(error.find(words) != std::string::npos);
  };
  refused(big_endian({0x803, 3, 1, 2}) + "abcd",
          "cut short: it says that it has 3 pictures, but ends in the 3th");
  refused(big_endian({0x803, 3, 1}), "cut short: it ends in its sizes");
  refused(big_endian({0x803, 2, 1, 2}) + "abcd", "the file has 3 rows, but");
  refused(big_endian({0x803, 1, 1, 2}) + "abcd", "goes on behind the 1 picture that it says it has");
  refused(big_endian({0x1703, 3, 1, 2}), "its magic number is 00 00 17 03");
  refused(big_endian({0xD03, 3, 1, 2}), "its magic number is 00 00 0d 03");
  refused(big_endian({0x803, 3, 0, 2}), "a picture cannot be read: it is 2x0 pixels large");
  refused(big_endian({0x804, 3, 1, 2, 5}), "its pictures have 5 channels");
  refused(big_endian({0x804, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 3}), "its sizes are too large");
}

TEST_CASE("IDX of other numbers") {
  Folder folder;
  const auto first = [&](int type, const std::string& bytes) {
    const IdxFile file(
        ByteFlow(folder.write("n", big_endian({static_cast<std::uint32_t>(type << 8 | 1), 1}) + bytes), "n"));
    CHECK_FALSE(file.pictures());
    return file.number(0);
  };
  CHECK(first(0x08, "\xFF") == "255");
  CHECK(first(0x09, "\xFF") == "-1");
  CHECK(first(0x0B, "\xFF\xFE") == "-2");
  CHECK(first(0x0C, std::string("\x00\x01\x00\x00", 4)) == "65536");
  CHECK(first(0x0D, std::string("\x3F\xA0\x00\x00", 4)) == "1.25");
  CHECK(first(0x0E, std::string("\x3F\xF4\x00\x00\x00\x00\x00\x00", 8)) == "1.25");
}

TEST_CASE("columns of pixels become a picture that says what the columns do") {
  const std::string file = std::string(BPNET_SOURCE) + "/data/digits.csv";
  DataSettings settings = all_training(settings_for(file, {"digit"}));
  settings.columns = {declare("digit", Category{}), declare("pixel_*", [] {
                        Number n;
                        n.scale = Number::Scale::none;
                        return n;
                      }())};
  const Dataset plain = load(settings);
  Image type;
  type.from = {"pixel_*"};
  type.shape = {8, 8, 1};
  type.scale = Image::Scale::unit;
  settings.columns = {declare("digit", Category{}), image("picture", type)};
  const Dataset data = load(settings);
  REQUIRE(data.encoding->inputs().size() == 1);
  CHECK(data.encoding->inputs()[0].port.shape == Shape{8, 8, 1});
  CHECK(data.columns.size() == 2);
  const auto rows = all_rows(*data.rows);
  std::vector<Real> numbers = gathered<Real>(*plain.rows, 0, rows);
  for (Real& x : numbers) x /= 16;
  CHECK(gathered<Real>(*data.rows, 0, rows) == numbers);
  Shape shape;
  const auto shown = picture_of(*data.rows, 0, shape);
  CHECK(shown[2] == static_cast<int>(std::lround(numbers[2] * 255)));
  const auto again = Encoding::from_json(data.encoding->to_json());
  CHECK(gathered<Real>(*load_rows(again, file, true).rows, 0, rows) == numbers);
  CHECK(gathered<Real>(*open_stream(again, file)->next(), 0, {0, 1}) ==
        gathered<Real>(*data.rows, 0, {0, 1}));
}

TEST_CASE("pixels of another range, and such as are no numbers, are told once for the picture") {
  Folder folder;
  DataSettings settings = all_training(settings_for(folder.write("t.csv", "a,b,y\n0.5,1,p\n0,1,q\n"), {"y"}));
  Image type;
  type.from = {"a", "b"};
  type.shape = {1, 2};
  settings.columns = {image("picture", type)};
  const Dataset data = load(settings);
  const std::string other = folder.write("o.csv", "a,b\n0,16\n12,8\n");
  const std::string outside = error_of([&] { load_rows(data.encoding, other, false); });
  CAPTURE(outside);
  CHECK(
      outside.find("o.csv:2:1: error: column 'b' is a pixel of 'picture', from 0 to 1, but this row has 16\n"
                   "  pixels of the training rows are from 0 to 1: divide these by 16\n"
                   "  and 2 more cells of column 'picture'\n") != std::string::npos);
  const std::string words = folder.write("w.csv", "a,b\nx,1\n1,y\n");
  const std::string told = error_of([&] { load_rows(data.encoding, words, false); });
  CAPTURE(told);
  CHECK(
      told.find("w.csv:2:1: error: column 'a' is a pixel of 'picture', a number, but this cell is 'x'\n  ") !=
      std::string::npos);
  CHECK(told.find("data.csv.missing") == std::string::npos);
  CHECK(told.find("'y'") == std::string::npos);
}

TEST_CASE("columns of pixels that do not fit are told") {
  Folder folder;
  DataSettings settings =
      all_training(settings_for(folder.write("t.csv", "a,b,y\n1,2,p\n3,300,q\n-4,,p\n"), {"y"}));
  Image type;
  type.from = {"a", "b"};
  type.shape = {1, 2};
  settings.columns = {image("picture", type)};
  const std::string error = error_of([&] { load(settings); });
  CAPTURE(error);
  CHECK(error.find(
            "t.csv:3:1: error: column 'b' is a pixel of 'picture', from 0 to 255, but this row has 300") !=
        std::string::npos);
  CHECK(error.find("and 1 more cell of column 'picture'") != std::string::npos);
  CHECK(error.find("'b' is a pixel of 'picture' and may not miss cells") != std::string::npos);
  type.shape = {2, 2};
  settings.columns = {image("picture", type)};
  CHECK(error_of([&] { load(settings); }).find("from names 2 columns, and shape is for 4 (2x2x1)") !=
        std::string::npos);
  settings.columns = {image("a", type)};
  CHECK(error_of([&] { load(settings); }).find("the file has a column of that name") != std::string::npos);
  type.from = {"a", "y"};
  type.shape = {1, 2};
  settings.columns = {image("picture", type)};
  CHECK(error_of([&] { load(settings); }).find("'y' is the target") != std::string::npos);
}

TEST_CASE("options of pictures that contradict each other") {
  const auto faults = [](auto change) {
    Image type;
    change(type);
    return type.faults().size();
  };
  CHECK(faults([](Image&) {}) == 0);
  CHECK(faults([](Image& t) { t.resize = {1, 2, 3}; }) == 1);
  CHECK(faults([](Image& t) { t.resize = {10'000}; }) == 0);
  CHECK(faults([](Image& t) { t.resize = {12'000}; }) == 1);
  CHECK(faults([](Image& t) { t.resize = {16'000, 7'000}; }) == 1);
  CHECK(faults([](Image& t) { t.crop = ImageForm::Crop::centre; }) == 1);
  CHECK(faults([](Image& t) { t.method = ImageForm::Method::area; }) == 1);
  CHECK(faults([](Image& t) { t.channels = 2; }) == 1);
  CHECK(faults([](Image& t) { t.from = {"a"}; }) == 1);
  CHECK(faults([](Image& t) { t.shape = {2, 2}; }) == 1);
  CHECK(faults([](Image& t) { t.from = {"a"}, t.shape = {2, 2, 2}; }) == 1);
}

TEST_CASE("a picture needs a stack of its own") {
  const Small t("a.pgm,p\nb.pgm,q\n");
  DataSettings settings = t.settings();
  settings.file = {t.folder.write("u.csv", "size,photo,kind\n1,a.pgm,p\n2,b.pgm,q\n4,c.pgm,q\n")};
  const std::string error = error_of([&] { load(settings); });
  CAPTURE(error);
  CHECK(error.find("model.main reads the picture 'photo' and other features ('size')") != std::string::npos);
  CHECK(error.find("write model: {inputs: {photo: [") != std::string::npos);
  DataRequest request = request_for_all();
  request.groups = {{"inputs.photo", {"photo"}, false}, {"inputs.rest", {"*"}, false}};
  const Dataset data = load_dataset(settings, request);
  REQUIRE(data.encoding->inputs().size() == 2);
  CHECK(gathered<Real>(*data.rows, 1, {0, 1, 2}).size() == 3);
  settings.columns = {image("kind")};
  CHECK(error_of([&] { load(settings); }).find("the target cannot be an image") != std::string::npos);
}

TEST_CASE("a change of pictures is applied between bytes and inputs") {
  struct Negative final : PictureChange {
    void apply(float* pixels, const Shape& shape, std::size_t slot) const override {
      for (std::size_t i = 0; i < shape.elements(); ++i) pixels[i] = 1 - pixels[i] + static_cast<float>(slot);
    }
  };
  const Small t;
  Image type;
  type.scale = Image::Scale::none;
  const Dataset data = load(t.settings(type));
  std::vector<Real> inputs(8);
  View view;
  view.data = reinterpret_cast<std::byte*>(inputs.data());
  view.port = data.encoding->inputs()[0].port;
  view.samples = 2;
  const Negative change;
  data.rows->gather(std::vector<std::int64_t>{0, 0}, {&view, 1}, &change);
  for (int slot = 0; slot < 2; ++slot) {
    CHECK(inputs[static_cast<std::size_t>(4 * slot)] == doctest::Approx(255 * (slot + 1)));
    CHECK(inputs[static_cast<std::size_t>(4 * slot + 3)] == doctest::Approx(255 * slot).epsilon(1e-4));
  }
}

TEST_CASE("pictures are the same on any number of threads") {
  Folder folder;
  std::string rows = "photo,kind\n";
  for (const char* name :
       {"colour.png", "colour.jpg", "grey.png", "deep.png", "palette.bmp", "progressive.jpg"})
    for (int i = 0; i < 20; ++i) rows += (pictures / name).string() + (i % 2 ? ",p\n" : ",q\n");
  DataSettings settings = all_training(settings_for(folder.write("t.csv", rows), {"kind"}));
  Image type;
  type.resize = {20, 30};
  type.crop = ImageForm::Crop::centre;
  settings.columns = {image("photo", type)};
  const Dataset one = load(settings);
  math::set_threads(3);
  const Dataset three = load(settings);
  const auto of_three = gathered<Real>(*three.rows, 0, all_rows(*three.rows));
  math::set_threads(1);
  CHECK(gathered<Real>(*one.rows, 0, all_rows(*one.rows)) == of_three);
  CHECK(one.encoding->to_json() == three.encoding->to_json());
}
