#pragma once
// Pictures that cannot be read, told with the places of the cells that name them.

#include <functional>

#include "data/faults.hpp"
#include "data/table_reader.hpp"

namespace bpnet {

inline constexpr const char* cannot_be_read = "cannot be read: ";

/// Throws Error(data). `column` is the plan's that has the cells; `read` reads the rows again by another
/// plan. `what`: what the faults tell the reason of. `help`: the way out.
[[noreturn]] void refuse_pictures(const std::vector<PictureFault>& faults, const LabelColumn& cells,
                                  const std::string& name, ReadPlan plan, std::size_t column,
                                  const std::function<RawTable(const ReadPlan&)>& read,
                                  const std::string& what, const std::string& help);

/// Pictures of a column that cannot be read, and the first of them.
struct UnreadPictures {
  std::string column;
  std::int64_t count = 0;
  std::string first, why;
  /// "3 pictures of column 'photo' cannot be read, and <ends>; the first is 'a.png': it is cut short"
  Problem warning(const std::string& ends) const;
};
UnreadPictures unread_pictures(const std::vector<PictureFault>& faults, const LabelColumn& cells,
                               const std::string& name);
inline constexpr const char* rows_left_out = "the rows are left out";

/// Cells of the columns of pixels of one picture: the first is told, and how many there are.
struct PixelCells {
  NotedCells cells;
  std::string column;  // of the first
  void add(const NotedCells& some, const std::string& of, bool quoted = true);
  /// "column 'p1' is a pixel of 'photo'<what>'x'"
  void tell(CellFaults& faults, const std::string& picture, const std::string& what,
            const std::string& help) const;
};
inline constexpr const char* pixel_is_no_number = ", a number, but this cell is ";
inline constexpr const char* mend_pixel = "mend the cell, or leave the row out of the file";

/// What pixels can be at most: shares, four bits or bytes.
double pixels_up_to(double highest);
/// The pixel columns [first, first + count) of a table must hold numbers from 0 to `top`. `plan_column`: the
/// plan's for each. Throws Error(data).
void check_pixels(const RawTable& raw, const ReadPlan& plan, const std::vector<std::size_t>& plan_columns,
                  const std::vector<std::string>& names, const std::string& picture, double top);

}  // namespace bpnet
