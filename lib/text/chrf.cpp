#include "text/chrf.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "text/letters.hpp"
#include "text/utf8.hpp"

namespace bpnet {

namespace {

std::u32string without_spaces(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();)
    if (const std::uint32_t letter = read_utf8(text, at); !is_space(letter))
      out += static_cast<char32_t>(letter);
  return out;
}

using NgramCounts = std::unordered_map<std::u32string_view, std::int64_t>;

NgramCounts ngrams_of(std::u32string_view text, std::size_t n) {
  NgramCounts out;
  for (std::size_t i = 0; i + n <= text.size(); ++i) ++out[text.substr(i, n)];
  return out;
}

Chrf beside(const std::u32string& said, const std::u32string& meant) {
  Chrf out;
  for (std::size_t n = 1; n <= Chrf::orders; ++n) {
    const NgramCounts there = ngrams_of(meant, n);
    Chrf::Count& count = out.counts[n - 1];
    for (const auto& [ngram, times] : there) count.reference += times;
    if (there.empty()) continue;
    for (const auto& [ngram, times] : ngrams_of(said, n)) {
      count.hypothesis += times;
      if (const auto found = there.find(ngram); found != there.end())
        count.both += std::min(times, found->second);
    }
  }
  return out;
}

}  // namespace

void Chrf::add(std::string_view hypothesis, std::span<const std::string> references) {
  const std::u32string said = without_spaces(hypothesis);
  Chrf best;
  for (std::size_t r = 0; r < references.size(); ++r)
    if (const Chrf one = beside(said, without_spaces(references[r])); r == 0 || one.value() > best.value())
      best = one;
  merge(best);
}

void Chrf::merge(const Chrf& other) {
  for (std::size_t n = 0; n < orders; ++n) {
    counts[n].hypothesis += other.counts[n].hypothesis;
    counts[n].reference += other.counts[n].reference;
    counts[n].both += other.counts[n].both;
  }
}

double Chrf::value() const {
  double precision = 0, recall = 0;  // sums over the orders that both sides have
  for (const Count& count : counts) {
    if (count.hypothesis == 0 || count.reference == 0) continue;
    precision += static_cast<double>(count.both) / static_cast<double>(count.hypothesis);
    recall += static_cast<double>(count.both) / static_cast<double>(count.reference);
  }
  if (precision + recall == 0) return 0;
  const double used = static_cast<double>(std::count_if(
      counts.begin(), counts.end(), [](const Count& c) { return c.hypothesis > 0 && c.reference > 0; }));
  constexpr double factor = 4;  // beta 2, squared
  return 100 * (1 + factor) * precision * recall / (factor * precision + recall) / used;
}

}  // namespace bpnet
