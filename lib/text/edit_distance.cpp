#include "text/edit_distance.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <unordered_map>
#include <vector>

#include "text/letters.hpp"
#include "text/symbols.hpp"

namespace bpnet {

std::int64_t edit_distance(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
  std::vector<std::int64_t> row(b.size() + 1);  // distances of a's beginning to b's beginnings
  std::iota(row.begin(), row.end(), std::int64_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::int64_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::int64_t replaced = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

void ErrorRate::add(std::span<const std::int32_t> hypothesis, std::span<const std::int32_t> reference) {
  edits += edit_distance(hypothesis, reference);
  length += static_cast<std::int64_t>(reference.size());
}

void ErrorRate::add(std::string_view hypothesis, std::string_view reference, std::string_view separator) {
  std::unordered_map<std::string_view, std::int32_t> numbers;
  const auto numbered = [&](std::string_view text) {
    std::vector<std::int32_t> out;
    const auto take = [&](std::string_view word) {
      out.push_back(numbers.try_emplace(word, static_cast<std::int32_t>(numbers.size())).first->second);
      return true;
    };
    if (separator.empty())
      for (const std::string_view word : split_at_spaces(text)) take(word);
    else
      split_parts(text, separator, take);
    return out;
  };
  add(numbered(hypothesis), numbered(reference));
}

double ErrorRate::value() const {
  if (length == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(edits) / static_cast<double>(length);
}

}  // namespace bpnet
