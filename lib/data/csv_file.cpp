#include "data/csv_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

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
    : path_(path),
      shown_(std::move(shown)),
      map_(open_file(path, shown_)),
      file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  dialect_ = *find_dialect(text(), true, settings, shown_);
}

void CsvFile::read(std::size_t begin, std::size_t end, char* to) const {
  while (begin < end) {
    const ssize_t n = ::pread(file_.number(), to, end - begin, static_cast<off_t>(begin));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0)
      throw Error(Fault::data, "'" + shown_ + "' could not be read to its end; was it changed just now?");
    begin += static_cast<std::size_t>(n);
    to += n;
  }
}

}  // namespace bpnet
