#include "data/image.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "spec/table.hpp"

namespace bpnet {

namespace {

using Method = ImageForm::Method;
constexpr const char* methods[] = {"auto", "bilinear", "area"};
constexpr const char* crops[] = {"none", "centre"};
constexpr const char* broken_words[] = {"error", "skip"};
constexpr const char* channel_scales[] = {"standard", "unit", "none"};

/// The part of a picture of that shape that a crop leaves: as large as may be, in the middle.
math::PictureRegion region_of(const Picture& picture, int height, int width, ImageForm::Crop crop) {
  math::PictureRegion all{0, 0, static_cast<double>(picture.height), static_cast<double>(picture.width)};
  if (crop == ImageForm::Crop::none) return all;
  const double scale = std::min(all.height / height, all.width / width);
  const double high = scale * height, wide = scale * width;
  return {(all.height - high) / 2, (all.width - wide) / 2, high, wide};
}

Shape shape_of(const std::vector<std::int64_t>& sizes) {
  Shape out;
  for (const std::int64_t size : sizes) out.push(static_cast<int>(size));
  if (sizes.size() == 2) out.push(1);
  return out;
}

bool shape_makes_sense(const Shape& shape) {
  return shape.axes() == 3 && shape[0] >= 1 && shape[1] >= 1 && shape[0] <= picture_side_at_most &&
         shape[1] <= picture_side_at_most && std::int64_t{shape[0]} * shape[1] <= picture_pixels_at_most &&
         (shape[2] == 1 || shape[2] == 3);
}

bool fits_into(const Shape& part, const Shape& whole) { return part[0] <= whole[0] && part[1] <= whole[1]; }

}  // namespace

void ImageForm::apply(Picture& picture) const {
  if (channels > 0) set_channels(picture, channels);
  if (height == 0 || (picture.height == height && picture.width == width)) return;
  const auto region = region_of(picture, height, width, crop);
  const bool smaller = region.height >= height && region.width >= width;
  const bool area = method == Method::area || (method == Method::automatic && smaller);
  Picture out = sized_picture(height, width, picture.channels);
  math::resize_pixels(picture.pixels.data(), {picture.height, picture.width, picture.channels}, region,
                      area ? math::ResizeFilter::box : math::ResizeFilter::triangle, height, width,
                      out.pixels.data());
  picture = std::move(out);
}

void Image::visit(Visitor& v) {
  v.unless_empty("resize", resize, "none", between(1, picture_side_at_most),
                 "pixels of each side, or [height, width]");
  v("method", method, methods,
    "how sizes change; area: the mean of the pixels that fall on one; bilinear: near pixels, weighted; auto: "
    "area where pictures shrink, bilinear where they grow");
  v("crop", crop, crops, "centre: keep the proportions and cut off what is too much; none: stretch");
  v.unless_empty("random_crop", random_crop, "none", between(1, picture_side_at_most),
                 "pixels of each side, or [height, width], that the network sees: in training cut out at a "
                 "random place, else in the middle");
  v.optional("channels", channels, "auto", between(1, 3),
             "1: grey; 3: colours; auto: colours if a picture has some; transparent parts lie on white");
  v("scale", scale, channel_scales,
    "standard: each channel has mean 0 and deviation 1 over the training pictures; unit: from 0 to 1; none: "
    "from 0 to 255");
  v("broken", broken, broken_words,
    "skip: leave out the rows of pictures that cannot be read, and count them");
  v.unless_empty("from", from, "none",
                 "columns (names or globs) that have the pixels, row by row; else cells are paths from the "
                 "file's folder: PNG, JPEG (upright, as its camera noted), BMP, PPM, PGM");
  v.unless_empty("shape", shape, "none", between(1, picture_side_at_most),
                 "what these columns make: [height, width] or [height, width, channels], channels last");
}

std::vector<std::string> Image::faults() const {
  std::vector<std::string> out;
  if (resize.size() > 2) out.push_back("resize is one number, or [height, width]");
  if (!resize.empty() && resize.size() <= 2 && resize.front() * resize.back() > picture_pixels_at_most)
    out.push_back("resize makes " + std::to_string(resize.front() * resize.back() / 1'000'000) +
                  " million pixels of each picture, but 100 million are the most");
  if (crop != ImageForm::Crop::none && resize.empty())
    out.push_back("crop cuts what resize makes: add it, as in {resize: 32, crop: centre}");
  if (method != Method::automatic && resize.empty())
    out.push_back("method is for resize: add it, as in {resize: 32, method: area}");
  if (random_crop.size() > 2) out.push_back("random_crop is one number, or [height, width]");
  if (channels == 2) out.push_back("channels are 1 (grey) or 3 (colours)");
  if (from.empty() != shape.empty())
    out.push_back("from and shape go together, as in {from: [pixel_*], shape: [8, 8, 1]}");
  else if (!from.empty() && !shape_makes_sense(shape_of(shape)))
    out.push_back("shape is [height, width] or [height, width, channels] with 1 or 3 channels");
  if (!from.empty() && broken == Broken::skip) out.push_back("broken is for files, and these are columns");
  return out;
}

ImageForm Image::form() const {
  ImageForm out{method, crop, 0, 0, static_cast<int>(channels.value_or(0))};
  if (resize.empty()) return out;
  out.height = static_cast<int>(resize.front());
  out.width = static_cast<int>(resize.back());
  return out;
}

Shape Image::pixel_shape() const { return shape_of(shape); }

Shape Image::seen_of(const Shape& kept) const {
  if (random_crop.empty()) return kept;
  return {static_cast<int>(random_crop.front()), static_cast<int>(random_crop.back()), kept[2]};
}

math::ChannelScale ImageCode::to_unit() const {
  math::ChannelScale out;
  std::fill_n(out.factor, math::most_channels, static_cast<float>(1.0 / white));
  return out;
}

math::ChannelScale ImageCode::from_unit() const {
  math::ChannelScale out;
  for (std::size_t c = 0; c < mean.size(); ++c) {
    out.factor[c] = static_cast<float>(1 / deviation[c]);
    out.shift[c] = static_cast<float>(-mean[c] / deviation[c]);
  }
  return out;
}

math::ChannelScale ImageCode::to_input() const {
  math::ChannelScale out = from_unit();
  for (std::size_t c = 0; c < mean.size(); ++c)
    out.factor[c] = static_cast<float>(1 / (white * deviation[c]));
  return out;
}

nlohmann::json ImageCode::to_json() const {
  return {{"shape", std::vector<int>(shape.sizes().begin(), shape.sizes().end())},
          {"seen", std::vector<int>(seen.sizes().begin(), seen.sizes().end())},
          {"resize", {form.height, form.width}},
          {"method", methods[static_cast<std::size_t>(form.method)]},
          {"crop", crops[static_cast<std::size_t>(form.crop)]},
          {"skip_broken", skip_broken},
          {"from", from},
          {"pixels", std::vector<int>(pixels.sizes().begin(), pixels.sizes().end())},
          {"white", white},
          {"top", top},
          {"mean", mean},
          {"deviation", deviation}};
}

ImageCode ImageCode::from_json(const nlohmann::json& json) {
  ImageCode code;
  code.shape = shape_of(json.at("shape").get<std::vector<std::int64_t>>());
  code.seen = shape_of(json.value("seen", json.at("shape")).get<std::vector<std::int64_t>>());
  json.at("resize").at(0).get_to(code.form.height);
  json.at("resize").at(1).get_to(code.form.width);
  const auto method = json.at("method").get<std::string>();
  code.form.method = method == "area"       ? Method::area
                     : method == "bilinear" ? Method::bilinear
                                            : Method::automatic;
  code.form.crop =
      json.at("crop").get<std::string>() == "centre" ? ImageForm::Crop::centre : ImageForm::Crop::none;
  json.at("skip_broken").get_to(code.skip_broken);
  json.at("from").get_to(code.from);
  code.pixels = shape_of(json.at("pixels").get<std::vector<std::int64_t>>());
  json.at("white").get_to(code.white);
  json.at("top").get_to(code.top);
  json.at("mean").get_to(code.mean);
  json.at("deviation").get_to(code.deviation);
  const auto positive = [](double x) { return std::isfinite(x) && x > 0; };
  const bool sized = code.form.height == 0
                         ? code.form.width == 0
                         : code.form.height == code.shape[0] && code.form.width == code.shape[1];
  const bool part = code.seen[2] == code.shape[2] && fits_into(code.seen, code.shape);
  const bool good = shape_makes_sense(code.shape) && shape_makes_sense(code.seen) && part && sized &&
                    (code.from.empty() || shape_makes_sense(code.pixels)) &&
                    (code.from.empty() || code.from.size() == code.pixels.elements()) && code.white > 0 &&
                    code.white < 256 && positive(code.top) && code.mean.size() == code.deviation.size() &&
                    code.mean.size() == static_cast<std::size_t>(code.shape[2]) &&
                    std::all_of(code.deviation.begin(), code.deviation.end(), positive);
  if (!good) throw nlohmann::json::other_error::create(501, "a picture's form makes no sense", &json);
  code.form.channels = code.shape[2];
  return code;
}

namespace column_type_entries {
extern const Entry image = {"image",
                            "pictures: files that the cells name, or columns of pixels",
                            "picture photo img pixels imagefolder",
                            "image: {resize: 32, crop: centre}",
                            "",
                            make<Image>};
}

}  // namespace bpnet
