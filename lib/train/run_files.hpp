#pragma once
// What lies in a run folder, by name.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace bpnet {

/// Marks a run folder, says when it was last started ("started NANOSECONDS"), and is locked while it trains.
inline constexpr const char* marker_name = ".bpnet";
inline constexpr std::string_view stamp_word = "started ";

/// Names in a folder, sorted; none if it cannot be listed.
std::vector<std::string> names_in(const std::filesystem::path& folder);

/// N of "<before>N<after>" with N of digits only; -1 if the name is not like that.
std::int64_t number_in(std::string_view name, std::string_view before, std::string_view after);

/// 0 for last.safetensors, N for last-N.safetensors, else -1.
std::int64_t checkpoint_number(std::string_view name);
std::string checkpoint_name(std::int64_t number);

/// A file bpnet writes into a run folder, other than the marker.
bool is_run_file(std::string_view name);

/// What a killed process left of a run file it was writing.
bool is_remains(std::string_view name);

/// free: nothing of bpnet; files: some of a run's names are there, but no sign that bpnet made them.
enum class Content : std::uint8_t { free, files, run };
Content content_of(const std::filesystem::path& folder);

}  // namespace bpnet
