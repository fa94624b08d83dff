#pragma once
// Pictures that cannot be read, told with the places of the cells that name them.

#include <functional>

#include "data/table_reader.hpp"

namespace bpnet {

/// Throws Error(data). `column` is the plan's that has the cells; `read` reads the rows again by another
/// plan. `help`: the way out.
[[noreturn]] void refuse_pictures(const std::vector<PictureFault>& faults, const LabelColumn& cells,
                                  const std::string& name, ReadPlan plan, std::size_t column,
                                  const std::function<RawTable(const ReadPlan&)>& read,
                                  const std::string& help);

/// "3 pictures of column 'photo' cannot be read, so their rows are left out; the first: 'a.png': it is ..."
std::string skipped_words(const std::vector<PictureFault>& faults, const LabelColumn& cells,
                          const std::string& name);

/// The pixel columns [first, first + count) of a table must hold numbers from 0 to `top`. `plan_column`: the
/// plan's for each. Throws Error(data).
void check_pixels(const RawTable& raw, const ReadPlan& plan, const std::vector<std::size_t>& plan_columns,
                  const std::vector<std::string>& names, const std::string& picture, double top);

}  // namespace bpnet
