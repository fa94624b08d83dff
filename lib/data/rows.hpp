#pragma once
// Rows as they are kept for training: numbers, codes and targets in tables.

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "data/encoding.hpp"
#include "data/float_table.hpp"
#include "data/row_lines.hpp"
#include "data/table_reader.hpp"

namespace bpnet {

/// Where a column of the encoding stands in a raw table: its slot in the numbers, or among the label or exact
/// columns, or the pictures; -1: the files lack it (targets and weight only).
struct Slots {
  std::vector<int> features, targets;
  int weight = -1;
};

/// What rows bring to a port with a time axis: codes or numbers, one row behind the other.
struct Steps {
  std::vector<std::int64_t> begins = {0};  // of each row, and the end
  std::vector<std::int32_t> codes;
  std::vector<float> numbers;
  /// Of each row: what of its cells was not read.
  struct Unread {
    bool cut = false;      // steps behind the most that it may have
    bool unknown = false;  // tokens that the vocabulary lacks
    bool none = false;     // there is nothing to read
  };
  std::vector<Unread> unread;
  int length(std::int64_t row) const {
    const auto r = static_cast<std::size_t>(row);
    return static_cast<int>(begins[r + 1] - begins[r]);
  }
};

class TableRows final : public Rows {
 public:
  /// Takes the raw table over and encodes it in place.
  TableRows(std::shared_ptr<const TableEncoding> encoding, RawTable&& raw, const Slots& slots);

  std::int64_t count() const override { return rows_; }
  const Encoding& encoding() const override { return *encoding_; }
  void gather(std::span<const std::int64_t> rows, std::span<const View> inputs,
              const PictureChange* change = nullptr) const override;
  bool picture(std::int64_t row, std::size_t input, std::vector<std::uint8_t>& pixels,
               Shape& shape) const override;
  void lengths(int time, std::span<const std::int64_t> rows, std::span<int> out) const override;
  bool has_steps(int time, std::int64_t row) const override {
    return !steps(time).unread[static_cast<std::size_t>(row)].none;
  }
  void expect(std::span<const std::int64_t> rows) const override;
  void classes(std::size_t t, std::span<const std::int64_t> rows, std::int32_t* out) const override;
  void values(std::size_t t, std::span<const std::int64_t> rows, Real* out) const override;
  bool weighted() const override { return !weights_.empty(); }
  void weights(std::span<const std::int64_t> rows, Real* out) const override;
  std::string text(std::size_t group, std::int64_t row) const override;
  Place place(std::int64_t row) const override { return lines_.of(row); }
  const Steps& steps(int time) const { return steps_[static_cast<std::size_t>(time - 1)]; }

  /// Hash of all that a row says, inputs and targets.
  std::uint64_t fingerprint(std::int64_t row) const;
  /// Hashes of their targets and first numbers: quick, and rows that differ may share one.
  void short_prints(std::span<const std::int64_t> rows, std::uint64_t* out) const;

 private:
  std::uint64_t target_print(std::int64_t row) const;
  struct Run {  // columns of the table that lie side by side in it and in the port
    int from, width, to;
  };
  void encode_codes(const RawTable& raw, const Slots& slots);
  void encode_numbers(const Slots& slots);
  void encode_curves(const Slots& slots);
  void encode_targets(RawTable&& raw, const Slots& slots);
  void encode_steps(const RawTable& raw, const Slots& slots);
  void keep_texts(RawTable& raw, const Slots& slots);
  void encode_row(const PortPlan& plan, const RawTable& raw, const Slots& slots, std::size_t row,
                  Steps& to) const;
  void gather_steps(const Steps& steps, std::span<const std::int64_t> rows, const View& to) const;
  void plan_runs(const Slots& slots);
  void plan_pictures(const Slots& slots);
  void gather_pictures(std::size_t port, std::span<const std::int64_t> rows, Real* out,
                       const PictureChange* change) const;

  std::shared_ptr<const TableEncoding> encoding_;
  std::int64_t rows_;
  FloatTable table_;
  std::vector<std::int32_t> codes_;  // (rows, code columns)
  int stride_ = 0;
  std::vector<std::vector<Run>> runs_;        // by port
  std::vector<Steps> steps_;                  // by time axis
  std::map<std::size_t, LabelColumn> texts_;  // by feature, where a text is to be told
  std::vector<std::shared_ptr<const Pictures>> pictures_;
  struct PicturePort {
    int table = -1;  // none
    math::ChannelPattern to_input, to_unit, from_unit;
    int white = 255;
    Shape seen;
  };
  std::vector<PicturePort> picture_ports_;          // by port
  mutable std::vector<std::uint8_t> room_;          // a picture for each thread, where they are not kept
  mutable std::vector<float> scratch_;              // a picture for each thread, where pictures are changed
  std::vector<std::vector<std::int32_t>> classes_;  // by target
  std::vector<std::vector<double>> values_;         // by target
  std::vector<double> weights_;                     // empty: each row counts 1
  RowLines lines_;
};

/// How a table was read, to find places of cells in a second reading.
struct ReadAgain {
  const ReadPlan& plan;
  std::vector<int> slots;  // of labels, by feature
  std::function<RawTable(const ReadPlan&)> read;
};

/// Throws Error(data), with places, if a target that has a label for each step has more or fewer of them.
void check_tags(const TableEncoding& encoding, const Rows& rows, std::span<const std::int64_t> which,
                const ReadAgain& again);

}  // namespace bpnet
