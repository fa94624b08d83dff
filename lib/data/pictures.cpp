#include "data/pictures.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <mutex>
#include <optional>

#include "core/error.hpp"
#include "core/free_memory.hpp"
#include "core/hash.hpp"
#include "data/streamed_pictures.hpp"
#include "data/words.hpp"
#include "math/threads.hpp"

namespace bpnet {

namespace {

constexpr std::int64_t tile_rows = 16;
constexpr double work_of_a_picture = 1e6;

/// Calls f(row, picture in this form, channels and size that it had), f(row, null, 0, words) where there is
/// none. `prints`: of each row.
template <class F>
void read_all(const PictureReader& reader, const ImageForm& form, std::uint64_t* prints, F f) {
  const std::int64_t rows = reader.rows();
  math::parallel((rows + tile_rows - 1) / tile_rows, work_of_a_picture * static_cast<double>(rows),
                 [&](std::ptrdiff_t tile) {
                   const std::int64_t end = std::min(rows, (tile + 1) * tile_rows);
                   for (std::int64_t row = tile * tile_rows; row < end; ++row) try {
                       Picture picture = reader.read(row, prints + row);
                       const int channels = picture.channels;
                       const std::string size = picture.size_text();
                       form.apply(picture);
                       f(row, &picture, channels, size);
                     } catch (const PictureError& error) {
                       f(row, nullptr, 0, error.what());
                     } catch (const std::bad_alloc&) {
                       f(row, nullptr, 0, "there is not enough memory for it");
                     }
                 });
}

/// The first picture that can be read, and its row.
std::optional<std::pair<std::int64_t, Picture>> first_picture(const PictureReader& reader) {
  for (std::int64_t row = 0; row < reader.rows(); ++row) try {
      return std::pair{row, reader.read(row)};
    } catch (const PictureError&) {
      continue;
    }
  return {};
}

PictureFacts facts_of(const Picture& picture) {
  PictureFacts out;
  out.print = hash64(std::as_bytes(std::span(picture.pixels)));
  math::sum_pixels(picture.pixels.data(), picture.pixels.size(), picture.channels, out.sums, out.squares);
  return out;
}

/// A picture whose size is not that of the others.
struct Odd {
  std::int64_t row = -1;
  std::string size;
};

[[noreturn]] void refuse_sizes(const PictureReader& reader, const Odd& odd, const std::string& first,
                               const std::string& first_size, const std::string& column) {
  throw Error(Fault::data,
              "data.columns." + in_yaml(column) + ": its pictures have different sizes: '" + first + "' is " +
                  first_size + " pixels, '" + reader.shown(odd.row) + "' is " + odd.size,
              {"bring them to one size: data.columns: {" + in_yaml(column) +
               ": {image: {resize: 32, crop: centre}}} (crop: none stretches them)"});
}

}  // namespace

std::uint64_t PictureTable::print(std::int64_t r) const {
  return hash64({reinterpret_cast<const std::byte*>(row(r)), size()});
}

void PictureTable::add_sums(std::int64_t r, std::uint64_t* sums, std::uint64_t* squares) const {
  math::sum_pixels(row(r), size(), shape()[2], sums, squares);
}

std::uint64_t memory_for_pictures() { return free_memory() / 5 * 3; }

PictureColumn read_pictures(const LabelColumn& cells, const std::vector<PictureOrigin>& origins,
                            const ImageForm& given, Shape shape, const std::string& column,
                            std::uint64_t memory) {
  PictureReader reader(cells, origins);
  ImageForm form = given;
  const bool known = shape.axes() > 0;
  std::string first, first_size;
  if (known) {
    form.channels = shape[2];
  } else if (auto found = first_picture(reader)) {
    first = reader.shown(found->first);
    first_size = found->second.size_text();
    if (form.channels == 0) form.channels = found->second.channels;
    form.apply(found->second);
    shape = {found->second.height, found->second.width, form.channels};
  } else {
    shape = {1, 1, 1};
  }
  PictureColumn out;
  const auto rows = static_cast<std::size_t>(reader.rows());
  while (true) {
    const bool keep = rows * shape.elements() <= memory;
    const auto table = keep ? std::make_shared<PictureTable>(reader.rows(), shape) : nullptr;
    std::vector<PictureFacts> facts(keep ? 0 : rows);
    out.faults.clear();
    out.misfits.clear();
    out.prints.assign(rows, 0);
    std::atomic<bool> colours = false;
    Odd odd;
    std::mutex mutex;
    read_all(
        reader, form, out.prints.data(),
        [&](std::int64_t row, const Picture* picture, int channels, const std::string& words) {
          const bool fits = picture && picture->height == shape[0] && picture->width == shape[1];
          if (fits && keep) std::memcpy(table->row(row), picture->pixels.data(), table->size());
          if (fits && !keep) facts[static_cast<std::size_t>(row)] = facts_of(*picture);
          if (!fits && keep) std::memset(table->row(row), 0, table->size());
          if (channels > form.channels) colours = true;
          if (fits) return;
          const std::lock_guard lock(mutex);
          if (!picture)
            out.faults.push_back({row, words});
          else if (known)
            out.misfits.push_back({row, "is " + words + " pixels large, but this model reads pictures of " +
                                            std::to_string(shape[1]) + "x" + std::to_string(shape[0])});
          else if (odd.row < 0 || row < odd.row)
            odd = {row, words};
        });
    if (odd.row >= 0) refuse_sizes(reader, odd, first, first_size, column);
    if (!known && given.channels == 0 && form.channels == 1 && colours) {
      form.channels = shape[2] = 3;
      continue;
    }
    out.pictures = table;
    if (!keep)
      out.pictures =
          std::make_shared<StreamedPictures>(std::move(reader), form, shape, std::move(facts), memory);
    break;
  }
  for (auto* some : {&out.faults, &out.misfits})
    std::sort(some->begin(), some->end(),
              [](const PictureFault& a, const PictureFault& b) { return a.row < b.row; });
  return out;
}

std::shared_ptr<const Pictures> pictures_of_pixels(const FloatTable& table, std::int64_t rows, int first,
                                                   const ImageCode& code) {
  auto out = std::make_shared<PictureTable>(rows, code.shape);
  const double factor = code.white / code.top;
  math::parallel((rows + tile_rows - 1) / tile_rows,
                 static_cast<double>(rows) * static_cast<double>(code.pixels.elements()),
                 [&](std::ptrdiff_t tile) {
                   const std::int64_t end = std::min(rows, (tile + 1) * tile_rows);
                   Picture picture;
                   for (std::int64_t row = tile * tile_rows; row < end; ++row) {
                     picture.height = code.pixels[0];
                     picture.width = code.pixels[1];
                     picture.channels = code.pixels[2];
                     picture.pixels.resize(code.pixels.elements());
                     const float* from = table.row(row) + first;
                     for (std::uint8_t& pixel : picture.pixels)
                       pixel = static_cast<std::uint8_t>(
                           std::clamp(std::lround(static_cast<double>(*from++) * factor), 0L, 255L));
                     code.form.apply(picture);
                     std::memcpy(out->row(row), picture.pixels.data(), out->size());
                   }
                 });
  return out;
}

void fit_channels(const Pictures& pictures, std::span<const std::int64_t> rows, Image::Scale scale,
                  ImageCode& code) {
  const auto channels = static_cast<std::size_t>(pictures.shape()[2]);
  code.mean.assign(channels, 0);
  code.deviation.assign(channels, scale == Image::Scale::none ? 1.0 / 255 : 1.0);
  if (scale != Image::Scale::standard || rows.empty()) return;
  // Whole numbers, whose sums are the same in any order.
  std::mutex mutex;
  std::vector<std::uint64_t> sums(channels), squares(channels);
  constexpr std::size_t tile = 256;
  math::parallel(static_cast<std::ptrdiff_t>((rows.size() + tile - 1) / tile),
                 2.0 * static_cast<double>(rows.size() * pictures.size()), [&](std::ptrdiff_t i) {
                   std::uint64_t sum[math::most_channels] = {}, square[math::most_channels] = {};
                   const std::size_t begin = static_cast<std::size_t>(i) * tile;
                   for (const std::int64_t row : rows.subspan(begin, std::min(tile, rows.size() - begin)))
                     pictures.add_sums(row, sum, square);
                   const std::lock_guard lock(mutex);
                   for (std::size_t c = 0; c < channels; ++c) sums[c] += sum[c], squares[c] += square[c];
                 });
  const std::size_t of_a_picture = pictures.size() / channels;
  const double pixels = static_cast<double>(rows.size()) * static_cast<double>(of_a_picture);
  for (std::size_t c = 0; c < channels; ++c) {
    const double mean = static_cast<double>(sums[c]) / pixels;
    const double variance = static_cast<double>(squares[c]) / pixels - mean * mean;
    code.mean[c] = mean / code.white;
    code.deviation[c] = variance > 1e-12 ? std::sqrt(variance) / code.white : 1;
  }
}

}  // namespace bpnet
