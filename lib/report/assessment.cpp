#include "report/assessment.hpp"

#include <algorithm>
#include <cmath>

#include "core/random.hpp"

namespace bpnet {

namespace {

constexpr std::size_t batch_rows = 512;
constexpr int resamples = 1000;

// Answers and truths of one target for all rows, in the column's unit.
struct Collected {
  std::size_t width = 0;
  std::vector<Real> answers;
  std::vector<std::int32_t> classes;
  std::vector<Real> values;

  Judged judged() const {
    Judged out;
    out.width = static_cast<int>(width);
    out.rows = static_cast<int>(answers.size() / width);
    out.answers = answers;
    out.classes = classes;
    out.values = values;
    return out;
  }
};

std::vector<Collected> collect(Learner& learner, const Rows& rows, std::span<const std::int64_t> which) {
  const auto targets = learner.encoding().targets();
  std::vector<Collected> all(targets.size());
  for (std::size_t at = 0; at < which.size(); at += batch_rows) {
    const auto batch = which.subspan(at, std::min(batch_rows, which.size() - at));
    const Inferred inferred = learner.infer(rows, batch);
    for (std::size_t t = 0; t < targets.size(); ++t) {
      Collected& to = all[t];
      to.width = static_cast<std::size_t>(inferred.widths[t]);
      const auto answers = inferred.answers[t].first(batch.size() * to.width);
      to.answers.insert(to.answers.end(), answers.begin(), answers.end());
    }
  }
  for (std::size_t t = 0; t < targets.size(); ++t) {
    if (targets[t].classes) {
      all[t].classes.resize(which.size());
      rows.classes(t, which, all[t].classes.data());
    } else {
      all[t].values.resize(which.size());
      rows.values(t, which, all[t].values.data());
      const TargetScale scale = learner.encoding().scales()[t];
      for (Real& v : all[t].values)
        v = static_cast<Real>(static_cast<double>(v) * scale.deviation + scale.mean);
    }
  }
  return all;
}

std::optional<std::pair<double, double>> bootstrap(const Collected& rows, Tally& tally) {
  const std::size_t n = rows.answers.size() / rows.width;
  if (n < 10 || n > 100000) return std::nullopt;
  const Draw draw = Draw::of(0, stream_of("bootstrap"));
  Collected drawn = rows;
  std::vector<double> values;
  const int times = std::max(100, std::min(resamples, static_cast<int>(20000000 / n)));
  for (int b = 0; b < times; ++b) {
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t j = draw.index(static_cast<std::uint64_t>(b), i * 4, n);
      std::copy_n(&rows.answers[j * rows.width], rows.width, &drawn.answers[i * rows.width]);
      if (!rows.classes.empty())
        drawn.classes[i] = rows.classes[j];
      else
        drawn.values[i] = rows.values[j];
    }
    tally.clear();
    tally.add(drawn.judged());
    if (const double value = tally.value(); std::isfinite(value)) values.push_back(value);
  }
  if (values.size() < 40) return std::nullopt;
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
  };
  return std::pair{at(0.025), at(0.975)};
}

// What answering without a look at the features gives.
Collected guessed(const Collected& rows, const TargetKind& target, const TargetScale& scale) {
  Collected guess = rows;
  double total = 0;
  for (std::int64_t c : target.counts) total += static_cast<double>(c);
  for (std::size_t i = 0; i < guess.answers.size(); ++i)
    guess.answers[i] = target.classes
                           ? static_cast<Real>(static_cast<double>(target.counts[i % rows.width]) / total)
                           : static_cast<Real>(scale.mean);
  return guess;
}

}  // namespace

Assessment assess(Learner& learner, const Rows& rows, std::span<const std::int64_t> which) {
  Assessment out;
  out.rows = static_cast<std::int64_t>(which.size());
  ScoreSums sums = learner.new_sums();
  learner.evaluate(rows, which, static_cast<int>(batch_rows), sums);
  out.loss = sums.loss.weight > 0 ? sums.loss.mean() : std::nan("");
  for (std::size_t m = 0; m < sums.tallies.size(); ++m)
    out.metrics.emplace_back(learner.metric_names()[m].name, sums.tallies[m]->value());

  const auto targets = learner.encoding().targets();
  const std::vector<Collected> all = collect(learner, rows, which);
  for (std::size_t t = 0; t < targets.size(); ++t) {
    out.confusions.emplace_back();
    if (!targets[t].classes) continue;
    out.confusions.back().emplace(targets[t].class_count());
    out.confusions.back()->add(all[t].judged());
  }
  if (sums.tallies.empty()) return out;
  const std::size_t main = learner.metric_names()[0].target;
  out.interval = bootstrap(all[main], *sums.tallies[0]);
  sums.tallies[0]->clear();
  sums.tallies[0]->add(guessed(all[main], targets[main], learner.encoding().scales()[main]).judged());
  out.guess = sums.tallies[0]->value();
  out.guess_name = targets[main].classes ? "majority class" : "mean";
  return out;
}

}  // namespace bpnet
