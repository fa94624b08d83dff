#include "data/rows.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/hash.hpp"
#include "core/random.hpp"
#include "math/columns.hpp"
#include "math/gather.hpp"
#include "math/threads.hpp"

namespace bpnet {

namespace {
using CodeKind = CodeColumn::Kind;

/// Position of each text of a column's dictionary among the labels.
std::vector<std::int32_t> positions_of(const Dictionary& texts, const Labels& labels) {
  std::vector<std::int32_t> out;
  for (std::size_t k = 0; k < texts.size(); ++k) out.push_back(labels.find(texts[k]));
  return out;
}

/// Where a part of a picture stands in it and, by itself, in what it goes to: f(from, to, elements) for each
/// piece that is in one.
template <class F>
void each_piece(const Shape& whole, const Shape& part, PictureChange::Corner corner, F f) {
  const int pieces = part[1] == whole[1] ? 1 : part[0];
  const std::size_t size = part.elements() / static_cast<std::size_t>(pieces);
  const auto place = [&](int line) { return ((corner.top + line) * whole[1] + corner.left) * whole[2]; };
  for (int i = 0; i < pieces; ++i)
    f(static_cast<std::size_t>(place(i)), static_cast<std::size_t>(i) * size, size);
}
}  // namespace

bool Rows::picture(std::int64_t, std::size_t, std::vector<std::uint8_t>&, Shape&) const { return false; }

void Rows::lengths(int, std::span<const std::int64_t>, std::span<int> out) const {
  std::fill(out.begin(), out.end(), 1);
}

void Rows::weights(std::span<const std::int64_t> rows, Real* out) const {
  std::fill_n(out, rows.size(), Real(1));
}

TableRows::TableRows(std::shared_ptr<const TableEncoding> encoding, RawTable&& raw, const Slots& slots)
    : encoding_(std::move(encoding)), rows_(raw.rows), lines_(std::move(raw.lines)) {
  table_ = std::move(raw.numbers);
  pictures_ = std::move(raw.pictures);
  encode_codes(raw, slots);
  if (slots.weight >= 0) weights_ = std::move(raw.exacts[static_cast<std::size_t>(slots.weight)]);
  encode_steps(raw, slots);
  keep_texts(raw, slots);
  encode_numbers(slots);
  encode_targets(std::move(raw), slots);
  plan_runs(slots);
  plan_pictures(slots);
}

void TableRows::encode_codes(const RawTable& raw, const Slots& slots) {
  const auto columns = encoding_->code_columns();
  stride_ = static_cast<int>(columns.size());
  codes_.resize(static_cast<std::size_t>(rows_) * columns.size());
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const CodeColumn& column = columns[c];
    const auto slot = static_cast<std::size_t>(slots.features[column.feature]);
    std::int32_t* out = codes_.data() + c;
    if (column.kind == CodeKind::indicator) {
      for (std::int64_t r = 0; r < rows_; ++r) out[r * stride_] = std::isnan(table_.row(r)[slot]) ? 0 : -1;
      continue;
    }
    const Labels& labels = encoding_->features[column.feature].labels()->labels;
    const LabelColumn& from = raw.labels[slot];
    const auto positions = positions_of(from.texts, labels);
    const std::int32_t first = column.kind == CodeKind::embedded ? column.offset + 1 : 0;
    for (std::int64_t r = 0; r < rows_; ++r) {
      const std::int32_t code = from.codes[static_cast<std::size_t>(r)];
      out[r * stride_] = first + (code < 0 ? labels.missing() : positions[static_cast<std::size_t>(code)]);
    }
  }
}

void TableRows::encode_numbers(const Slots& slots) {
  std::vector<math::ColumnScale> scales(static_cast<std::size_t>(table_.width()));
  for (std::size_t f = 0; f < slots.features.size(); ++f) {
    const auto slot = static_cast<std::size_t>(slots.features[f]);
    if (const NumberCode* number = encoding_->features[f].number()) {
      const bool line = number->curve == NumberCode::Curve::line;
      scales[slot] = {line ? number->shift : 0, line ? 1 / number->divisor : 1, number->fill};
    }
    if (const DateCode* date = encoding_->features[f].date())
      for (std::size_t i = 0; i < date->columns.size(); ++i)
        scales[slot + i] = {date->columns[i].shift, 1 / date->columns[i].divisor, date->columns[i].fill};
  }
  encode_curves(slots);
  math::scale_columns(table_.data(), rows_, table_.width(), scales);
}

void TableRows::encode_curves(const Slots& slots) {
  struct Curved {
    int column;
    const NumberCode* code;
  };
  std::vector<Curved> curved;
  for (std::size_t f = 0; f < slots.features.size(); ++f)
    if (const NumberCode* number = encoding_->features[f].number();
        number && number->curve != NumberCode::Curve::line)
      curved.push_back({slots.features[f], number});
  if (curved.empty()) return;
  constexpr std::int64_t tile = 1024;
  constexpr double work_of_a_number = 100;
  math::parallel((rows_ + tile - 1) / tile,
                 work_of_a_number * static_cast<double>(rows_) * static_cast<double>(curved.size()),
                 [&](std::ptrdiff_t i) {
                   const std::int64_t end = std::min(rows_, (i + 1) * tile);
                   for (const Curved& c : curved)
                     for (std::int64_t r = i * tile; r < end; ++r)
                       if (float& x = table_.row(r)[c.column]; !std::isnan(x))
                         x = static_cast<float>(c.code->input(static_cast<double>(x)));
                 });
}

void TableRows::encode_targets(RawTable&& raw, const Slots& slots) {
  for (std::size_t t = 0; t < slots.targets.size(); ++t) {
    classes_.emplace_back();
    values_.emplace_back();
    const TargetColumn& target = encoding_->target_columns[t];
    const auto slot = static_cast<std::size_t>(slots.targets[t]);
    const bool there = slots.targets[t] >= 0;
    if (target.classes) {
      std::vector<std::int32_t>& out = classes_.back();
      out.assign(static_cast<std::size_t>(rows_), -1);
      if (!there) continue;
      const LabelColumn& from = raw.labels[slot];
      const auto positions = positions_of(from.texts, target.labels);
      for (std::size_t r = 0; r < out.size(); ++r)
        if (from.codes[r] >= 0) out[r] = positions[static_cast<std::size_t>(from.codes[r])];
    } else if (there) {
      values_.back() = std::move(raw.exacts[slot]);
      for (double& x : values_.back()) x = (x - target.scale.mean) / target.scale.deviation;
    } else {
      values_.back().assign(static_cast<std::size_t>(rows_), std::numeric_limits<double>::quiet_NaN());
    }
  }
}

void TableRows::plan_runs(const Slots& slots) {
  for (const PortPlan& plan : encoding_->port_plans()) {
    runs_.emplace_back();
    int to = 0;
    for (const PortPlan::Number& number : plan.numbers) {
      const int from = slots.features[number.feature] + number.column;
      if (!runs_.back().empty() && runs_.back().back().from + runs_.back().back().width == from)
        ++runs_.back().back().width;
      else
        runs_.back().push_back({from, 1, to});
      ++to;
    }
  }
}

void TableRows::plan_pictures(const Slots& slots) {
  for (const PortPlan& plan : encoding_->port_plans()) {
    PicturePort& port = picture_ports_.emplace_back();
    if (plan.image < 0) continue;
    const auto feature = static_cast<std::size_t>(plan.image);
    const ImageCode& code = *encoding_->features[feature].image();
    const int channels = code.shape[2];
    port.table = slots.features[feature];
    port.white = code.white;
    port.seen = code.seen;
    port.to_input = {code.to_input(), channels};
    port.to_unit = {code.to_unit(), channels};
    port.from_unit = {code.from_unit(), channels};
  }
}

void TableRows::gather_pictures(std::size_t p, std::span<const std::int64_t> rows, Real* out,
                                const PictureChange* change) const {
  const PicturePort& port = picture_ports_[p];
  const Pictures& pictures = *pictures_[static_cast<std::size_t>(port.table)];
  const std::size_t size = pictures.size(), seen = port.seen.elements();
  if (change) scratch_.resize(std::max(scratch_.size(), static_cast<std::size_t>(math::threads()) * seen));
  if (!pictures.kept())
    room_.resize(std::max(room_.size(), static_cast<std::size_t>(math::threads()) * size));
  const double work_of_an_element = change || !pictures.kept() ? 30 : 1;
  std::atomic<std::int64_t> lost = -1;
  math::parallel(static_cast<std::ptrdiff_t>(rows.size()),
                 work_of_an_element * static_cast<double>(rows.size() * size), [&](std::ptrdiff_t slot) {
                   const auto at = static_cast<std::size_t>(slot);
                   const auto thread = static_cast<std::size_t>(math::thread_index());
                   const std::uint8_t* pixels = pictures.at(rows[at], room_.data() + thread * size);
                   Real* const to = out + at * seen;
                   if (pixels == nullptr) {
                     lost = rows[at];
                     return;
                   }
                   const Shape& whole = pictures.shape();
                   if (change == nullptr)
                     return each_piece(whole, port.seen, PictureChange::middle(whole, port.seen),
                                       [&](std::size_t from, std::size_t begin, std::size_t n) {
                                         math::convert_pixels(pixels + from, n, port.to_input, to + begin);
                                       });
                   float* const unit = scratch_.data() + thread * seen;
                   each_piece(whole, port.seen, change->corner(whole, port.seen, at),
                              [&](std::size_t from, std::size_t begin, std::size_t n) {
                                math::pixels_to_unit(pixels + from, n, port.to_unit, unit + begin);
                              });
                   change->apply(unit, port.seen, at);
                   math::convert_pixels(unit, seen, port.from_unit, to);
                 });
  if (lost >= 0) pictures.refuse(lost);
}

void TableRows::expect(std::span<const std::int64_t> rows) const {
  for (const auto& pictures : pictures_) pictures->expect(rows);
}

bool TableRows::picture(std::int64_t row, std::size_t input, std::vector<std::uint8_t>& pixels,
                        Shape& shape) const {
  const PicturePort& port = picture_ports_[input];
  if (port.table < 0) return false;
  const Pictures& pictures = *pictures_[static_cast<std::size_t>(port.table)];
  shape = port.seen;
  std::vector<std::uint8_t> room(pictures.kept() ? 0 : pictures.size());
  const std::uint8_t* const whole = pictures.at(row, room.data());
  if (whole == nullptr) pictures.refuse(row);
  pixels.resize(shape.elements());
  each_piece(pictures.shape(), shape, PictureChange::middle(pictures.shape(), shape),
             [&](std::size_t from, std::size_t to, std::size_t n) {
               std::copy_n(whole + from, n, pixels.data() + to);
             });
  if (port.white != 255)
    for (std::uint8_t& pixel : pixels)
      pixel = static_cast<std::uint8_t>(std::min(255, (pixel * 255 + port.white / 2) / port.white));
  return true;
}

void TableRows::gather(std::span<const std::int64_t> rows, std::span<const View> inputs,
                       const PictureChange* change) const {
  const auto plans = encoding_->port_plans();
  const auto columns = encoding_->code_columns();
  for (std::size_t p = 0; p < plans.size(); ++p) {
    const View& view = inputs[p];
    if (plans[p].image >= 0) {
      gather_pictures(p, rows, view.reals(), change);
      continue;
    }
    if (plans[p].time > 0) {
      gather_steps(steps_[static_cast<std::size_t>(plans[p].time - 1)], rows, view);
      continue;
    }
    const int width = view.width(), first = plans[p].first_code;
    if (view.port.type == Type::i32) {
      if (width == 1) {
        math::gather_codes(codes_.data() + first, stride_, rows, view.integers());
        continue;
      }
      for (std::size_t r = 0; r < rows.size(); ++r)
        std::copy_n(codes_.data() + rows[r] * stride_ + first, width,
                    view.integers() + static_cast<std::ptrdiff_t>(r) * width);
      continue;
    }
    for (const Run& run : runs_[p])
      math::gather_rows(table_.data() + run.from, table_.width(), rows, run.width, view.reals(), width,
                        run.to);
    int to = static_cast<int>(plans[p].numbers.size());
    for (int c = first; c < first + plans[p].codes; ++c) {
      const int wide = columns[static_cast<std::size_t>(c)].width;
      math::gather_one_hot(codes_.data() + c, stride_, rows, wide, view.reals(), width, to);
      to += wide;
    }
  }
}

void TableRows::classes(std::size_t t, std::span<const std::int64_t> rows, std::int32_t* out) const {
  math::gather_codes(classes_[t].data(), 1, rows, out);
}

void TableRows::values(std::size_t t, std::span<const std::int64_t> rows, Real* out) const {
  for (std::size_t r = 0; r < rows.size(); ++r)
    out[r] = static_cast<Real>(values_[t][static_cast<std::size_t>(rows[r])]);
}

void TableRows::weights(std::span<const std::int64_t> rows, Real* out) const {
  if (weights_.empty()) return Rows::weights(rows, out);
  for (std::size_t r = 0; r < rows.size(); ++r)
    out[r] = static_cast<Real>(weights_[static_cast<std::size_t>(rows[r])]);
}

std::uint64_t TableRows::target_print(std::int64_t row) const {
  const auto r = static_cast<std::size_t>(row);
  std::uint64_t out = 0;
  for (std::size_t t = 0; t < classes_.size(); ++t) {
    if (!classes_[t].empty()) out = mix(out, static_cast<std::uint64_t>(classes_[t][r]));
    if (!values_[t].empty()) out = mix(out, std::bit_cast<std::uint64_t>(values_[t][r]));
  }
  return out;
}

std::uint64_t TableRows::fingerprint(std::int64_t row) const {
  const auto mixed = [](std::uint64_t before, const void* data, std::size_t bytes) {
    return mix(before, hash64({static_cast<const std::byte*>(data), bytes}));
  };
  std::uint64_t out = target_print(row);
  if (table_.width() > 0)
    out = mixed(out, table_.row(row), static_cast<std::size_t>(table_.width()) * sizeof(float));
  if (stride_ > 0)
    out = mixed(out, codes_.data() + row * stride_, static_cast<std::size_t>(stride_) * sizeof(std::int32_t));
  for (const Steps& steps : steps_) {
    const auto from = static_cast<std::size_t>(steps.begins[static_cast<std::size_t>(row)]),
               count = static_cast<std::size_t>(steps.length(row));
    if (!steps.codes.empty()) out = mixed(out, steps.codes.data() + from, count * sizeof(std::int32_t));
    if (!steps.numbers.empty()) out = mixed(out, steps.numbers.data() + from, count * sizeof(float));
  }
  for (const auto& pictures : pictures_) out = mix(out, pictures->print(row));
  return out;
}

void TableRows::short_prints(std::span<const std::int64_t> rows, std::uint64_t* out) const {
  constexpr std::size_t ahead = 24;  // rows; waiting for memory is most of the work
  const std::size_t bytes =
      std::min(std::size_t{16}, static_cast<std::size_t>(table_.width()) * sizeof(float));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::uint64_t words[2] = {};
    if (bytes > 0) {
      if (i + ahead < rows.size()) __builtin_prefetch(table_.row(rows[i + ahead]));
      std::memcpy(words, table_.row(rows[i]), bytes);
    }
    out[i] = mix(target_print(rows[i]), words[0] ^ std::rotl(words[1], 23));
    for (const Steps& steps : steps_) out[i] = mix(out[i], static_cast<std::uint64_t>(steps.length(rows[i])));
    for (const auto& pictures : pictures_) out[i] = mix(out[i], pictures->print(rows[i]));
  }
}

}  // namespace bpnet
