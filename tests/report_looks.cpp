// Pictures that reports draw.

#include "report/looks.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "core/files.hpp"
#include "files_help.hpp"
#include "report/sheet.hpp"

using namespace bpnet;

namespace {
constexpr Colour white = {255, 255, 255}, black = {0, 0, 0};

std::size_t count_of(const Bitmap& bitmap, Colour colour) {
  return static_cast<std::size_t>(std::count(bitmap.pixels.begin(), bitmap.pixels.end(), colour));
}
}  // namespace

TEST_CASE("text: letters stand in their places, what is outside is left out, long ones are cut") {
  Bitmap line(3 * letter_width, letter_height, white);
  line.write(0, 0, "I-|", black);
  for (int y = 0; y < letter_height; ++y) {
    CHECK(line.at(2, y) == black);                               // I
    CHECK((line.at(letter_width + 2, y) == black) == (y == 3));  // -
    CHECK(line.at(2 * letter_width + 2, y) == black);            // |
  }
  Bitmap twice(2 * 3 * letter_width, 2 * letter_height, white);
  twice.write(0, 0, "I-|", black, 2);
  CHECK(count_of(twice, black) == 4 * count_of(line, black));
  Bitmap small(3, 3, white);
  small.write(-2, -2, "MM", black);
  small.fill(-5, 2, 100, 100, black);
  CHECK(small.at(0, 2) == black);
  CHECK(letters("Größe") == 5);
  CHECK(cut_text("Größe", 5) == "Größe");
  CHECK(cut_text("Größen", 4) == "Gr.n");
  CHECK(cut_text("class_10", 5) == "cl.10");
  CHECK(cut_text("ab", 1) == ".");
  CHECK(cut_text("abc", 0) == "");
  Bitmap odd(letter_width, letter_height, white), mark(letter_width, letter_height, white);
  odd.write(0, 0, "я", black);
  mark.write(0, 0, "?", black);
  CHECK(odd.pixels == mark.pixels);
}

TEST_CASE("letters with marks are drawn without them, however they are written") {
  const auto drawn = [](const std::string& text) {
    Bitmap line(8 * letter_width, letter_height, white);
    line.write(0, 0, text, black);
    return line.pixels;
  };
  CHECK(drawn("Łódź ÀÿĀž") == drawn("Lodz AyAz"));
  CHECK(drawn("a\u0308x") == drawn("ax"));  // a mark behind its letter
  CHECK(letters("a\u0308x") == 2);
  CHECK(cut_text("a\u0308xyz", 3) == "a\u0308.z");
  CHECK(can_write("Größe?"));
  CHECK(can_write("a\u0308x"));
  CHECK_FALSE(can_write("кошка"));
  CHECK_FALSE(can_write("猫"));
}

TEST_CASE("every printable letter is drawn, each another one") {
  std::vector<std::vector<Colour>> seen;
  for (char c = '!'; c <= '~'; ++c) {
    Bitmap one(letter_width, letter_height, white);
    one.write(0, 0, std::string(1, c), black);
    CHECK(count_of(one, black) > 1);
    CHECK(std::find(seen.begin(), seen.end(), one.pixels) == seen.end());
    seen.push_back(one.pixels);
  }
}

TEST_CASE("a sheet enlarges pictures by a whole number and sets captions below") {
  const std::vector<Real> red = {1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0};  // 2 x 2: red blue, white black
  const std::vector<SheetPicture> cells = {{red, {"one", "two"}}, {{}, {}}, {red, {}}};
  const Bitmap out = sheet(cells, {2, 2, 3}, 2);
  const int scale = 48, left = 3, top = 3;
  CHECK(out.width == 2 * (2 * scale + 3) + 3);
  CHECK(out.height == 2 * (2 * scale + 3 + 2 * 9) + 3);
  Bitmap copy = out;
  CHECK(copy.at(left, top) == Colour{255, 0, 0});
  CHECK(copy.at(left + scale - 1, top + scale - 1) == Colour{255, 0, 0});
  CHECK(copy.at(left + scale, top) == Colour{0, 0, 255});
  CHECK(copy.at(left, top + scale) == white);
  CHECK(copy.at(left + scale, top + scale) == black);
  CHECK(count_of(out, Colour{255, 0, 0}) == 2 * scale * scale);
  const std::vector<Real> grey = {Real{1} / 2};
  const std::vector<SheetPicture> one = {{grey, {}}};
  CHECK(count_of(sheet(one, {1, 1, 1}, 1), {128, 128, 128}) == 96 * 96);
}

TEST_CASE("a confusion picture: right answers blue, mistakes red, by their share of the true class") {
  TargetKind target;
  target.classes = true;
  target.labels = {"cat", "dog", "a very long name of a class"};
  Confusion confusion(3);
  const std::vector<Real> answers = {1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0};
  const std::vector<std::int32_t> classes = {0, 0, 0, 0, 1, 1};
  Judged judged;
  judged.rows = 6;
  judged.width = 3;
  judged.answers = answers;
  judged.classes = classes;
  confusion.add(judged);
  const Bitmap drawn = confusion_picture(target, confusion);
  // All of class dog: the fullest blue. Cats: half of them, on both sides of the diagonal.
  const auto away = static_cast<std::uint8_t>(255 - 159), slight = static_cast<std::uint8_t>(255 - 159 / 2);
  CHECK(count_of(drawn, {30, 143, 255}) > 100);
  CHECK(count_of(drawn, {away, slight, 255}) > 100);
  CHECK(count_of(drawn, {255, away, away}) > 100);
  target.labels.assign(60, "x");
  CHECK(confusion_picture(target, Confusion(60)).width < 400);
  CHECK(confusion_picture(target, Confusion(2)).width >= 2 * 21 * 6);  // the title of a small one is whole
}

TEST_CASE("filters of a first convolution: middle grey is 0, the largest weight white or black") {
  std::vector<Real> values(16 + 3 * 3 * 1 * 4, 0);
  values[16] = 2;   // of filter 0, upper left
  values[17] = -2;  // of filter 1
  Segment bias, kernel;
  bias.role = Role::bias;
  bias.shape = {4};
  kernel.begin = 16;
  kernel.shape = {1, 3, 3, 1, 4};
  kernel.file = FileOrder::kernel;
  std::vector<Segment> segments = {bias, kernel};
  const auto drawn = filters_sheet({values, {}, segments});
  REQUIRE(drawn);
  CHECK(count_of(*drawn, white) == 32 * 32);
  CHECK(count_of(*drawn, black) == 32 * 32);
  CHECK(count_of(*drawn, {128, 128, 128}) == (4 * 9 - 2) * 32 * 32);
  for (const Shape& shape : {Shape{1, 1, 1, 1, 36}, Shape{1, 3, 3, 2, 2}, Shape{4, 3, 3, 1, 1}}) {
    segments[1].shape = shape;
    CHECK(!filters_sheet({values, {}, segments}));
  }
}

TEST_CASE("a PNG file begins like one, and a place that cannot be written is told") {
  const test::TemporaryFolder folder;
  write_png(folder.path() / "a.png", Bitmap(5, 3, {1, 2, 3}));
  const std::string bytes = read_text(folder.path() / "a.png", 10000);
  CHECK(bytes.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  CHECK(bytes.substr(16, 8) == std::string("\0\0\0\5\0\0\0\3", 8));
  CHECK_THROWS_AS(write_png(folder.path() / "none" / "a.png", Bitmap(5, 3, white)), Error);
}
