#include "data/series_rows.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "data/words.hpp"

namespace bpnet {

SeriesRows::SeriesRows(std::shared_ptr<const TableEncoding> encoding, std::shared_ptr<const TableRows> rows,
                       std::vector<Series> series, bool ends_open)
    : encoding_(std::move(encoding)),
      rows_(std::move(rows)),
      code_(*encoding_->series()),
      series_(std::move(series)),
      width_(static_cast<std::size_t>(encoding_->step_plan().width)) {
  for (const Series& one : series_) {
    begins_.push_back(order_.size());
    order_.insert(order_.end(), one.rows.begin(), one.rows.end());
  }
  begins_.push_back(order_.size());
  encode_steps();
  cut(ends_open);
}

/// All rows as steps, so that a window is so many of them side by side.
void SeriesRows::encode_steps() {
  steps_.resize(order_.size() * width_);
  const StepPlan& plan = encoding_->step_plan();
  View all;
  all.data = reinterpret_cast<std::byte*>(steps_.data());
  all.port.shape = Shape{plan.width};
  all.samples = static_cast<int>(order_.size());
  if (plan.features > 0) rows_->gather(order_, {&all, 1});
  for (std::size_t t = 0; t < plan.past.size(); ++t) encode_past(t, static_cast<std::size_t>(plan.past[t]));
  const auto first_known = width_ - plan.known.size(), ahead = static_cast<std::size_t>(code_.horizon);
  for (std::size_t s = 0; s < series_.size(); ++s)
    for (std::size_t i = begins_[s]; i + ahead < begins_[s + 1]; ++i)
      for (std::size_t k = 0; k < plan.known.size(); ++k)
        steps_[i * width_ + first_known + k] =
            steps_[(i + ahead) * width_ + static_cast<std::size_t>(plan.known[k])];
}

void SeriesRows::encode_past(std::size_t target, std::size_t column) {
  if (encoding_->target_columns[target].classes) {
    std::vector<std::int32_t> classes(order_.size());
    rows_->classes(target, order_, classes.data());
    for (std::size_t i = 0; i < order_.size(); ++i)
      if (classes[i] >= 0) steps_[i * width_ + column + static_cast<std::size_t>(classes[i])] = 1;
    return;
  }
  std::vector<Real> values(order_.size());
  rows_->values(target, order_, values.data());
  for (std::size_t i = 0; i < order_.size(); ++i)
    steps_[i * width_ + column] = std::isnan(values[i]) ? 0 : values[i];
}

void SeriesRows::cut(bool ends_open) {
  const auto window = static_cast<std::size_t>(code_.window), step = static_cast<std::size_t>(code_.step),
             horizon = static_cast<std::size_t>(code_.horizon);
  for (std::uint32_t s = 0; s < series_.size(); ++s) {
    const std::size_t begin = begins_[s];
    std::size_t end = begins_[s + 1];
    if (ends_open && horizon > 0) {
      while (end > begin && !target_in(order_[end - 1])) --end;
      const bool knows = code_.known.empty() || end + horizon <= begins_[s + 1];
      if (end - begin >= window && knows) windows_.push_back({end - window, s});
      continue;
    }
    const std::size_t stride = ends_open ? 1 : step;
    for (std::size_t at = begin; at + window + horizon <= end; at += stride) windows_.push_back({at, s});
  }
}

bool SeriesRows::target_in(std::int64_t row) const {
  for (std::size_t t = 0; t < encoding_->target_columns.size(); ++t) {
    std::int32_t label = -1;
    Real value = 0;
    if (encoding_->target_columns[t].classes)
      rows_->classes(t, {&row, 1}, &label);
    else
      rows_->values(t, {&row, 1}, &value);
    if (encoding_->target_columns[t].classes ? label >= 0 : !std::isnan(value)) return true;
  }
  return false;
}

std::span<const std::int64_t> SeriesRows::steps_of(std::int64_t at) const {
  return std::span(order_).subspan(window(at).begin, static_cast<std::size_t>(code_.window));
}

std::span<const std::int64_t> SeriesRows::told_of(std::int64_t at) const {
  if (code_.horizon == 0) return steps_of(at).last(1);
  const std::size_t first = window(at).begin + static_cast<std::size_t>(code_.window);
  return std::span(order_).subspan(
      first, std::min(static_cast<std::size_t>(code_.horizon), begins_[window(at).series + 1] - first));
}

bool SeriesRows::has_target(std::int64_t at) const {
  const auto told = told_of(at);
  return std::any_of(told.begin(), told.end(), [&](std::int64_t row) { return target_in(row); });
}

const std::string& SeriesRows::series_of(std::int64_t at) const { return series_[window(at).series].name; }

double SeriesRows::time_of(std::int64_t at) const {
  const Window& of = window(at);
  const std::size_t last = of.begin - begins_[of.series] + static_cast<std::size_t>(code_.window) - 1;
  return series_[of.series].times[last];
}

std::optional<double> SeriesRows::time_ahead(std::int64_t at, int steps) const {
  const Window& of = window(at);
  const std::span<const double> times = series_[of.series].times;
  const std::size_t last = of.begin - begins_[of.series] + static_cast<std::size_t>(code_.window) - 1,
                    wanted = last + static_cast<std::size_t>(steps);
  if (wanted < times.size()) return times[wanted];
  return time_behind(code_, times, static_cast<int>(wanted - times.size()) + 1);
}

void SeriesRows::gather(std::span<const std::int64_t> rows, std::span<const View> inputs,
                        const PictureChange*) const {
  assert(inputs.size() == 1);
  const std::size_t size = static_cast<std::size_t>(code_.window) * width_;
  Real* out = inputs[0].reals();
  for (const std::int64_t row : rows)
    out = std::copy_n(steps_.data() + window(row).begin * width_, size, out);
}

void SeriesRows::lengths(int, std::span<const std::int64_t>, std::span<int> out) const {
  std::fill(out.begin(), out.end(), code_.window);
}

std::int64_t SeriesRows::target_row(std::size_t head, std::int64_t at) const {
  const auto told = told_of(at);
  const std::size_t ahead = head % static_cast<std::size_t>(code_.heads());
  return ahead < told.size() ? told[ahead] : -1;
}

void SeriesRows::classes(std::size_t t, std::span<const std::int64_t> rows, std::int32_t* out) const {
  for (const std::int64_t at : rows) {
    const std::int64_t row = target_row(t, at);
    *out = -1;
    if (row >= 0) rows_->classes(t / static_cast<std::size_t>(code_.heads()), {&row, 1}, out);
    ++out;
  }
}

void SeriesRows::values(std::size_t t, std::span<const std::int64_t> rows, Real* out) const {
  for (const std::int64_t at : rows) {
    const std::int64_t row = target_row(t, at);
    *out = std::numeric_limits<Real>::quiet_NaN();
    if (row >= 0) rows_->values(t / static_cast<std::size_t>(code_.heads()), {&row, 1}, out);
    ++out;
  }
}

bool SeriesRows::season_before(std::size_t t, std::span<const std::int64_t> rows, int season,
                               double* out) const {
  const auto heads = static_cast<std::size_t>(code_.heads()), back = static_cast<std::size_t>(season);
  const TargetColumn& target = encoding_->target_columns[t / heads];
  if (code_.horizon == 0 || target.classes) return false;
  const std::size_t ahead = t % heads;
  for (const std::int64_t at : rows) {
    const std::size_t position = window(at).begin + static_cast<std::size_t>(code_.window) + ahead,
                      seasons = ahead / back + 1;  // as many as the window's end is behind
    const std::size_t first = begins_[window(at).series];
    *out = std::numeric_limits<double>::quiet_NaN();
    if (position - first >= seasons * back) {
      Real scaled = 0;
      rows_->values(t / heads, {&order_[position - seasons * back], 1}, &scaled);
      *out = static_cast<double>(scaled) * target.scale.deviation + target.scale.mean;
    }
    ++out;
  }
  return true;
}

void SeriesRows::weights(std::span<const std::int64_t> rows, Real* out) const {
  for (const std::int64_t at : rows) {
    const auto told = told_of(at);
    rows_->weights(told.empty() ? steps_of(at).last(1) : told.first(1), out++);
  }
}

Place SeriesRows::place(std::int64_t at) const {
  const auto told = told_of(at);
  return rows_->place(told.empty() ? steps_of(at).back() : told.front());
}

void make_windows(const std::shared_ptr<const TableEncoding>& encoding, std::shared_ptr<const TableRows> rows,
                  std::vector<Series> series, bool targets_wanted, const std::string& shown, OtherRows& out) {
  const SeriesCode& code = *encoding->series();
  std::vector<std::string> left_out;
  for (const Series& one : series) left_out.push_back(one.name);
  const auto windows =
      std::make_shared<SeriesRows>(encoding, std::move(rows), std::move(series), !targets_wanted);
  for (std::int64_t at = 0; at < windows->count(); ++at) {
    if (at == 0 || &windows->series_of(at) != &windows->series_of(at - 1))
      std::erase(left_out, windows->series_of(at));
    if (!targets_wanted || windows->has_target(at)) out.which.push_back(at);
  }
  const std::string needs =
      targets_wanted && code.horizon > 0
          ? std::to_string(code.span()) + " rows, a window of " + std::to_string(code.window) +
                " and a horizon of " + std::to_string(code.horizon)
          : "a window of " + count_of(code.window, "row") +
                (code.known.empty() ? ""
                                    : ", and behind it " + count_of(code.horizon, "row") +
                                          " without target that say what is known ahead");
  if (out.which.empty())
    throw Error(Fault::data, shown + ": no series has what the model reads: " + needs,
                {"rows are put in order by '" + code.time + "'" +
                 (code.by.empty() ? "" : ", series are told apart by '" + code.by + "'")});
  if (!left_out.empty())
    out.warnings.push_back({{shown, 0, 0, 0, ""},
                            std::to_string(left_out.size()) + " series left out (" +
                                (left_out.size() > 1 ? "first " : "") + in_quotes(left_out.front()) +
                                "), as the model reads " + needs,
                            {},
                            Severity::warning});
  out.rows = windows;
}

}  // namespace bpnet
