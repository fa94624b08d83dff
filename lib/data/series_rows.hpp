#pragma once
// Windows of series, each a row.

#include "data/rows.hpp"
#include "data/series.hpp"

namespace bpnet {

/// A window begins at every step-th row of a series that has enough rows behind it. Each of its steps is what
/// the features of a row say, then, where it tells what comes, the targets of that row (0 where missing),
/// then the features that are known ahead as they are `horizon` rows later.
class SeriesRows final : public Rows {
 public:
  /// `rows`: encoded without a look at time. `ends_open`: windows without anything behind them instead, the
  /// last one of each series: behind its last row with a target.
  SeriesRows(std::shared_ptr<const TableEncoding> encoding, std::shared_ptr<const TableRows> rows,
             std::vector<Series> series, bool ends_open = false);
  std::int64_t count() const override { return static_cast<std::int64_t>(windows_.size()); }
  const Encoding& encoding() const override { return *encoding_; }
  /// Rows of a window's steps, and of what it tells, as far as they are there.
  std::span<const std::int64_t> steps_of(std::int64_t window) const;
  std::span<const std::int64_t> told_of(std::int64_t window) const;
  /// True if any of its targets is there.
  bool has_target(std::int64_t window) const;
  const std::string& series_of(std::int64_t window) const;
  /// Of its last step.
  double time_of(std::int64_t window) const;
  /// So many steps behind it: as the file says, or as its steps go on where they are regular.
  std::optional<double> time_ahead(std::int64_t window, int steps) const;

  void gather(std::span<const std::int64_t> rows, std::span<const View> inputs,
              const PictureChange* change = nullptr) const override;
  void lengths(int time, std::span<const std::int64_t> rows, std::span<int> out) const override;
  void classes(std::size_t t, std::span<const std::int64_t> rows, std::int32_t* out) const override;
  void values(std::size_t t, std::span<const std::int64_t> rows, Real* out) const override;
  bool season_before(std::size_t t, std::span<const std::int64_t> rows, int season,
                     double* out) const override;
  bool weighted() const override { return rows_->weighted(); }
  void weights(std::span<const std::int64_t> rows, Real* out) const override;
  Place place(std::int64_t row) const override;

 private:
  struct Window {
    std::size_t begin;  // in order_
    std::uint32_t series;
  };
  void encode_steps();
  void encode_past(std::size_t target, std::size_t column);
  void cut(bool ends_open);
  bool target_in(std::int64_t row) const;
  const Window& window(std::int64_t at) const { return windows_[static_cast<std::size_t>(at)]; }
  /// Row of order_ with the target of a head, -1: behind the end.
  std::int64_t target_row(std::size_t head, std::int64_t window) const;

  std::shared_ptr<const TableEncoding> encoding_;
  std::shared_ptr<const TableRows> rows_;
  const SeriesCode& code_;
  std::vector<Series> series_;
  std::vector<std::size_t> begins_;  // of each series in order_, and the end
  std::vector<std::int64_t> order_;  // rows, one series behind the other
  std::vector<Real> steps_;          // (order_, width)
  std::size_t width_;
  std::vector<Window> windows_;
};

/// The encoding as it reads rows before they become windows is TableRows'; these are windows of them. Of
/// other files: throws Error(data) if no series is long enough, and warns of those that are too short.
struct OtherRows;
void make_windows(const std::shared_ptr<const TableEncoding>& encoding, std::shared_ptr<const TableRows> rows,
                  std::vector<Series> series, bool targets_wanted, const std::string& shown, OtherRows& out);

}  // namespace bpnet
