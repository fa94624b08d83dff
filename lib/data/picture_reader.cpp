#include "data/picture_reader.hpp"

#include <algorithm>

namespace bpnet {

PictureReader::PictureReader(const LabelColumn& cells, std::vector<PictureOrigin> origins)
    : codes_(cells.codes), origins_(std::move(origins)) {
  for (std::size_t i = 0; i < cells.texts.size(); ++i) texts_.push_back(cells.texts[i]);
}

const std::string& PictureReader::text(std::int64_t row) const {
  static const std::string missing;
  const std::int32_t code = codes_[static_cast<std::size_t>(row)];
  return code < 0 ? missing : texts_[static_cast<std::size_t>(code)];
}

Picture PictureReader::read(std::int64_t row, std::uint64_t* print) const {
  const std::string& name = text(row);
  if (name.empty()) throw PictureError("the cell is empty");
  const PictureOrigin& from = origin(row);
  if (from.idx && !from.idx->pictures()) throw PictureError("its IDX file holds numbers, no pictures");
  if (from.idx) return from.idx->picture(std::stoll(name) - 1);
  return read_picture(from.folder / name, print);
}

std::string PictureReader::shown(std::int64_t row) const {
  const PictureOrigin& from = origin(row);
  return from.idx ? text(row) : (from.folder / text(row)).lexically_normal().string();
}

const PictureOrigin& PictureReader::origin(std::int64_t row) const {
  const auto after = std::upper_bound(origins_.begin(), origins_.end(), row,
                                      [](std::int64_t r, const PictureOrigin& o) { return r < o.first_row; });
  return *(after - 1);
}

}  // namespace bpnet
