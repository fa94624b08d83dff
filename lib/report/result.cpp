#include "report/result.hpp"

#include <nlohmann/json.hpp>

#include "report/evaluation_json.hpp"

namespace bpnet {

namespace {
const char* status_of(Ending ending) {
  switch (ending) {
    case Ending::finished:
    case Ending::early:
    case Ending::max_time:
      return "finished";
    case Ending::interrupted:
      return "stopped";
    case Ending::diverged:
      return "diverged";
  }
  return "";
}

const char* reason_of(Ending ending) {
  switch (ending) {
    case Ending::finished:
      return "all steps done";
    case Ending::early:
      return "early_stopping";
    case Ending::max_time:
      return "max_time";
    case Ending::interrupted:
      return "signal";
    case Ending::diverged:
      return "a loss or gradient is not finite";
  }
  return "";
}
}  // namespace

nlohmann::ordered_json result_json(const Job& job, const Trainer& trainer, const RunEnd& end,
                                   const ProgramFacts& facts) {
  using Json = nlohmann::ordered_json;
  Json out = {{"status", status_of(end.ending)},
              {"reason", reason_of(end.ending)},
              {"name", job.settings.name},
              {"set", job.overrides}};
  out["seeds"] = {{"train", job.settings.train.seed}, {"split", job.settings.data.split.seed}};
  if (const std::string& from = job.settings.train.start_from; !from.empty()) out["start_from"] = from;
  const RunStart& plan = trainer.plan();
  out["rows"] = {{"train", plan.rows[0]},
                 {"validation", plan.rows[1]},
                 {"test", plan.rows[2]},
                 {"without_target", job.dataset.without_target}};
  out["parameters"] = plan.parameters;
  out["step"] = trainer.step();
  out["steps"] = plan.steps;
  if (end.best.step > 0) {
    out["best"] = evaluation_json(end.best);
    for (const char* part : {"validation", "test"})
      if (out["best"].contains(part)) out[part] = out["best"][part];
  }
  for (const Problem& p : end.problems) out["problems"].push_back(render(p));
  Json hashes = {{"data", Json::array()}, {"config", facts.config_hash}, {"program", facts.program_hash}};
  for (const Dataset::File& f : job.dataset.files) {
    hashes["data"].push_back({{"path", f.path}, {"hash", f.hash}});
    if (!f.pictures.empty()) hashes["data"].back()["pictures"] = f.pictures;
  }
  out["hashes"] = std::move(hashes);
  out["version"] = facts.version;
  out["times"] = {{"started", facts.started},
                  {"training_seconds", json_number(end.seconds)},
                  {"process_seconds", facts.process_seconds}};
  return out;
}

}  // namespace bpnet
