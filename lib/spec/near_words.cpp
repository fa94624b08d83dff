#include <algorithm>
#include <limits>
#include <optional>

#include "spec/spec.hpp"
#include "spec/words.hpp"

namespace bpnet {

namespace {

constexpr std::size_t longest = 64;  // longer words are no slips of known ones

std::string plain(std::string_view word) {
  std::string out;
  for (const char c : word) {
    if (c >= 'A' && c <= 'Z')
      out += static_cast<char>(c - 'A' + 'a');
    else
      out += c == '-' || c == ' ' ? '_' : c;
  }
  return out;
}

std::string letters(std::string word) {
  std::erase(word, '_');
  return word;
}

std::vector<std::string> parts(const std::string& word) {
  std::vector<std::string> out(1);
  for (const char c : word) {
    if (c == '_')
      out.emplace_back();
    else
      out.back() += c;
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = std::min(now[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

/// Less is nearer; nothing when the words have nothing to do with one another.
std::optional<double> farness(const std::string& word, const std::string& known) {
  if (letters(word) == letters(known)) return 0;
  if (parts(word) == parts(known)) return 0.5;
  std::optional<double> far;
  const std::size_t allowed = word.size() <= 4 ? 1 : word.size() <= 7 ? 2 : word.size() / 3;
  if (const std::size_t edits = distance(word, known); edits <= allowed && edits < known.size())
    far = static_cast<double>(edits);
  const bool begins = word.size() >= 3 && known.starts_with(word);
  const bool begun = known.size() >= 3 && word.starts_with(known);
  if (begins || begun) far = std::min(far.value_or(1.5), 1.5);
  return far;
}

struct Near {
  double far;
  std::string word;
};
std::vector<Near> all_near(std::string_view word, std::span<const std::string> known) {
  std::vector<Near> near;
  if (word.empty() || word.size() > longest) return near;
  const std::string mine = plain(word);
  for (const std::string& k : known)
    if (const auto far = farness(mine, plain(k))) near.push_back({*far, k});
  std::stable_sort(near.begin(), near.end(), [](const Near& a, const Near& b) { return a.far < b.far; });
  return near;
}

}  // namespace

std::vector<std::string> near_words(std::string_view word, std::span<const std::string> known) {
  std::vector<std::string> out;
  for (Near& near : all_near(word, known)) out.push_back(std::move(near.word));
  return out;
}

namespace spec {

std::vector<std::string> nearest_words(std::string_view word, std::span<const std::string> known) {
  constexpr std::size_t most = 3;
  std::vector<std::string> out;
  const std::vector<Near> near = all_near(word, known);
  for (const Near& n : near)
    if (n.far == near[0].far && out.size() < most) out.push_back(n.word);
  return out;
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) out.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

bool lists_word(std::string_view list, std::string_view word) {
  const std::string mine = letters(plain(word));
  const std::vector<std::string> words = split_words(list);
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& other) { return letters(plain(other)) == mine; });
}

}  // namespace spec

}  // namespace bpnet
