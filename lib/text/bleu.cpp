#include "text/bleu.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <vector>

#include "text/letters.hpp"

namespace bpnet {

namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

bool is_digit_at(const std::string& text, std::size_t i) { return text[i] >= '0' && text[i] <= '9'; }
bool is_stop_at(const std::string& text, std::size_t i) { return text[i] == '.' || text[i] == ','; }

/// ASCII marks but ' , - . always stand alone.
std::string part_marks(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool mark =
        is_mark(static_cast<unsigned char>(c)) && static_cast<unsigned char>(c) < 0x7F && c > ' ';
    const bool alone = mark && c != '\'' && c != ',' && c != '-' && c != '.';
    if (alone) out += ' ';
    out += c;
    if (alone) out += ' ';
  }
  return out;
}

/// Puts blanks into each pair of neighbours that matches; the next pair begins behind it.
template <class Matches, class Write>
std::string part_pairs(const std::string& text, const Matches& matches, const Write& write) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i + 1 < text.size() && matches(i)) {
      write(out, text[i], text[i + 1]);
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

using Counts = std::unordered_map<std::string, std::int64_t>;

Counts ngrams_of(const std::vector<std::string_view>& words, std::size_t n) {
  Counts out;
  for (std::size_t i = 0; i + n <= words.size(); ++i) {
    std::string key;
    for (std::size_t k = 0; k < n; ++k) key.append(words[i + k]).append(" ");
    ++out[key];
  }
  return out;
}

}  // namespace

std::string tokenise_13a(std::string_view from) {
  std::string text(from);
  replace_all(text, "<skipped>", "");
  replace_all(text, "-\n", "");
  replace_all(text, "\n", " ");
  replace_all(text, "&quot;", "\"");
  replace_all(text, "&amp;", "&");
  replace_all(text, "&lt;", "<");
  replace_all(text, "&gt;", ">");
  text = part_marks(" " + text + " ");
  const auto around = [](std::string& out, char first, char second) {
    out.append(1, first).append(" ").append(1, second).append(" ");
  };
  text = part_pairs(
      text, [&](std::size_t i) { return !is_digit_at(text, i) && is_stop_at(text, i + 1); }, around);
  text = part_pairs(
      text, [&](std::size_t i) { return is_stop_at(text, i) && !is_digit_at(text, i + 1); },
      [](std::string& out, char first, char second) {
        out.append(" ").append(1, first).append(" ").append(1, second);
      });
  text = part_pairs(
      text, [&](std::size_t i) { return is_digit_at(text, i) && text[i + 1] == '-'; }, around);
  std::string out;
  for (const std::string_view word : split_at_spaces(text)) (out.empty() ? out : out += ' ') += word;
  return out;
}

void Bleu::add(std::string_view hypothesis, std::span<const std::string> references) {
  const auto stripped = [](std::string_view text) {  // at its end, before "-\n" is looked for
    const auto words = split_at_spaces(text);
    if (words.empty()) return std::string_view();
    return text.substr(0, static_cast<std::size_t>(words.back().data() - text.data()) + words.back().size());
  };
  const std::string said = tokenise_13a(stripped(hypothesis));
  const auto said_words = split_at_spaces(said);
  const auto length = static_cast<std::int64_t>(said_words.size());
  hypothesis_length += length;
  std::int64_t nearest = -1;  // length of a reference, of two as near the shorter
  std::array<Counts, orders> meant;
  for (const std::string& reference : references) {
    const std::string text = tokenise_13a(stripped(reference));
    const auto words = split_at_spaces(text);
    const auto size = static_cast<std::int64_t>(words.size());
    const std::int64_t off = std::abs(length - size), least = std::abs(length - nearest);
    if (nearest < 0 || off < least || (off == least && size < nearest)) nearest = size;
    for (std::size_t n = 1; n <= orders; ++n)
      for (const auto& [ngram, count] : ngrams_of(words, n)) {
        std::int64_t& most = meant[n - 1][ngram];
        most = std::max(most, count);
      }
  }
  reference_length += nearest;
  for (std::size_t n = 1; n <= orders; ++n) {
    const Counts& there = meant[n - 1];
    for (const auto& [ngram, count] : ngrams_of(said_words, n)) {
      total[n - 1] += count;
      if (const auto found = there.find(ngram); found != there.end())
        correct[n - 1] += std::min(count, found->second);
    }
  }
}

void Bleu::merge(const Bleu& other) {
  for (std::size_t n = 0; n < orders; ++n) {
    correct[n] += other.correct[n];
    total[n] += other.total[n];
  }
  hypothesis_length += other.hypothesis_length;
  reference_length += other.reference_length;
}

double Bleu::value() const {
  if (std::all_of(correct.begin(), correct.end(), [](std::int64_t c) { return c == 0; })) return 0;
  double smoothing = 1, logs = 0;
  for (std::size_t n = 0; n < orders; ++n) {
    if (total[n] == 0) return 0;
    const auto all = static_cast<double>(total[n]);
    if (correct[n] == 0) smoothing *= 2;
    logs += std::log(correct[n] == 0 ? 1 / (smoothing * all) : static_cast<double>(correct[n]) / all);
  }
  const double brevity = hypothesis_length < reference_length ? 1 - static_cast<double>(reference_length) /
                                                                        static_cast<double>(hypothesis_length)
                                                              : 0;
  return 100 * std::exp(brevity + logs / orders);
}

}  // namespace bpnet
