#include "data/csv_file.hpp"

#include "core/error.hpp"

namespace bpnet {

namespace {

MappedFile open_file(const std::filesystem::path& path, const std::string& shown) {
  std::error_code failed;
  if (!std::filesystem::exists(path, failed))
    throw Error(Fault::missing_input, "there is no file '" + shown + "'",
                {"looked for at " + path.lexically_normal().string()});
  return MappedFile(path);
}

}  // namespace

CsvFile::CsvFile(const std::filesystem::path& path, std::string shown, const CsvSettings& settings)
    : path_(path), shown_(std::move(shown)), file_(open_file(path, shown_)) {
  dialect_ = *find_dialect(text(), true, settings, shown_);
}

}  // namespace bpnet
