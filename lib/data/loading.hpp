#pragma once
// The steps from files to a data set; load_dataset runs them in this order.

#include <deque>
#include <map>
#include <memory>

#include "core/hash.hpp"
#include "data/files.hpp"
#include "data/rows.hpp"
#include "data/split.hpp"
#include "data/typing.hpp"

namespace bpnet {

class Loading {
 public:
  Loading(const DataSettings& settings, const DataRequest& request);
  void read();         // reads until the kinds of columns agree with what their cells hold
  void check_cells();  // throws Error(data) with the cells that do not fit their columns
  void drop_texts();   // features that are text, or empty
  void check_uses();   // options that do not fit a column's use
  void read_pictures();
  void split();
  void fit();
  Dataset finish();

 private:
  const Choice* declared(std::size_t c) const { return roles_.declared[c]; }
  const Dialect& dialect() const { return files_.front().file.dialect(); }
  const LabelColumn& labels_of(std::size_t c) const {
    return raw_.labels[static_cast<std::size_t>(plan_.columns[c].slot)];
  }
  const std::vector<double>& exacts_of(std::size_t c) const {
    return raw_.exacts[static_cast<std::size_t>(plan_.columns[c].slot)];
  }
  std::span<const std::int64_t> part(Part p) const { return out_.part(p); }
  bool drops_missing(std::size_t c) const;

  void declare_known();
  void declare_texts();
  void sort_out_texts();
  void drop(std::size_t c);
  std::vector<PictureOrigin> origins_of(std::size_t c) const;
  void take_prints(std::size_t c, std::span<const std::uint64_t> prints);
  void take_part(std::size_t c, const Image& type, ImageCode& code) const;
  void read_picture_files(std::size_t c, const Image& type, ImageCode& code);
  void make_pictures(std::size_t c, const Image& type, ImageCode& code);
  void hand_over_pictures();
  void describe_pictures(const ImageCode& code, std::size_t c, ColumnReport& column) const;
  void check_picture_groups(std::vector<Problem>& problems) const;
  void check_folders();
  void warn_of_lost_classes(std::size_t c);
  std::vector<std::string> ways_to_own_stacks(std::size_t group, std::size_t alone) const;
  void check_idx(std::vector<Problem>& problems) const;

  bool is_text(std::size_t c) const;
  std::shared_ptr<const TokenizerType> tokenizer_of(std::size_t c) const;
  void check_shared_tokenizer() const;
  TextCode text_form(std::size_t c) const;
  std::vector<std::string_view> texts_of(std::size_t c, Part p) const;
  void fit_texts();
  void fit_tags();
  void check_step_labels(const Rows& rows, const std::vector<int>& slots) const;
  void count_told();
  void remark_texts(const TableRows& rows);
  void warn_of_cut_texts(const GroupColumns& group, std::int64_t rows, std::size_t longest);
  void describe_steps(const FeatureColumn& feature, std::size_t c, ColumnReport& column) const;
  std::string beginning_of(std::size_t group) const;
  std::string one_of(const std::string& first, const std::string& second) const;
  void check_step_groups(std::vector<Problem>& problems) const;

  void declare_series();
  void drop_time();
  std::string order_key() const;
  void check_series(std::vector<Problem>& problems) const;
  SeriesCode series_code() const;
  void split_series();
  void warn_of_gaps();
  void append_parts(const Parts& parts);
  std::shared_ptr<const Rows> make_series(std::shared_ptr<const TableRows> rows);

  void plan_reading(const std::vector<ReadColumn::Kind>& kinds);
  std::vector<ColumnUse> uses_of_columns();
  ColumnUse use_of_order(const Facts& facts, std::vector<Problem>& problems) const;
  std::vector<char> told_rows() const;
  std::vector<std::int64_t> usable_rows(Part part);
  std::vector<std::int32_t> strata(std::span<const std::int64_t> rows) const;
  void split_by_column(std::span<const std::int64_t> rows);
  Parts cut(std::span<const std::int64_t> rows, Shares shares) const;
  std::vector<std::int64_t> in_order(std::span<const std::int64_t> rows) const;
  void remark_small_parts();
  void remark_empty_parts();
  void count_days_from_means();
  void keep_offsets();
  std::vector<Moments> moments() const;
  void fit_features();
  void fit_in_order(std::span<const std::size_t> features);
  TargetColumn fit_target(std::size_t c);
  void fit_classes(std::size_t c, TargetColumn& target) const;
  void fit_number(std::size_t c, TargetColumn& target);
  void check_weights();
  double weight_of(std::int64_t row) const;
  Moments weighted_moments(std::size_t c) const;
  void fit_groups();
  void remark_unseen();
  void remark_replacements();
  void remark_replacements(const std::string& name, const Choice& choice);
  void remark_unseen_in(std::size_t c, const Labels& labels, bool target);
  void report();
  void describe(const FeatureColumn& feature, std::size_t c, ColumnReport& column) const;
  void warn(std::string message, std::vector<std::string> help = {});

  DataSettings settings_;
  const DataRequest& request_;
  Choice text_by_cells_;  // of undeclared columns beside declared texts; empty: there are none
  std::deque<DataFile> files_;
  Roles roles_;
  std::vector<std::vector<std::size_t>> groups_;  // columns by group
  std::vector<Source> sources_;
  std::vector<bool> training_sources_;
  std::vector<Guess> guesses_;                                                 // by column of the table
  std::vector<DateForm> forms_;                                                // by column of the table
  std::map<std::size_t, std::function<bool(std::string_view)>> number_lists_;  // by column
  ReadPlan plan_;
  RawTable raw_;
  std::vector<ColumnUse> uses_;
  std::vector<Moments> moments_;  // by column of the table
  std::map<std::size_t, std::string> target_details_;
  std::int64_t dropped_ = 0;                  // rows
  std::map<std::string, std::string> known_;  // columns whose types their files tell, and how
  std::map<std::size_t, std::shared_ptr<const Pictures>> pictures_;  // by column
  std::map<std::size_t, ImageCode> image_codes_;                     // by column
  std::map<const TableFile*, Hash128> prints_;                       // of the pictures that its cells name
  std::vector<char> left_out_;                                       // by row: its picture cannot be read
  std::vector<Series> series_;                                       // until they are made windows
  std::shared_ptr<TableEncoding> encoding_ = std::make_shared<TableEncoding>();
  Dataset out_;
};

/// load_dataset where the target is a text that a stack reads.
Dataset load_told_text(const DataSettings& settings, const DataRequest& request);
void declare_tags(DataSettings& settings, const std::string& target);

}  // namespace bpnet
