#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "math/softmax.hpp"
#include "math/threads.hpp"
#include "tasks/sequence_to_sequence.hpp"

namespace bpnet {

namespace {

constexpr double never = -std::numeric_limits<double>::infinity();

/// The texts of one sample that are followed, best first.
class Beam {
 public:
  explicit Beam(const Decoding& decoding) : decoding_(decoding), open_(texts(), {never, -1, 0}) {
    open_[0].score = 0;  // all begin alike
  }
  bool done() const { return done_; }

  /// Follows the most probable texts by one token more. `logits`: (beam, width), of each text. Text b is from
  /// now on what text parents[b] was, with tokens[b] behind it. `last`: texts must end here.
  void step(const Real* logits, int width, bool last, int* parents, std::int32_t* tokens) {
    find_best(logits, width, last);
    std::vector<Text> next;
    for (std::size_t c = 0; c < best_.size() && next.size() < texts(); ++c) {
      const Candidate& found = best_[c];
      const Text& from = open_[static_cast<std::size_t>(found.text)];
      if (found.token == Tokenizer::end) {
        // Only what is among the best of the beam counts as an end.
        if (c < texts()) ended_.push_back({found.score, from.link, from.length});
        continue;
      }
      parents[next.size()] = found.text;
      links_.push_back({from.link, found.token});
      next.push_back({found.score, static_cast<int>(links_.size()) - 1, from.length + 1});
    }
    done_ = ended_.size() >= texts() || next.empty() || last;
    next.resize(texts(), {never, -1, 0});
    open_ = std::move(next);
    for (std::size_t t = 0; t < texts(); ++t)
      tokens[t] = open_[t].link < 0 ? Tokenizer::end : links_[static_cast<std::size_t>(open_[t].link)].token;
  }

  std::vector<std::int32_t> best() const {
    const auto found = std::max_element(
        ended_.begin(), ended_.end(), [this](const Text& a, const Text& b) { return ranked(a) < ranked(b); });
    const Text& text = found == ended_.end() ? open_[0] : *found;
    std::vector<std::int32_t> out(static_cast<std::size_t>(text.length));
    int link = text.link;
    for (std::size_t i = out.size(); i-- > 0; link = links_[static_cast<std::size_t>(link)].before)
      out[i] = links_[static_cast<std::size_t>(link)].token;
    return out;
  }

 private:
  struct Link {  // a token, and the one before it in its text
    int before;
    std::int32_t token;
  };
  struct Text {
    double score;  // sum of logarithms of probabilities
    int link;      // of the last token; -1: none yet
    int length;
  };
  struct Candidate {
    double score;
    int text;
    std::int32_t token;
    bool operator<(const Candidate& other) const {  // better ones first
      if (score != other.score) return score > other.score;
      return text != other.text ? text < other.text : token < other.token;
    }
  };

  std::size_t texts() const { return static_cast<std::size_t>(decoding_.beam); }

  // Of all texts with a token more, the best twice as many as are followed: half of them may be ends.
  void find_best(const Real* logits, int width, bool last) {
    const std::size_t kept = 2 * texts();
    best_.clear();
    for (std::size_t t = 0; t < texts(); ++t, logits += width) {
      if (open_[t].score == never) continue;
      const double before = open_[t].score - math::log_sum_exp(logits, width);
      const auto consider = [&](std::int32_t token) {
        const Candidate here{before + static_cast<double>(logits[token]), static_cast<int>(t), token};
        if (best_.size() == kept && !(here < best_.back())) return;
        if (best_.size() == kept) best_.pop_back();
        best_.insert(std::upper_bound(best_.begin(), best_.end(), here), here);
      };
      consider(Tokenizer::end);
      for (std::int32_t token = Tokenizer::first; token < width && !last; ++token) consider(token);
    }
  }

  // The mean logarithm, of shorter texts less strictly the greater the penalty: |Y|^a, as fairseq and others
  // do.
  double ranked(const Text& text) const {
    return text.score / std::pow(static_cast<double>(text.length + 1), decoding_.length_penalty);
  }

  const Decoding& decoding_;
  std::vector<Link> links_;
  std::vector<Text> open_, ended_;
  std::vector<Candidate> best_;
  bool done_ = false;
};

}  // namespace

Run& Decoder::begin(int count, int steps) {
  Run& run = network_.run({count * decoding_.beam, {steps, 1}, decoding_.longest}, Mode::generating);
  run.restart();
  return run;
}

std::vector<std::vector<std::int32_t>> Decoder::search(Run& run, int count) {
  const auto beam = static_cast<std::size_t>(decoding_.beam), samples = static_cast<std::size_t>(count);
  std::vector<Beam> beams(samples, Beam(decoding_));
  std::vector<int> parents(samples * beam);
  // The decoder's input is the one whose axis goes step by step.
  const View* told = nullptr;
  for (const View& input : run.inputs())
    if (input.port.time == 2) told = &input;
  std::fill_n(told->integers(), samples * beam, Tokenizer::begin);
  const auto going = [](const Beam& b) { return !b.done(); };
  for (int step = 0; step < decoding_.longest && std::any_of(beams.begin(), beams.end(), going); ++step) {
    run.forward({});
    const View& out = run.outputs()[0];
    const bool last = step + 1 == decoding_.longest;
    math::parallel(count, 4.0 * static_cast<double>(out.elements()), [&](std::ptrdiff_t i) {
      const auto s = static_cast<std::size_t>(i), first = s * beam;
      std::iota(&parents[first], &parents[first] + beam, 0);
      if (!beams[s].done())
        beams[s].step(out.reals() + first * static_cast<std::size_t>(out.width()), out.width(), last,
                      &parents[first], told->integers() + first);
      for (std::size_t b = first; b < first + beam; ++b) parents[b] += static_cast<int>(first);
    });
    if (beam > 1) run.take_over(parents);
  }
  std::vector<std::vector<std::int32_t>> found;
  found.reserve(beams.size());
  for (const Beam& b : beams) found.push_back(b.best());
  return found;
}

}  // namespace bpnet
