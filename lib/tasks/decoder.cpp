#include <algorithm>
#include <cmath>
#include <limits>

#include "tasks/sequence_to_sequence.hpp"

namespace bpnet {

namespace {

constexpr double never = -std::numeric_limits<double>::infinity();

struct Candidate {
  double score;
  int beam;
  std::int32_t token;
};

bool better(const Candidate& a, const Candidate& b) {
  if (a.score != b.score) return a.score > b.score;
  return a.beam != b.beam ? a.beam < b.beam : a.token < b.token;
}

// Logarithms of the probabilities of a row of logits; what can be no token of a text has none.
void log_softmax(const Real* logits, std::size_t width, std::vector<double>& out) {
  out.resize(width);
  const double most = *std::max_element(logits, logits + width);
  double sum = 0;
  for (std::size_t i = 0; i < width; ++i) sum += std::exp(static_cast<double>(logits[i]) - most);
  const double whole = most + std::log(sum);
  for (std::size_t i = 0; i < width; ++i) out[i] = static_cast<double>(logits[i]) - whole;
  out[Tokenizer::unknown] = out[Tokenizer::begin] = never;
}

}  // namespace

Run& Decoder::begin(int count, int steps) {
  Run& run = network_.run({count * decoding_.beam, {steps, 1}, decoding_.longest}, Mode::generating);
  run.restart();
  return run;
}

// The mean logarithm, of shorter texts less strictly the greater the penalty: |Y|^a, as fairseq and others
// do.
double Decoder::ranked(const Text& text) const {
  return text.score / std::pow(static_cast<double>(text.tokens.size() + 1), decoding_.length_penalty);
}

std::vector<std::vector<std::int32_t>> Decoder::search(Run& run, int count) {
  const auto beams = static_cast<std::size_t>(decoding_.beam), samples = static_cast<std::size_t>(count);
  std::vector<std::vector<Text>> open(samples, std::vector<Text>(beams)), ended(samples);
  for (auto& texts : open)
    for (std::size_t b = 1; b < beams; ++b) texts[b].score = never;  // all begin alike
  std::vector<char> done(samples, 0);
  std::vector<int> parents(samples * beams);
  std::vector<double> logs;
  std::vector<Candidate> candidates;
  // The decoder's input is the one whose axis goes step by step.
  const View* told = nullptr;
  for (const View& input : run.inputs())
    if (input.port.time == 2) told = &input;
  std::fill_n(told->integers(), samples * beams, Tokenizer::begin);
  for (int step = 0; step < decoding_.longest && std::count(done.begin(), done.end(), 0) > 0; ++step) {
    run.forward({});
    const View& out = run.outputs()[0];
    const auto width = static_cast<std::size_t>(out.width());
    for (std::size_t s = 0; s < samples; ++s) {
      std::vector<Text>& texts = open[s];
      for (std::size_t b = 0; b < beams; ++b) parents[s * beams + b] = static_cast<int>(s * beams + b);
      if (done[s]) continue;
      candidates.clear();
      const bool last = step + 1 == decoding_.longest;
      for (std::size_t b = 0; b < beams; ++b) {
        if (texts[b].score == never) continue;
        log_softmax(out.reals() + (s * beams + b) * width, width, logs);
        for (std::size_t t = 0; t < width; ++t) {
          if (last && t != Tokenizer::end) continue;
          candidates.push_back({texts[b].score + logs[t], static_cast<int>(b), static_cast<std::int32_t>(t)});
        }
      }
      const std::size_t kept = std::min(candidates.size(), 2 * beams);
      std::partial_sort(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(kept),
                        candidates.end(), better);
      std::vector<Text> next;
      for (std::size_t c = 0; c < kept && next.size() < beams; ++c) {
        const Text& from = texts[static_cast<std::size_t>(candidates[c].beam)];
        if (candidates[c].token == Tokenizer::end) {
          // Only what is among the best of the beam counts as an end.
          if (c < beams) ended[s].push_back({from.tokens, candidates[c].score});
          continue;
        }
        Text longer = from;
        longer.tokens.push_back(candidates[c].token);
        longer.score = candidates[c].score;
        parents[s * beams + next.size()] = static_cast<int>(s * beams) + candidates[c].beam;
        next.push_back(std::move(longer));
      }
      done[s] = ended[s].size() >= beams || next.empty() || last;
      next.resize(beams, Text{{}, never});
      texts = std::move(next);
      for (std::size_t b = 0; b < beams; ++b)
        told->integers()[s * beams + b] = texts[b].tokens.empty() ? Tokenizer::end : texts[b].tokens.back();
    }
    if (beams > 1) run.take_over(parents);
  }
  std::vector<std::vector<std::int32_t>> out(samples);
  for (std::size_t s = 0; s < samples; ++s) {
    const auto best =
        std::max_element(ended[s].begin(), ended[s].end(),
                         [this](const Text& a, const Text& b) { return ranked(a) < ranked(b); });
    if (best != ended[s].end())
      out[s] = best->tokens;
    else
      out[s] = open[s][0].tokens;
  }
  return out;
}

}  // namespace bpnet
