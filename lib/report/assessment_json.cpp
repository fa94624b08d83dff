#include "report/assessment_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "report/evaluation_json.hpp"

namespace bpnet {

namespace {

using Json = nlohmann::ordered_json;

/// Counts are whole unless rows have weights.
Json count_json(double x) {
  return x == std::floor(x) && std::abs(x) < 1e15 ? Json(static_cast<std::int64_t>(x)) : json_number(x);
}

Json share_json(double part, double of) { return of > 0 ? json_number(part / of) : Json(); }

Json metrics_json(const std::vector<std::string>& names, const std::vector<double>& values) {
  Json out = Json::object();
  for (std::size_t m = 0; m < names.size(); ++m) out[names[m]] = json_number(values[m]);
  return out;
}

Json confusion_json(const TargetKind& target, const Confusion& confusion) {
  Json out = {{"classes", target.labels}, {"rows", Json::array()}};
  for (int i = 0; i < confusion.classes(); ++i) {
    Json row = Json::array();
    for (int j = 0; j < confusion.classes(); ++j) row.push_back(count_json(confusion.at(i, j)));
    out["rows"].push_back(std::move(row));
  }
  return out;
}

Json classes_json(const TargetKind& target, const Confusion& confusion) {
  Json out = Json::array();
  for (int i = 0; i < confusion.classes(); ++i) {
    const ClassCount count = confusion.count(i);
    out.push_back({{"class", target.labels[static_cast<std::size_t>(i)]},
                   {"rows", count_json(count.actual)},
                   {"recall", share_json(count.correct, count.actual)},
                   {"precision", share_json(count.correct, count.predicted)},
                   {"f1", share_json(2 * count.correct, count.actual + count.predicted)}});
  }
  return out;
}

Json calibration_json(const Calibration& calibration) {
  Json bins = Json::array();
  const auto count = static_cast<double>(calibration.bins().size());
  for (const Calibration::Bin& bin : calibration.bins()) {
    const auto i = static_cast<double>(bins.size());
    bins.push_back({{"from", i / count},
                    {"to", (i + 1) / count},
                    {"rows", count_json(bin.rows)},
                    {"probability", share_json(bin.probability, bin.rows)},
                    {"right", share_json(bin.right, bin.rows)}});
  }
  return {{"expected_calibration_error", json_number(calibration.value())}, {"bins", std::move(bins)}};
}

Json residuals_json(const std::vector<ResidualGroup>& groups) {
  Json out = Json::array();
  for (const ResidualGroup& g : groups)
    out.push_back({{"rows", count_json(g.rows)},
                   {"from", json_number(g.least)},
                   {"to", json_number(g.most)},
                   {"answer", json_number(g.answer)},
                   {"truth", json_number(g.truth)},
                   {"residual", json_number(g.mean)},
                   {"absolute_residual", json_number(g.mean_size)}});
  return out;
}

Json worst_json(const TargetAssessment& target) {
  Json out = Json::array();
  for (const WorstRow& row : target.worst) {
    Json one = {{"file", row.place.file}, {"line", row.place.line}};
    if (target.target.classes) {
      one["truth"] = target.target.labels[static_cast<std::size_t>(row.actual)];
      one["answer"] = target.target.labels[static_cast<std::size_t>(row.named)];
      one["probability_of_truth"] = json_number(row.probability);
    } else {
      one["truth"] = json_number(row.truth);
      one["answer"] = json_number(row.answer);
    }
    one["loss"] = json_number(row.loss);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

Json assessment_json(const Assessment& a) {
  Json out = {{"rows", a.rows},
              {"scored", a.scored},
              {"loss", json_number(a.loss)},
              {"metrics", metrics_json(a.metrics, a.values)}};
  if (a.sources > 0) out["sources"] = a.sources;
  out["interval"] = Json::object();
  for (const TargetAssessment& target : a.targets)
    if (target.interval)
      out["interval"][a.metrics[*target.main]] = {json_number(target.interval->first),
                                                  json_number(target.interval->second)};
  out["baselines"]["guess"] = {{"metrics", metrics_json(a.metrics, a.guess)}};
  if (a.season > 0)
    out["baselines"]["seasonal_naive"] = {{"season", a.season},
                                          {"metrics", metrics_json(a.metrics, a.naive)}};
  out["baselines"]["linear"] = nullptr;
  if (a.linear)
    out["baselines"]["linear"] = {{"loss", json_number(a.linear->loss)},
                                  {"metrics", metrics_json(a.metrics, a.linear->values)}};
  out["residuals_of_every"] = a.kept_every;
  for (const TargetAssessment& target : a.targets) {
    const std::string& name = target.target.name;
    if (target.confusion) {
      out["confusion"][name] = confusion_json(target.target, *target.confusion);
      out["classes"][name] = classes_json(target.target, *target.confusion);
      out["calibration"][name] = calibration_json(target.calibration);
    } else if (!target.target.classes) {
      out["residuals"][name] = residuals_json(target.residuals);
    }
    out["worst"][name] = worst_json(target);
  }
  return out;
}

}  // namespace bpnet
