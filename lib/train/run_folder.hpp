#pragma once
// Run folders: making, finding, locking them, and the checkpoints and results inside.
// A folder is known as a run by its file `.bpnet`, which also says when it was last started and is locked
// while it trains; or, when that got lost in copying, by config.yaml beside log.csv.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/files.hpp"
#include "model/safetensors.hpp"

namespace bpnet {

/// The folder a process trains in, locked as long as this object lives.
class RunFolder {
 public:
  /// What to do if a run is there.
  enum class IfThere : std::uint8_t { refuse, replace, resume };

  /// Makes <runs>/<name>-001, 002, ...: one more than the highest there is, and safe against others who do
  /// the same. `started` is the time in nanoseconds since 1970. Throws Error(cannot_write or output_exists).
  static RunFolder next(const std::filesystem::path& runs, const std::string& name, std::int64_t started);

  /// The folder itself; made if absent, with those above it. `replace` removes the files of the run that is
  /// there and leaves all others. Throws Error(output_exists) if a run is there and should be refused, or
  /// files are there that would be written over but no run, or the folder cannot be made or written;
  /// Error(busy) if another process trains in it.
  static RunFolder at(const std::filesystem::path& folder, IfThere if_there, std::int64_t started);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path file(std::string_view name) const { return path_ / name; }
  /// A run was there before, and is to go on: to be said by go_on() when that is settled.
  bool resumed() const { return resumed_; }
  /// Makes a resumed run the one last started.
  void go_on(std::int64_t started) const { start(started); }

  /// Writes last.safetensors; what was there becomes last-1.safetensors and so on, and those that are more
  /// than `keep` in all are removed once the new one is durable. Throws Error(cannot_write); the older ones
  /// are whole then.
  void write_checkpoint(std::span<const std::byte> bytes, std::int64_t keep) const;

  /// Writes result.json durably.
  void write_result(const nlohmann::ordered_json& result) const;
  /// A run that goes on has no result until it ends again.
  void remove_result() const;

 private:
  RunFolder(std::filesystem::path path, FileLock lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  void start(std::int64_t started) const;
  std::filesystem::path path_;
  FileLock lock_;
  bool resumed_ = false;
};

/// The newest checkpoint of a run that is whole; nullptr if there is none. Damaged newer ones are named in
/// `warnings`; if all are damaged, throws Error(data).
std::unique_ptr<SafetensorsFile> open_checkpoint(const std::filesystem::path& run,
                                                 std::vector<Problem>& warnings);

bool is_run(const std::filesystem::path& folder);

/// Runs in a folder, the one last started first.
std::vector<std::filesystem::path> runs_in(const std::filesystem::path& runs);

/// result.json of a run; null if it is missing or not JSON.
nlohmann::ordered_json read_result(const std::filesystem::path& run);

/// What a RUN argument names.
struct FoundModel {
  std::filesystem::path run;    // empty: a model file outside a run folder
  std::filesystem::path model;  // exists
};

/// `argument`: a run folder or a model file; empty: the newest run in `runs`. Throws Error(missing_input),
/// saying what there is instead.
FoundModel find_model(const std::string& argument, const std::filesystem::path& runs);

}  // namespace bpnet
