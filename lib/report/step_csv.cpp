#include "report/step_csv.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace bpnet {

namespace {

constexpr std::size_t size_limit = std::size_t{1} << 30;

// The second cell of a row; beyond all steps if there is none.
std::int64_t step_of(std::string_view row) {
  std::int64_t step = 0;
  const std::size_t comma = std::min(row.find(','), row.size() - 1);
  const char* end = row.data() + row.size();
  const auto [rest, error] = std::from_chars(row.data() + comma + 1, end, step);
  const bool whole = error == std::errc() && rest != end && *rest == ',';
  return whole ? step : std::numeric_limits<std::int64_t>::max();
}

// Bytes of the header and of the whole rows up to a step.
std::size_t kept_bytes(std::string_view text, std::size_t header, std::int64_t steps_done) {
  std::size_t kept = header;
  while (true) {
    const std::size_t end = text.find('\n', kept);
    if (end == std::string_view::npos || step_of(text.substr(kept, end + 1 - kept)) > steps_done) return kept;
    kept = end + 1;
  }
}

}  // namespace

std::string csv_number(double value) {
  if (std::isnan(value)) return "nan";
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::string csv_quoted(const std::string& name) {
  if (name.find_first_of(",\"\r\n") == std::string::npos) return name;
  std::string out(1, '"');
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

void StepCsv::begin(const std::string& header) {
  std::string before;
  if (steps_done_ > 0 && std::filesystem::exists(path_)) before = read_text(path_, size_limit);
  if (before.empty()) {
    file_.emplace(path_, 0);
    file_->append(header);
    return;
  }
  if (!before.starts_with(header))
    throw Error(Fault::data, "'" + path_.string() + "' has other columns than this run writes",
                {"move it away to go on without its rows"});
  file_.emplace(path_, kept_bytes(before, header.size(), steps_done_));
}

}  // namespace bpnet
