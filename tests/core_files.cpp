#include "core/files.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "files_help.hpp"
#include "full_disk.hpp"

using namespace bpnet;
using namespace bpnet::test;

TEST_CASE("a file is read at any offset") {
  const TemporaryFolder folder;
  std::string text(300'000, '.');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + i * i % 23);
  put(folder / "a", text);
  const InputFile file(folder / "a");
  REQUIRE(file.size() == text.size());
  std::string part(1000, ' ');
  for (const std::size_t begin : {std::size_t{0}, std::size_t{12345}, text.size() - 1000}) {
    file.read(begin, part);
    CHECK(part == text.substr(begin, 1000));
  }
  put(folder / "empty", "");
  const InputFile empty(folder / "empty");
  CHECK(empty.size() == 0);
  empty.read(0, {});
}

TEST_CASE("a file that gets shorter while it is read is said in words") {
  const TemporaryFolder folder;
  put(folder / "a", "0123456789");
  const InputFile file(folder / "a");
  std::filesystem::resize_file(folder / "a", 4);
  std::string all(10, ' ');
  const Error error = error_of([&] { file.read(0, all); });
  CHECK(error.fault() == Fault::data);
  CHECK(says(error, "made shorter"));
}

TEST_CASE("what cannot be read is said in words") {
  const TemporaryFolder folder;
  const auto check = [&](const std::filesystem::path& path, const std::string& words) {
    const Error error = error_of([&] { InputFile file(path); });
    CHECK(error.fault() == Fault::missing_input);
    CHECK(says(error, path.string()));
    CHECK_MESSAGE(says(error, words), error.what());
  };
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  check(folder / "none", "No such file");
  check(folder.path(), "a folder, not a file");
  check(folder / "pipe", "not a regular file");
  check("/dev/null", "COMMAND | bpnet predict RUN -");
}

TEST_CASE("read_text reads a whole file up to a limit") {
  const TemporaryFolder folder;
  const std::string text(100'000, 'x');
  put(folder / "a", text);
  CHECK(read_text(folder / "a", 100'000) == text);
  CHECK(error_of([&] { read_text(folder / "a", 99'999); }).fault() == Fault::data);
  CHECK(error_of([&] { read_text(folder / "b", 10); }).fault() == Fault::missing_input);
  CHECK(error_of([&] { read_text(folder.path(), 10); }).fault() == Fault::missing_input);
  CHECK(error_of([&] { read_text("/dev/zero", 1000); }).fault() == Fault::data);
}

TEST_CASE("files are written in parts, replace what was there, and leave nothing else") {
  const TemporaryFolder folder;
  const std::string first = "one ", second = "two";
  const auto bytes = [](const std::string& text) { return std::as_bytes(std::span(text)); };
  write_files(
      std::vector<FileContent>{{folder / "a", {bytes(first), {}, bytes(second)}}, {folder / "b", {}}});
  CHECK(content(folder / "a") == "one two");
  CHECK(content(folder / "b").empty());
  write_file(folder / "a", "three");
  CHECK(content(folder / "a") == "three");
  write_file_unsynced(folder / "a", "four");
  CHECK(content(folder / "a") == "four");
  write_files({});
  CHECK(names(folder.path()) == std::vector<std::string>{"a", "b"});
}

TEST_CASE("of files written together none is placed unless all could be written") {
  const TemporaryFolder folder;
  write_file(folder / "a", "old");
  const std::string small = "new", large(100'000, 'x');
  const std::vector<FileContent> files = {{folder / "a", {std::as_bytes(std::span(small))}},
                                          {folder / "b", {std::as_bytes(std::span(large))}}};
  {
    const FullDisk full(4096);
    CHECK(says(error_of([&] { write_files(files); }), (folder / "b").string()));
  }
  CHECK(content(folder / "a") == "old");
  CHECK(names(folder.path()) == std::vector<std::string>{"a"});
}

TEST_CASE("a file that cannot be written leaves the old one and nothing else") {
  const TemporaryFolder folder;
  write_file(folder / "a", "old");
  const std::string large(100'000, 'x');
  const auto fails = [&](const std::filesystem::path& path, const std::string& words) {
    const Error error = error_of([&] { write_file(path, large); });
    CHECK(error.fault() == Fault::cannot_write);
    CHECK(says(error, path.string()));
    CHECK_MESSAGE(says(error, words), error.what());
  };
  {
    const FullDisk full(4096);
    fails(folder / "a", "File too large");
  }
  CHECK(content(folder / "a") == "old");
  fails(folder.path() / "no" / "a", "No such file");
  std::filesystem::create_directory(folder / "taken");
  fails(folder / "taken", "directory");
  CHECK(names(folder.path()) == std::vector<std::string>{"a", "taken"});
}

TEST_CASE("a new file that is not placed goes away") {
  const TemporaryFolder folder;
  {
    NewFile file(folder / "a");
    const std::string text = "text";
    file.write(std::as_bytes(std::span(text)));
    file.sync();
    CHECK(names(folder.path()).size() == 1);
    CHECK_FALSE(std::filesystem::exists(folder / "a"));
  }
  CHECK(names(folder.path()).empty());
}

TEST_CASE("a growing file appends, and is cut when opened") {
  const TemporaryFolder folder;
  {
    AppendFile file(folder / "log", 0);
    file.append("first\n");
    file.append("second\n");
    CHECK(content(folder / "log") == "first\nsecond\n");
    file.sync();
  }
  {
    AppendFile file(folder / "log", 6);
    CHECK(content(folder / "log") == "first\n");
    file.append("third\n");
  }
  CHECK(content(folder / "log") == "first\nthird\n");
  AppendFile longer(folder / "log", 1000);
  CHECK(content(folder / "log") == "first\nthird\n");
}

TEST_CASE("what a full disk took only in part is taken back") {
  const TemporaryFolder folder;
  AppendFile file(folder / "log", 0);
  file.append("first\n");
  {
    const FullDisk full(10);
    const Error error = error_of([&] { file.append("second\n"); });
    CHECK(error.fault() == Fault::cannot_write);
    CHECK(says(error, (folder / "log").string()));
    CHECK(content(folder / "log") == "first\n");
  }
  file.append("third\n");
  CHECK(content(folder / "log") == "first\nthird\n");
}

TEST_CASE("a lock is held by one, and ends with it") {
  const TemporaryFolder folder;
  {
    const FileLock lock = FileLock::try_lock(folder / "lock");
    REQUIRE(lock);
    lock.write("a longer text");
    lock.write("text");
    CHECK(content(folder / "lock") == "text");
    CHECK_FALSE(FileLock::try_lock(folder / "lock"));
  }
  CHECK(FileLock::try_lock(folder / "lock"));
  CHECK(content(folder / "lock") == "text");
  CHECK(error_of([&] { FileLock::try_lock(folder.path() / "no" / "lock"); }).fault() == Fault::cannot_write);
}

TEST_CASE("a lock ends with a process that is killed") {
  const TemporaryFolder folder;
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const FileLock lock = FileLock::try_lock(folder / "lock");
    const char answer = lock ? 'y' : 'n';
    if (::write(ready[1], &answer, 1) == 1) ::pause();
    ::_exit(1);
  }
  char answer = 0;
  CHECK(::read(ready[0], &answer, 1) == 1);
  CHECK(answer == 'y');
  CHECK_FALSE(FileLock::try_lock(folder / "lock"));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(FileLock::try_lock(folder / "lock"));
  ::close(ready[0]);
  ::close(ready[1]);
}
