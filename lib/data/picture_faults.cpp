#include "data/picture_faults.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "data/faults.hpp"
#include "data/words.hpp"

namespace bpnet {

void refuse_pictures(const std::vector<PictureFault>& faults, const LabelColumn& cells,
                     const std::string& name, ReadPlan plan, std::size_t column,
                     const std::function<RawTable(const ReadPlan&)>& read, const std::string& what,
                     const std::string& help) {
  std::unordered_set<std::string_view> texts;
  for (const PictureFault& fault : faults)
    if (const std::int32_t code = cells.codes[static_cast<std::size_t>(fault.row)]; code >= 0)
      texts.insert(cells.texts[static_cast<std::size_t>(code)]);
  const std::function<bool(std::string_view)> good = [&](std::string_view text) {
    return !texts.contains(text);
  };
  plan.columns[column].allowed = &good;
  const RawTable raw = read(plan);
  CellFaults out(raw.lines);
  std::string skipping = help, beginning = "a path in a cell begins at the folder of its file";
  const auto help_once = [&](const std::string& text) {
    std::vector<std::string> ways;
    const auto take = [&](std::string& way) {
      if (!way.empty()) ways.push_back(std::exchange(way, {}));
    };
    take(skipping);
    if (text.find("there is no such file") != std::string::npos) take(beginning);
    return ways;
  };
  const auto fault_of = [&](std::int64_t row) {
    const auto at = std::lower_bound(faults.begin(), faults.end(), row,
                                     [](const PictureFault& f, std::int64_t r) { return f.row < r; });
    return at != faults.end() && at->row == row ? &*at : nullptr;
  };
  for (const auto& findings : raw.findings) {
    NotedCells bad = findings[column].bad;  // one text may be good in one file's folder, bad in another's
    const auto fine = std::erase_if(bad.first, [&](const NotedCell& cell) { return !fault_of(cell.row); });
    bad.count -= static_cast<std::int64_t>(fine);
    for (NotedCell& cell : bad.first)
      cell.text = "picture " + in_quotes(cell.text) + " " + what + fault_of(cell.row)->why;
    out.add(
        bad, name, [](const std::string& text) { return text; }, help_once);
    out.add(
        findings[column].missing, name,
        [&](const std::string& text) {
          return "column '" + name + "' names pictures, but this cell is " + in_quotes(text);
        },
        help_once);
  }
  out.finish();
  throw Error(Fault::data, "pictures of column '" + name + "' changed while they were read");
}

Problem UnreadPictures::warning(const std::string& ends) const {
  Problem out;
  out.severity = Severity::warning;
  out.message = count_of(count, "picture") + " of column '" + column + "' cannot be read, and " + ends +
                "; the first is " + in_quotes(first) + ": " + why;
  return out;
}

UnreadPictures unread_pictures(const std::vector<PictureFault>& faults, const LabelColumn& cells,
                               const std::string& name) {
  const PictureFault& first = faults.front();
  const std::int32_t code = cells.codes[static_cast<std::size_t>(first.row)];
  return {name, static_cast<std::int64_t>(faults.size()),
          code < 0 ? "" : cells.texts[static_cast<std::size_t>(code)], first.why};
}

void PixelCells::add(const NotedCells& some, const std::string& of, bool quoted) {
  if (some.count == 0) return;
  if (cells.first.empty() || some.first[0].row < cells.first[0].row) {
    cells.first = {some.first[0]};
    if (quoted) cells.first[0].text = in_quotes(some.first[0].text);
    column = of;
  }
  cells.count += some.count;
}

void PixelCells::tell(CellFaults& faults, const std::string& picture, const std::string& what,
                      const std::string& help) const {
  faults.add(
      cells, picture,
      [&](const std::string& text) {
        return "column '" + column + "' is a pixel of '" + picture + "'" + what + text;
      },
      [&](const std::string&) { return std::vector<std::string>{help}; });
}

double pixels_up_to(double highest) { return highest <= 1 ? 1 : highest <= 16 ? 16 : 255; }

void check_pixels(const RawTable& raw, const ReadPlan& plan, const std::vector<std::size_t>& plan_columns,
                  const std::vector<std::string>& names, const std::string& picture, double top) {
  CellFaults faults(raw.lines);
  PixelCells outside, missing;
  double highest = 0;
  for (std::size_t i = 0; i < plan_columns.size(); ++i) {
    const std::size_t c = plan_columns[i];
    for (const auto& findings : raw.findings) missing.add(findings[c].missing, names[i]);
    const int slot = plan.columns[c].slot;
    NotedCells cells;
    for (std::int64_t row = 0; row < raw.rows; ++row) {
      const double x = static_cast<double>(raw.numbers.row(row)[slot]);
      if (x < 0 || x > top) cells.add({row, 0, 1, short_number(x)});
      highest = std::max(highest, x);
    }
    outside.add(cells, names[i], false);
  }
  const double factor = pixels_up_to(highest) / top;
  outside.tell(faults, picture, ", from 0 to " + short_number(top) + ", but this row has ",
               factor > 1 ? "pixels of the training rows are from 0 to " + short_number(top) +
                                ": divide these by " + short_number(factor)
                          : "pixels are from 0 to 1, 16 or 255");
  missing.tell(faults, picture, " and may not miss cells, but this one is ",
               "leave the rows of such pictures out of the file");
  faults.finish();
}

}  // namespace bpnet
