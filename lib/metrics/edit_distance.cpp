#include <algorithm>
#include <limits>

#include "metrics/tally.hpp"
#include "spec/table.hpp"
#include "text/edit_distance.hpp"
#include "text/utf8.hpp"

namespace bpnet::metric_entries {

namespace {

std::vector<std::int32_t> letters_of(std::string_view text) {
  std::vector<std::int32_t> out;
  for (std::size_t at = 0; at < text.size();) out.push_back(static_cast<std::int32_t>(read_utf8(text, at)));
  return out;
}

struct EditDistanceSums : Mean {
  void add(const Judged& batch) {
    for (const Told& told : batch.texts) {
      double least = std::numeric_limits<double>::infinity();
      for (const std::string& right : told.right)
        least = std::min(least,
                         static_cast<double>(bpnet::edit_distance(letters_of(told.text), letters_of(right))));
      add_row(least, 1);
    }
  }
};

struct EditDistance final : TextMetric {
  bool higher_is_better() const override { return false; }
  std::unique_ptr<Tally> tally(const TargetKind&) const override { return tally_of(EditDistanceSums{}); }
};

}  // namespace

extern const Entry edit_distance = {
    "edit_distance",
    "characters to insert, delete or replace in a text, of the right one nearest to it, in the mean",
    "levenshtein edit_dist CharErrorRate character_error_rate cer",
    "edit_distance",
    "text",
    make<EditDistance>};

}  // namespace bpnet::metric_entries
