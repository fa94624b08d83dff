#include <algorithm>

#include "data/rows.hpp"
#include "math/threads.hpp"

namespace bpnet {

/// Appends what a row brings; without a token or a number one step of 0.
void TableRows::encode_row(const PortPlan& plan, const RawTable& raw, const Slots& slots, std::size_t row,
                           Steps& to) const {
  const GroupColumns& group = encoding_->groups[plan.group];
  const auto cell = [&](std::size_t feature) {
    if (slots.features[feature] < 0) return std::string_view();  // is to be told
    const LabelColumn& column = raw.labels[static_cast<std::size_t>(slots.features[feature])];
    const std::int32_t code = column.codes[row];
    return code < 0 ? std::string_view() : std::string_view(column.texts[static_cast<std::size_t>(code)]);
  };
  Steps::Unread& unread = to.unread.emplace_back();
  if (group.text) {
    const std::size_t begin = to.codes.size();
    for (std::size_t i = 0; i < group.features.size(); ++i) {
      if (i > 0) to.codes.push_back(Tokenizer::end);
      if (!group.text->append(cell(group.features[i]), to.codes)) unread.cut = true;
    }
    unread.unknown = std::find(to.codes.begin() + static_cast<std::ptrdiff_t>(begin), to.codes.end(),
                               Tokenizer::unknown) != to.codes.end();
    unread.none = to.codes.size() == begin;
    if (unread.none) to.codes.push_back(Tokenizer::unknown);
    to.begins.push_back(static_cast<std::int64_t>(to.codes.size()));
    return;
  }
  const std::size_t begin = to.numbers.size();
  const std::size_t feature = group.features.front();
  unread.cut = !encoding_->features[feature].sequence()->append(cell(feature), to.numbers);
  unread.none = to.numbers.size() == begin;
  if (unread.none) to.numbers.push_back(0);
  to.begins.push_back(static_cast<std::int64_t>(to.numbers.size()));
}

void TableRows::encode_steps(const RawTable& raw, const Slots& slots) {
  constexpr std::int64_t tile = 256;
  constexpr double work_of_a_row = 10000;
  const auto tiles = static_cast<std::size_t>((rows_ + tile - 1) / tile);
  for (const PortPlan& plan : encoding_->port_plans()) {
    if (plan.time == 0) continue;
    std::vector<Steps> parts(tiles);
    math::parallel(static_cast<std::ptrdiff_t>(tiles), work_of_a_row * static_cast<double>(rows_),
                   [&](std::ptrdiff_t t) {
                     const std::int64_t end = std::min(rows_, (t + 1) * tile);
                     for (std::int64_t r = t * tile; r < end; ++r)
                       encode_row(plan, raw, slots, static_cast<std::size_t>(r),
                                  parts[static_cast<std::size_t>(t)]);
                   });
    Steps& all = steps_.emplace_back();
    std::size_t codes = 0, numbers = 0;
    for (const Steps& part : parts) {
      codes += part.codes.size();
      numbers += part.numbers.size();
    }
    all.codes.reserve(codes);
    all.numbers.reserve(numbers);
    all.begins.reserve(static_cast<std::size_t>(rows_) + 1);
    for (Steps& part : parts) {
      const std::int64_t before = all.begins.back();
      for (std::size_t i = 1; i < part.begins.size(); ++i) all.begins.push_back(before + part.begins[i]);
      all.codes.insert(all.codes.end(), part.codes.begin(), part.codes.end());
      all.numbers.insert(all.numbers.end(), part.numbers.begin(), part.numbers.end());
      all.unread.insert(all.unread.end(), part.unread.begin(), part.unread.end());
      part = {};
    }
  }
}

/// Only those of whole texts that are compared with what is told.
void TableRows::keep_texts(RawTable& raw, const Slots& slots) {
  const auto is_told = [](const GroupColumns& group) { return group.told && !group.tags; };
  const bool all = std::any_of(encoding_->groups.begin(), encoding_->groups.end(), is_told);
  for (const GroupColumns& group : encoding_->groups)
    for (const std::size_t feature : group.features)
      if (const int slot = slots.features[feature]; group.text && slot >= 0 && (all || group.tags))
        texts_[feature] = std::move(raw.labels[static_cast<std::size_t>(slot)]);
}

std::string TableRows::text(std::size_t group, std::int64_t row) const {
  std::string out;
  for (const std::size_t feature : encoding_->groups[group].features) {
    if (feature != encoding_->groups[group].features.front()) out += '\n';
    const auto column = texts_.find(feature);
    if (column == texts_.end()) continue;
    const std::int32_t code = column->second.codes[static_cast<std::size_t>(row)];
    if (code >= 0) out += column->second.texts[static_cast<std::size_t>(code)];
  }
  return out;
}

void TableRows::lengths(int time, std::span<const std::int64_t> rows, std::span<int> out) const {
  const Steps& steps = steps_[static_cast<std::size_t>(time - 1)];
  for (std::size_t r = 0; r < rows.size(); ++r) out[r] = steps.length(rows[r]);
}

void TableRows::gather_steps(const Steps& steps, std::span<const std::int64_t> rows, const View& to) const {
  const auto copy = [&](const auto* from, auto* out) {
    for (const std::int64_t row : rows) {
      const int count = std::min(steps.length(row), to.steps);
      out = std::copy_n(from + steps.begins[static_cast<std::size_t>(row)], count, out);
      out = std::fill_n(out, to.steps - count, 0);
    }
  };
  if (to.port.type == Type::i32)
    copy(steps.codes.data(), to.integers());
  else
    copy(steps.numbers.data(), to.reals());
}

}  // namespace bpnet
