#include "core/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "core/error.hpp"

namespace bpnet {

namespace fs = std::filesystem;

namespace {

std::string system_words(int number) { return std::generic_category().message(number); }

[[noreturn]] void cannot_write(const fs::path& path, int number) {
  throw Error(Fault::cannot_write, "cannot write '" + path.string() + "': " + system_words(number));
}

[[noreturn]] void cannot_read(const fs::path& path, int number) {
  throw Error(Fault::missing_input, "cannot read '" + path.string() + "': " + system_words(number));
}

Descriptor open_to_read(const fs::path& path, int flags) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags));
  if (!file) cannot_read(path, errno);
  return file;
}

// Writes all bytes; returns 0 or the number of the error.
int write_all(int file, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t n = ::write(file, data, size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    data += n;
    size -= static_cast<std::size_t>(n);
  }
  return 0;
}

fs::path temporary_beside(const fs::path& path) {
  return path.parent_path() / ("." + path.filename().string() + "." + std::to_string(::getpid()) + ".tmp");
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

int Descriptor::release() { return std::exchange(number_, -1); }

InputFile::InputFile(fs::path path)
    : path_(std::move(path)),
      file_(open_to_read(path_, O_NONBLOCK)) {  // does not wait for the writer of a pipe
  struct stat info {};
  if (::fstat(file_.number(), &info) != 0) cannot_read(path_, errno);
  const auto refuse = [&](const char* what, std::vector<std::string> help = {}) {
    throw Error(Fault::missing_input, "cannot read '" + path_.string() + "': " + what, std::move(help));
  };
  if (S_ISDIR(info.st_mode)) refuse("it is a folder, not a file");
  if (!S_ISREG(info.st_mode))
    refuse("it is a pipe or a device, not a regular file",
           {"what a command writes is read as -: COMMAND | bpnet predict RUN -, or eval --data -"});
  size_ = static_cast<std::size_t>(info.st_size);
}

void InputFile::read(std::size_t begin, std::span<char> to) const {
  while (!to.empty()) {
    const ssize_t n = ::pread(file_.number(), to.data(), to.size(), static_cast<off_t>(begin));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) cannot_read(path_, errno);
    if (n == 0)
      throw Error(Fault::data,
                  "'" + path_.string() + "' could not be read to its end: it was made shorter just now");
    begin += static_cast<std::size_t>(n);
    to = to.subspan(static_cast<std::size_t>(n));
  }
}

std::string read_text(const fs::path& path, std::size_t limit) {
  const Descriptor file = open_to_read(path, 0);
  std::string text;
  char buffer[16384];
  while (true) {
    const ssize_t n = ::read(file.number(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) cannot_read(path, errno);
    if (n == 0) return text;
    text.append(buffer, static_cast<std::size_t>(n));
    if (text.size() > limit)
      throw Error(Fault::data, "'" + path.string() + "' is larger than " + std::to_string(limit) + " bytes");
  }
}

NewFile::NewFile(fs::path path) : path_(std::move(path)), temporary_(temporary_beside(path_)) {
  file_ = Descriptor(::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file_) cannot_write(path_, errno);
}

NewFile::~NewFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void NewFile::write(std::span<const std::byte> bytes) {
  const int failed = write_all(file_.number(), reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (failed != 0) cannot_write(path_, failed);
}

void NewFile::sync() {
  if (::fsync(file_.number()) != 0) cannot_write(path_, errno);
}

void NewFile::place() {
  if (::close(file_.release()) != 0) cannot_write(path_, errno);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) cannot_write(path_, errno);
  temporary_.clear();
}

void sync_folder(const fs::path& folder) {
  const fs::path path = folder.empty() ? "." : folder;
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file) cannot_write(path, errno);
  // EINVAL: a file system that has no such thing, and orders these changes by itself.
  if (::fsync(file.number()) != 0 && errno != EINVAL) cannot_write(path, errno);
}

void write_files(std::span<const FileContent> files) {
  std::vector<NewFile> fresh;
  for (const FileContent& content : files) {
    NewFile& file = fresh.emplace_back(content.path);
    for (const auto& part : content.parts) file.write(part);
  }
  for (NewFile& file : fresh) file.sync();
  for (NewFile& file : fresh) file.place();
  if (!fresh.empty()) sync_folder(fresh.front().path().parent_path());
}

void write_file(const fs::path& path, std::span<const std::byte> bytes) {
  const FileContent content{path, {bytes}};
  write_files({&content, 1});
}

void write_file(const fs::path& path, std::string_view text) {
  write_file(path, std::as_bytes(std::span(text)));
}

void write_file_unsynced(const fs::path& path, std::string_view text) {
  NewFile file(path);
  file.write(std::as_bytes(std::span(text)));
  file.place();
}

AppendFile::AppendFile(fs::path path, std::size_t keep) : path_(std::move(path)) {
  file_ = Descriptor(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  struct stat info {};
  if (!file_ || ::fstat(file_.number(), &info) != 0) cannot_write(path_, errno);
  const auto size = static_cast<std::size_t>(info.st_size);
  size_ = std::min(size, keep);
  if (size_ < size && ::ftruncate(file_.number(), static_cast<off_t>(size_)) != 0) cannot_write(path_, errno);
}

void AppendFile::append(std::string_view text) {
  const int failed = write_all(file_.number(), text.data(), text.size());
  if (failed != 0) {
    if (::ftruncate(file_.number(), static_cast<off_t>(size_)) != 0) cannot_write(path_, errno);
    cannot_write(path_, failed);
  }
  size_ += text.size();
}

void AppendFile::sync() {
  if (::fsync(file_.number()) != 0) cannot_write(path_, errno);
}

FileLock FileLock::try_lock(const fs::path& path) {
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (!file) cannot_write(path, errno);
  // Other failures: a file system without locks (some of clusters). Training there is still better than not
  // at all.
  if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) file = Descriptor();
  return FileLock(path, std::move(file));
}

void FileLock::write(std::string_view text) const {
  if (::lseek(file_.number(), 0, SEEK_SET) != 0) cannot_write(path_, errno);
  const int failed = write_all(file_.number(), text.data(), text.size());
  if (failed != 0) cannot_write(path_, failed);
  if (::ftruncate(file_.number(), static_cast<off_t>(text.size())) != 0) cannot_write(path_, errno);
}

}  // namespace bpnet
