#pragma once
// Files read at any offset, and files written so that they are whole or absent.

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bpnet {

/// An open file descriptor, or none (-1); closed at the end.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  int release();

 private:
  int number_ = -1;
};

/// A regular file, open to be read at any offset. Files are never mapped: one that another process makes
/// shorter would then end the program.
class InputFile {
 public:
  /// Throws Error(missing_input) if there is no such file, it cannot be read or is not a regular file.
  explicit InputFile(std::filesystem::path path);
  /// Bytes, when it was opened.
  std::size_t size() const { return size_; }
  /// Copies as many bytes from `begin` on as `to` holds. Throws Error(data) if the file has become shorter.
  void read(std::size_t begin, std::span<char> to) const;

 private:
  std::filesystem::path path_;
  Descriptor file_;
  std::size_t size_ = 0;
};

/// The whole content of a small file (also a pipe). Throws Error(missing_input) like InputFile, and
/// Error(data) if there are more than `limit` bytes.
std::string read_text(const std::filesystem::path& path, std::size_t limit);

/// A file that comes into being all at once: written beside its place under a name of its own, which goes
/// away if place() is never reached. Every member throws Error(cannot_write) with the path and the system's
/// words.
class NewFile {
 public:
  explicit NewFile(std::filesystem::path path);
  NewFile(NewFile&& other) noexcept = default;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();
  const std::filesystem::path& path() const { return path_; }
  void write(std::span<const std::byte> bytes);
  /// The bytes are on disk when this returns (fsync).
  void sync();
  /// Takes its place, instead of a file that may be there (rename). sync_folder() makes that durable.
  void place();

 private:
  std::filesystem::path path_, temporary_;
  Descriptor file_;
};

/// Makes creations, renames and removals in a folder durable. Throws Error(cannot_write).
void sync_folder(const std::filesystem::path& folder);

struct FileContent {
  std::filesystem::path path;
  std::vector<std::span<const std::byte>> parts;  // written one after another
};

/// Writes files of one folder. They are whole and durable when this returns; when it throws
/// Error(cannot_write), each is the one of before or the new one, whole. Writing several at once saves
/// waiting for the disk.
void write_files(std::span<const FileContent> files);
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file(const std::filesystem::path& path, std::string_view text);

/// The same for a file that could be made again: other processes never see a part of it, but a power cut
/// within seconds may lose it.
void write_file_unsynced(const std::filesystem::path& path, std::string_view text);

/// A file that grows at its end: logs. Throws Error(cannot_write).
class AppendFile {
 public:
  /// Opens or creates the file and cuts it to its first `keep` bytes.
  AppendFile(std::filesystem::path path, std::size_t keep);
  /// Hands the text to the system in one write; a part that did not fit is taken back before it throws.
  void append(std::string_view text);
  /// All that was appended is on disk when this returns.
  void sync();

 private:
  std::filesystem::path path_;
  Descriptor file_;
  std::size_t size_ = 0;
};

/// Held by one process at a time, until the end of this object or of the process, however it ends.
class FileLock {
 public:
  /// Locks a file, which is created if absent. Returns a lock that holds nothing if another process has it.
  /// Throws Error(cannot_write) if the file cannot be opened.
  static FileLock try_lock(const std::filesystem::path& path);
  explicit operator bool() const { return static_cast<bool>(file_); }
  /// Replaces the content of the locked file, in place (a file renamed over it would not be locked).
  void write(std::string_view text) const;

 private:
  FileLock(std::filesystem::path path, Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}
  std::filesystem::path path_;
  Descriptor file_;
};

}  // namespace bpnet
