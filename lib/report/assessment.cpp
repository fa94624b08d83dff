#include "report/assessment.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "math/normal_quantile.hpp"
#include "report/bootstrap.hpp"
#include "tasks/rows_at_once.hpp"

namespace bpnet {

namespace {

constexpr std::size_t batch_sequences = 32, worst_rows = 10, worst_mistakes = 36;
std::size_t rows_of(Learner& learner) {
  return static_cast<std::size_t>(rows_at_once(learner.network(), 512));
}
constexpr std::size_t kept_rows = 20'000, kept_answers = 400'000;  // the fewer of the two
constexpr std::size_t kept_sums = 2'000'000;                       // numbers of tallies of samples

/// What is kept of a target's rows.
struct Kept {
  int width = 0;
  double origin = 0;
  std::vector<Real> answers, values, weights;
  std::vector<std::int32_t> classes;

  void add(const Judged& batch, std::size_t row) {
    width = batch.width;
    origin = batch.origin;
    const auto wide = static_cast<std::size_t>(width);
    const auto answer = batch.answers.subspan(row * wide, wide);
    answers.insert(answers.end(), answer.begin(), answer.end());
    if (!batch.classes.empty()) classes.push_back(batch.classes[row]);
    if (!batch.values.empty()) values.push_back(batch.values[row]);
    if (!batch.weights.empty()) weights.push_back(batch.weights[row]);
  }
  Judged judged() const {
    Judged out;
    out.width = width;
    out.rows = static_cast<int>(std::max(classes.size(), values.size()));
    out.answers = answers;
    out.classes = classes;
    out.values = values;
    out.weights = weights;
    out.origin = origin;
    return out;
  }
  std::vector<Answered> answered() const {
    std::vector<Answered> out;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (const Real answer = answers[i * static_cast<std::size_t>(width)];
          std::isfinite(answer) && std::isfinite(values[i]))
        out.push_back(
            {origin + answer, origin + values[i], weights.empty() ? 1 : static_cast<double>(weights[i])});
    return out;
  }
};

/// A heap with the least of the worst in front.
class Worst {
 public:
  explicit Worst(std::size_t most) : most_(most) {}
  void add(const WorstRow& row) {
    if (!(rows_.size() < most_ || worse(row, rows_.front()))) return;
    rows_.push_back(row);
    std::push_heap(rows_.begin(), rows_.end(), worse);
    if (rows_.size() <= most_) return;
    std::pop_heap(rows_.begin(), rows_.end(), worse);
    rows_.pop_back();
  }
  std::vector<WorstRow> sorted() {
    std::sort_heap(rows_.begin(), rows_.end(), worse);
    return rows_;
  }

 private:
  static bool worse(const WorstRow& a, const WorstRow& b) {
    return a.loss != b.loss ? a.loss > b.loss : a.row < b.row;
  }
  std::size_t most_;
  std::vector<WorstRow> rows_;
};

WorstRow told(const Judged& batch, std::size_t row) {
  const auto width = static_cast<std::size_t>(batch.width);
  const auto answer = batch.answers.subspan(row * width, width);
  WorstRow out;
  if (batch.classes.empty()) {
    out.truth = batch.origin + batch.values[row];
    out.answer = batch.origin + answer[0];
  } else {
    out.actual = batch.classes[row];
    out.named = static_cast<std::int32_t>(most_probable(answer));
    out.probability = answer[static_cast<std::size_t>(out.actual)];
    out.probability_named = answer[static_cast<std::size_t>(out.named)];
  }
  return out;
}

/// What a normal distribution answers.
double guess_of(const Answer& answer, double mean, double deviation) {
  if (answer.kind == Answer::Kind::deviation) return deviation;
  if (answer.kind == Answer::Kind::value) return mean;
  return mean + deviation * math::normal_quantile(answer.level);
}

/// Whether a metric is told of a target.
bool tells_of(const MetricName& metric, std::size_t target) {
  return target >= metric.target && target < metric.target + metric.targets;
}

/// Scores every row once.
class Scoring {
 public:
  Scoring(Learner& learner, const Rows& rows, Assessment& out)
      : learner_(learner),
        rows_(rows),
        out_(out),
        sums_(learner.new_sums()),
        guess_(learner.new_sums()),
        naive_(learner.new_sums()),
        kept_(out.targets.size()),
        worst_(out.targets.size(), Worst(worst_rows)),
        mistakes_(out.targets.size(), Worst(worst_mistakes)) {}

  void run(std::span<const std::int64_t> which) {
    std::size_t keep = kept_rows;
    for (const TargetAssessment& target : out_.targets) {
      const std::size_t labels = target.target.labels.size(),
                        sums = out_.of_steps ? sums_.tallies[*target.main]->state().size() : 0;
      keep = std::min(keep, out_.of_steps ? kept_sums / std::max<std::size_t>(1, sums)
                                          : kept_answers / std::max<std::size_t>(1, labels));
    }
    keep = std::max<std::size_t>(1, keep);
    out_.kept_every = std::max<std::size_t>(1, (which.size() + keep - 1) / keep);
    const std::size_t most = out_.of_steps ? batch_sequences : rows_of(learner_);
    std::size_t at = 0;
    for (const auto& batch : learner_.in_batches(which, most)) {
      const Scored scored = learner_.score(rows_, batch, sums_);
      for (std::size_t t = 0; t < out_.targets.size(); ++t) add(t, scored, batch, at);
      if (!out_.of_steps)
        for (std::size_t r = 0; r < batch.size(); ++r)
          out_.scored += std::any_of(scored.judged.begin(), scored.judged.end(), [&](const Judged& judged) {
            return judged.classes.empty() ? !std::isnan(judged.values[r]) : judged.classes[r] >= 0;
          });
      at += batch.size();
    }
    add_texts(which);
    finish();
  }

 private:
  void add(std::size_t t, const Scored& scored, std::span<const std::int64_t> batch, std::size_t at) {
    TargetAssessment& target = out_.targets[t];
    const Judged& judged = scored.judged[t];
    if (target.confusion) {
      target.confusion->add(judged);
      target.calibration.add(judged);
    }
    guess(t, judged);
    season_before(t, judged, batch);
    if (out_.of_steps) return add_samples(judged, batch.size(), at);
    for (std::size_t r = 0; r < batch.size(); ++r) {
      if ((at + r) % out_.kept_every == 0) kept_[t].add(judged, r);
      if (std::isnan(scored.losses[t][r])) continue;
      WorstRow row = told(judged, r);
      row.row = batch[r];
      row.loss = scored.losses[t][r];
      worst_[t].add(row);
      if (row.actual != row.named) mistakes_[t].add(row);
    }
  }

  /// The steps of a row are drawn together: they depend on each other.
  void add_samples(const Judged& judged, std::size_t count, std::size_t at) {
    const std::size_t main = *out_.targets[0].main, steps = static_cast<std::size_t>(judged.rows) / count,
                      width = static_cast<std::size_t>(judged.width);
    if (learner_.metric_names()[main].reads_texts) return;
    for (std::size_t r = 0; r < count; ++r) {
      if ((at + r) % out_.kept_every != 0) continue;
      Judged one = judged;
      one.rows = static_cast<int>(steps);
      one.answers = judged.answers.subspan(r * steps * width, steps * width);
      one.classes = judged.classes.subspan(r * steps, steps);
      samples_.push_back(tally_of_main(one));
    }
  }

  void add_texts(std::span<const std::int64_t> which) {
    const std::vector<Told> told = learner_.judged_texts(rows_, which);
    if (told.empty()) return;
    out_.sources = static_cast<std::int64_t>(told.size());
    Judged judged;
    const auto names = learner_.metric_names();
    judged.texts = told;
    for (std::size_t m = 0; m < names.size(); ++m)
      if (names[m].reads_texts) sums_.tallies[m]->add(judged);
    if (!names[*out_.targets[0].main].reads_texts) return;
    for (const Told& text : told) {
      judged.texts = {&text, 1};
      samples_.push_back(tally_of_main(judged));
    }
  }

  std::unique_ptr<Tally> tally_of_main(const Judged& judged) {
    std::unique_ptr<Tally> tally = std::move(learner_.new_sums().tallies[*out_.targets[0].main]);
    tally->add(judged);
    return tally;
  }

  /// The same answer for every row, learnt without a look at the features.
  void guess(std::size_t t, Judged judged) {
    const TargetKind& kind = out_.targets[t].target;
    const auto width = static_cast<std::size_t>(judged.width);
    const std::vector<double> rows = kind.class_weights();
    const double total = std::accumulate(rows.begin(), rows.end(), 0.0);
    if (kind.classes && total <= 0) return;  // not counted
    guessed_.resize(static_cast<std::size_t>(judged.rows) * width);
    for (std::size_t i = 0; i < guessed_.size(); ++i)
      guessed_[i] = static_cast<Real>(
          kind.classes ? rows[i % width] / total
                       : guess_of(kind.answers[i % width], kind.mean - judged.origin, kind.deviation));
    judged.answers = guessed_;
    add_to(guess_, t, judged);
  }

  /// The seasonal naive forecast, with errors as large as in the training rows and normally distributed.
  void season_before(std::size_t t, Judged judged, std::span<const std::int64_t> batch) {
    const TargetKind& kind = out_.targets[t].target;
    if (kind.seasonal.empty()) return;
    const SeasonalError& by = kind.seasonal.front();
    before_.resize(batch.size());
    if (!rows_.season_before(t, batch, by.season, before_.data())) return;
    out_.season = by.season;
    const double deviation = by.error * std::sqrt(std::numbers::pi / 2);
    const auto width = static_cast<std::size_t>(judged.width);
    guessed_.resize(batch.size() * width);
    values_.assign(judged.values.begin(), judged.values.end());
    for (std::size_t r = 0; r < batch.size(); ++r) {
      if (std::isnan(before_[r])) values_[r] = std::numeric_limits<Real>::quiet_NaN();
      for (std::size_t a = 0; a < width; ++a)
        guessed_[r * width + a] =
            static_cast<Real>(guess_of(kind.answers[a], before_[r] - judged.origin, deviation));
    }
    judged.answers = guessed_;
    judged.values = values_;
    add_to(naive_, t, judged);
  }

  void add_to(ScoreSums& sums, std::size_t t, const Judged& judged) {
    for (std::size_t m = 0; m < sums.tallies.size(); ++m)
      if (tells_of(learner_.metric_names()[m], t)) sums.tallies[m]->add(judged);
  }

  void finish() {
    out_.loss = sums_.loss.weight > 0 ? sums_.loss.mean() : std::nan("");
    for (const auto& tally : sums_.tallies) out_.values.push_back(tally->value());
    for (const auto& tally : guess_.tallies) out_.guess.push_back(tally->value());
    if (out_.season > 0)
      for (const auto& tally : naive_.tallies) out_.naive.push_back(tally->value());
    for (std::size_t t = 0; t < out_.targets.size(); ++t) {
      TargetAssessment& target = out_.targets[t];
      if (target.main && learner_.metric_names()[*target.main].targets == 1)
        target.interval = interval(t, *target.main);
      std::vector<Answered> answered = kept_[t].answered();
      target.residuals = residual_groups(answered);
      target.worst = worst_[t].sorted();
      target.mistakes = mistakes_[t].sorted();
      for (WorstRow& row : target.worst) row.place = rows_.place(row.row);
    }
  }

  std::optional<std::pair<double, double>> interval(std::size_t t, std::size_t main) {
    Tally& tally = *sums_.tallies[main];
    if (!out_.of_steps) return bootstrap(kept_[t].judged(), out_.rows, out_.values[main], tally);
    const bool texts = learner_.metric_names()[main].reads_texts;  // rows that are read alike are one
    return bootstrap(samples_, texts ? static_cast<std::int64_t>(samples_.size()) : out_.rows,
                     out_.values[main], tally);
  }

  Learner& learner_;
  const Rows& rows_;
  Assessment& out_;
  ScoreSums sums_, guess_, naive_;
  std::vector<Kept> kept_;
  std::vector<std::unique_ptr<Tally>> samples_;  // of steps or of texts, of the main metric
  std::vector<Worst> worst_, mistakes_;
  std::vector<Real> guessed_, values_;
  std::vector<double> before_;
};

}  // namespace

Assessment assess(Learner& learner, Learner* linear, const Rows& rows, std::span<const std::int64_t> which) {
  Assessment out;
  out.rows = static_cast<std::int64_t>(which.size());
  out.of_steps = learner.judges_steps();
  out.weighted = rows.weighted();
  for (const MetricName& metric : learner.metric_names()) out.metrics.push_back(metric.name);
  for (const TargetKind& kind : learner.targets()) {
    TargetAssessment target;
    target.target = kind;
    for (std::size_t m = learner.metric_names().size(); m-- > 0;)
      if (learner.metric_names()[m].target == out.targets.size()) target.main = m;
    if (kind.classes && !out.of_steps) target.confusion.emplace(kind.class_count());
    out.targets.push_back(std::move(target));
  }
  Scoring(learner, rows, out).run(which);
  if (out.of_steps) out.scored = out.rows;
  if (!linear) return out;
  ScoreSums sums = linear->new_sums();
  linear->evaluate(rows, which, static_cast<int>(rows_of(*linear)), sums);
  out.linear.emplace();
  out.linear->loss = sums.loss.mean();
  for (const auto& tally : sums.tallies) out.linear->values.push_back(tally->value());
  return out;
}

}  // namespace bpnet
