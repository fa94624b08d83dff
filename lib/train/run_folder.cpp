#include "train/run_folder.hpp"

#include <algorithm>
#include <system_error>

#include "train/run_files.hpp"

namespace bpnet {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t highest_number = 1'000'000'000;  // above: not one of ours

[[noreturn]] void cannot_make(const fs::path& folder, const std::error_code& why) {
  throw Error(Fault::output_exists, "cannot make the folder '" + folder.string() + "': " + why.message());
}

void make_folders(const fs::path& folder) {
  std::error_code why;
  fs::create_directories(folder, why);
  if (why) cannot_make(folder, why);
}

FileLock lock_in(const fs::path& folder) {
  try {
    return FileLock::try_lock(folder / marker_name);
  } catch (const Error& error) {
    throw Error(Fault::output_exists, error.problems());
  }
}

std::string numbered(const std::string& name, std::int64_t number) {
  const std::string digits = std::to_string(number);
  return name + "-" + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

// Throws if a run cannot be started in a folder with this content.
void check(Content content, const fs::path& folder, RunFolder::IfThere if_there) {
  if (content == Content::run && if_there == RunFolder::IfThere::refuse)
    throw Error(Fault::output_exists, "there is a run in '" + folder.string() + "'",
                {"--resume goes on with it, --force replaces it; or name another folder"});
  if (content != Content::files) return;
  std::string found;
  for (const std::string& name : names_in(folder))
    if (is_run_file(name)) found.append(found.empty() ? "" : ", ").append(name);
  throw Error(
      Fault::output_exists,
      "'" + folder.string() + "' is not a run of bpnet, but a run would write over what is there: " + found,
      {"name another folder"});
}

}  // namespace

RunFolder RunFolder::next(const fs::path& runs, const std::string& name, std::int64_t started) {
  make_folders(runs);
  std::int64_t number = 0;
  for (const std::string& there : names_in(runs))
    if (const std::int64_t n = number_in(there, name + "-", ""); n < highest_number)
      number = std::max(number, n);
  while (true) {
    const fs::path folder = runs / numbered(name, ++number);
    std::error_code why;
    if (!fs::create_directory(folder, why)) {
      if (why && why != std::errc::file_exists) cannot_make(folder, why);
      continue;  // another process was faster
    }
    FileLock lock = FileLock::try_lock(folder / marker_name);
    if (!lock) continue;
    RunFolder run(folder, std::move(lock));
    run.start(started);
    return run;
  }
}

RunFolder RunFolder::at(const fs::path& folder, IfThere if_there, std::int64_t started) {
  make_folders(folder);
  check(content_of(folder), folder, if_there);
  FileLock lock = lock_in(folder);
  if (!lock)
    throw Error(Fault::busy, "another process is training in '" + folder.string() + "'",
                {"wait for it, or name another folder"});
  RunFolder run(folder, std::move(lock));
  const Content content = content_of(folder);  // once more: now nobody else changes it
  check(content, folder, if_there);
  run.resumed_ = content == Content::run && if_there == IfThere::resume;
  if (!run.resumed_) run.start(started);
  return run;
}

void RunFolder::start(std::int64_t started) const {
  for (const std::string& name : names_in(path_)) {
    if (!is_remains(name) && (resumed_ || !is_run_file(name))) continue;
    std::error_code why;
    fs::remove(path_ / name, why);
    if (why)
      throw Error(Fault::cannot_write, "cannot remove '" + (path_ / name).string() + "': " + why.message());
  }
  lock_.write(std::string(stamp_word) + std::to_string(started) + "\n");
}

}  // namespace bpnet
