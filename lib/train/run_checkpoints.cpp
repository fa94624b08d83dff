// Checkpoints and the result of a run: always a whole one on disk.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

#include "train/run_files.hpp"
#include "train/run_folder.hpp"

namespace bpnet {

namespace fs = std::filesystem;

namespace {

// Numbers of the checkpoints there are, the newest (lowest) first.
std::vector<std::int64_t> numbers_in(const fs::path& folder) {
  std::vector<std::int64_t> numbers;
  for (const std::string& name : names_in(folder))
    if (const std::int64_t n = checkpoint_number(name); n >= 0 && name == checkpoint_name(n))
      numbers.push_back(n);
  std::ranges::sort(numbers);
  return numbers;
}

[[noreturn]] void cannot(const char* what, const fs::path& file, const std::error_code& why) {
  throw Error(Fault::cannot_write,
              std::string("cannot ") + what + " '" + file.string() + "': " + why.message());
}

}  // namespace

void RunFolder::write_checkpoint(std::span<const std::byte> bytes, std::int64_t keep) const {
  NewFile newest(path_ / checkpoint_name(0));
  newest.write(bytes);
  newest.sync();
  // The n-th newest becomes number n, the oldest first, so that none is written over.
  const std::vector<std::int64_t> numbers = numbers_in(path_);
  const auto count = static_cast<std::int64_t>(numbers.size());
  std::error_code why;
  for (std::int64_t n = count; n > 0; --n) {
    const fs::path from = path_ / checkpoint_name(numbers[static_cast<std::size_t>(n - 1)]);
    fs::rename(from, path_ / checkpoint_name(n), why);
    if (why) cannot("rename", from, why);
  }
  newest.place();
  sync_folder(path_);
  for (std::int64_t n = count; n >= std::max<std::int64_t>(1, keep); --n) {
    fs::remove(path_ / checkpoint_name(n), why);
    if (why) cannot("remove", path_ / checkpoint_name(n), why);
  }
}

std::unique_ptr<SafetensorsFile> open_checkpoint(const fs::path& run, std::vector<Problem>& warnings) {
  std::vector<Problem> damaged;
  for (const std::int64_t n : numbers_in(run)) {
    try {
      auto file = std::make_unique<SafetensorsFile>(run / checkpoint_name(n));
      for (Problem& problem : damaged) {
        problem.severity = Severity::warning;
        problem.help = {"going on from the older " + checkpoint_name(n)};
        warnings.push_back(std::move(problem));
      }
      return file;
    } catch (const Error& error) {
      if (error.fault() != Fault::data) throw;
      damaged.insert(damaged.end(), error.problems().begin(), error.problems().end());
    }
  }
  if (damaged.empty()) return nullptr;
  damaged.back().help = {"no checkpoint is whole; --force starts anew"};
  throw Error(Fault::data, std::move(damaged));
}

void RunFolder::write_result(const nlohmann::ordered_json& result) const {
  using nlohmann::ordered_json;
  write_file(path_ / "result.json",
             result.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

void RunFolder::remove_result() const {
  std::error_code why;
  fs::remove(path_ / "result.json", why);
  if (why) cannot("remove", path_ / "result.json", why);
}

}  // namespace bpnet
