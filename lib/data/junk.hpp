#pragma once
// Remarks on data that looks wrong: columns that give the answer away, count rows or never change, and rows
// that are in two parts.

#include "data/csv_number.hpp"
#include "data/rows.hpp"
#include "data/select.hpp"
#include "data/typing.hpp"

namespace bpnet {

/// Different values of each column, up to 1000, over all rows.
void count_distinct(const RawTable& raw, const ReadPlan& plan, const std::vector<ColumnUse>& uses,
                    std::vector<ColumnReport>& columns);
/// Features that grow by the same number from each row to the next.
void warn_of_counters(const RawTable& raw, const ReadPlan& plan, const Roles& roles,
                      const std::vector<ColumnUse>& uses, std::vector<Problem>& warnings);
/// Features that are the same in all training rows.
void warn_of_constants(const TableEncoding& encoding, std::span<const Moments> moments, const ReadPlan& plan,
                       const Roles& roles, std::vector<Problem>& warnings);
/// Features that alone give a target: a threshold, a label or a factor is enough. At most 10000 training rows
/// are looked at.
void warn_of_leaks(const RawTable& raw, const ReadPlan& plan, const Roles& roles,
                   std::span<const std::int64_t> training, std::vector<Problem>& warnings);
/// Features and targets that are no numbers though most of their labels are, or look like it: 1,5 or $1,234
/// or 10%.
void warn_of_numbers_as_labels(const RawTable& raw, const ReadPlan& plan, const Roles& roles,
                               const std::vector<ColumnUse>& uses, NumberMarks marks,
                               std::vector<Problem>& warnings);
/// Labels and classes that differ only in capitals, or in blanks before or behind them.
void warn_of_like_labels(const TableEncoding& encoding, std::vector<Problem>& warnings);
/// Test rows that are training rows too, inputs and targets.
void warn_of_shared_rows(const TableRows& rows, const Dataset& parts, std::vector<Problem>& warnings);

}  // namespace bpnet
