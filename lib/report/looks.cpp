#include "report/looks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "report/sheet.hpp"

namespace bpnet {

namespace {

constexpr int epochs_shown = 7;

/// Columns that make a sheet about square.
int columns_for(std::size_t pictures) {
  return std::max(1, static_cast<int>(std::ceil(std::sqrt(static_cast<double>(pictures)))));
}

std::span<const Real> picture_of(const SeenPictures& pictures, std::size_t row) {
  const std::size_t n = pictures.shape.elements();
  return std::span(pictures.values).subspan(row * n, n);
}

/// A class by its name, or by its number from 1 where there are no letters for it.
std::string drawn_label(const TargetKind& target, std::size_t label) {
  const std::string& name = target.labels[label];
  return can_write(name) ? name : fmt::format("#{}", label + 1);
}

/// The first target of each row, as one reads it.
std::vector<std::string> targets_of(const Rows& rows, std::span<const std::int64_t> which) {
  const TargetKind& target = rows.encoding().targets()[0];
  const TargetScale& scale = rows.encoding().scales()[0];
  std::vector<std::string> out(which.size());
  if (target.classes) {
    std::vector<std::int32_t> classes(which.size());
    rows.classes(0, which, classes.data());
    for (std::size_t i = 0; i < which.size(); ++i)
      if (classes[i] >= 0) out[i] = drawn_label(target, static_cast<std::size_t>(classes[i]));
    return out;
  }
  std::vector<Real> values(which.size());
  rows.values(0, which, values.data());
  for (std::size_t i = 0; i < which.size(); ++i)
    out[i] = fmt::format("{:.4g}", static_cast<double>(values[i]) * scale.deviation + scale.mean);
  return out;
}

Bitmap twice_as_large(const Bitmap& from) {
  Bitmap out(2 * from.width, 2 * from.height, {});
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x)
      out.at(x, y) = from.pixels[static_cast<std::size_t>(y / 2 * from.width + x / 2)];
  return out;
}

/// What all begin with, up to the last letter of the shortest, goes.
void drop_beginning(std::vector<std::string>& names) {
  const auto begins_letter = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  std::size_t same = names[0].size();
  for (const std::string& name : names) {
    const auto end =
        name.begin() + static_cast<std::ptrdiff_t>(std::min(same, std::max<std::size_t>(1, name.size()) - 1));
    same = static_cast<std::size_t>(std::mismatch(name.begin(), end, names[0].begin()).first - name.begin());
  }
  while (same > 0 && !begins_letter(names[0][same])) --same;
  for (std::string& name : names) name.erase(0, same);
}

std::string wide_number(double x) {
  return x == std::floor(x) ? fmt::format("{:.0f}", x) : fmt::format("{:.1f}", x);
}

}  // namespace

std::optional<Bitmap> training_sheet(const Settings& settings, const Dataset& dataset, Learner& learner,
                                     std::int64_t pictures) {
  const auto training = dataset.part(Part::training);
  std::vector<std::int64_t> rows(std::min(static_cast<std::size_t>(pictures), training.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = training[i * training.size() / rows.size()];
  std::vector<std::int64_t> positions(rows.size());
  std::iota(positions.begin(), positions.end(), std::int64_t{0});

  std::vector<SeenPictures> seen = {learner.pictures(*dataset.rows, rows, nullptr)};
  if (seen[0].shape.axes() == 0) return std::nullopt;
  const auto inputs = dataset.encoding->inputs();
  const bool by_chance = !settings.train.augment.empty() ||
                         std::any_of(inputs.begin(), inputs.end(), [](const InputPort& p) { return p.cut; });
  if (by_chance)
    for (std::uint64_t epoch = 0; epoch < epochs_shown; ++epoch) {
      const Moment moment{static_cast<std::uint64_t>(settings.train.seed), epoch, 0, positions, epoch};
      seen.push_back(learner.pictures(*dataset.rows, rows, &moment));
    }
  const auto targets = targets_of(*dataset.rows, rows);
  std::vector<SheetPicture> cells;
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t e = 0; e < seen.size(); ++e)
      cells.push_back({picture_of(seen[e], r), {e == 0 ? targets[r] : fmt::format("epoch {}", e)}});
  return sheet(cells, seen[0].shape, seen.size() > 1 ? epochs_shown + 1 : columns_for(rows.size()));
}

Bitmap confusion_picture(const TargetKind& target, const Confusion& confusion) {
  constexpr Colour paper = {255, 255, 255}, ink = {30, 30, 30}, light = {255, 255, 255};
  constexpr std::size_t label_letters = 16;
  constexpr std::string_view title = "true v   predicted >";
  const int n = confusion.classes();
  std::size_t widest = 4;  // letters in a cell
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) widest = std::max(widest, wide_number(confusion.at(i, j)).size());
  std::vector<std::string> labels;
  std::size_t longest = 1;
  for (std::size_t i = 0; i < target.labels.size(); ++i) {
    labels.push_back(drawn_label(target, i));
    longest = std::max(longest, std::min(letters(labels[i]), label_letters));
  }
  std::vector<std::string> heads = labels;
  if (std::any_of(heads.begin(), heads.end(), [&](const std::string& h) { return letters(h) > widest; }))
    drop_beginning(heads);
  // Numbers and labels of columns are left out where there are too many classes for them.
  const bool numbers = n <= 40;
  const int cell_width = numbers ? static_cast<int>(widest) * letter_width + 4 : 4;
  const int cell_height = numbers ? 20 : 4;
  const int left = numbers ? static_cast<int>(longest) * letter_width + 8 : 2;
  const int top = numbers ? 2 * letter_height + 8 : letter_height + 6;
  const int width = std::max(left + n * cell_width, static_cast<int>(title.size()) * letter_width + 2);
  Bitmap out(width + 4, top + n * cell_height + 4, paper);
  out.write(2, 2, std::string(title), ink);
  for (int i = 0; i < n; ++i) {
    const double rows = confusion.count(i).actual;
    if (numbers) {
      out.write(4, top + i * cell_height + 6, cut_text(labels[static_cast<std::size_t>(i)], label_letters),
                ink);
      out.write(left + i * cell_width + 2, letter_height + 5,
                cut_text(heads[static_cast<std::size_t>(i)], widest), ink);
    }
    for (int j = 0; j < n; ++j) {
      const double share = rows > 0 ? confusion.at(i, j) / rows : 0;
      // White to blue for right ones, to red for mistakes; roots, so that few mistakes are seen.
      const auto away = static_cast<std::uint8_t>(std::lround(225 * std::sqrt(share)));
      const auto other = static_cast<std::uint8_t>(255 - away),
                 slight = static_cast<std::uint8_t>(255 - away / 2);
      const Colour shade = i == j ? Colour{other, slight, 255} : Colour{255, other, other};
      out.fill(left + j * cell_width, top + i * cell_height, cell_width - 1, cell_height - 1, shade);
      if (!numbers || confusion.at(i, j) == 0) continue;
      const std::string text = wide_number(confusion.at(i, j));
      out.write(left + j * cell_width + cell_width - 2 - static_cast<int>(text.size()) * letter_width,
                top + i * cell_height + 6, text, i != j && share > 0.5 ? light : ink);
    }
  }
  return n <= 20 ? twice_as_large(out) : out;
}

std::optional<Bitmap> mistakes_sheet(Learner& learner, const Rows& rows, const TargetAssessment& target) {
  std::vector<std::int64_t> which;
  std::vector<SheetPicture> cells;
  const auto label = [&](std::int32_t i) { return drawn_label(target.target, static_cast<std::size_t>(i)); };
  for (const WorstRow& row : target.mistakes) {
    which.push_back(row.row);
    cells.push_back({{},
                     {"true " + label(row.actual), "said " + label(row.named),
                      fmt::format("p {:.3f}", row.probability_named)}});
  }
  if (which.empty()) return std::nullopt;
  const SeenPictures pictures = learner.pictures(rows, which, nullptr);
  if (pictures.shape.axes() == 0) return std::nullopt;
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i].values = picture_of(pictures, i);
  return sheet(cells, pictures.shape, columns_for(cells.size()));
}

std::optional<Bitmap> filters_sheet(const Weights& weights) {
  for (const Segment& s : weights.segments) {
    const Shape& shape = s.shape;
    if (s.file != FileOrder::kernel) continue;
    const Shape filter = {shape[1], shape[2], shape[3]};
    if (shape[0] != 1 || filter[0] < 3 || filter[1] < 3 || (filter[2] != 1 && filter[2] != 3))
      return std::nullopt;
    const std::span<const Real> all = weights.values.subspan(s.begin, s.size());
    Real largest = 0;
    for (const Real w : all) largest = std::max(largest, std::abs(w));
    const auto filters = static_cast<std::size_t>(shape[4]), n = s.size() / filters;
    std::vector<Real> pictures(s.size());
    for (std::size_t f = 0; f < filters; ++f)
      for (std::size_t i = 0; i < n; ++i)
        pictures[f * n + i] = Real{1} / 2 + (largest > 0 ? all[i * filters + f] / (2 * largest) : Real{0});
    std::vector<SheetPicture> cells;
    for (std::size_t f = 0; f < filters; ++f) cells.push_back({std::span(pictures).subspan(f * n, n), {}});
    return sheet(cells, filter, columns_for(filters));
  }
  return std::nullopt;
}

}  // namespace bpnet
