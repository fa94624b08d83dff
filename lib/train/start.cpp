#include "train/start.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "train/run_folder.hpp"

namespace bpnet {

namespace {

constexpr std::size_t named = 8;  // of many tensors

std::string list_of(const std::vector<std::string>& names) {
  const std::size_t shown = std::min(named, names.size());
  return fmt::format("{}{}",
                     fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                     names.size() > named ? fmt::format(" and {} more", names.size() - named) : "");
}

bool is_of_ensemble(const std::string& tensor) { return tensor.starts_with("member_"); }

std::string way_out(const TakenTensors& taken) {
  if (taken.unused.empty() && taken.other_shape.empty()) return "the file has no tensors";
  if (!taken.other_shape.empty()) return taken.other_shape[0];
  const std::string &theirs = taken.unused[0], &ours = taken.missing[0];
  const std::string both = fmt::format("its first tensor is {}, the model's {}; ", theirs, ours);
  if (is_of_ensemble(theirs) != is_of_ensemble(ours))
    return both + "both are to be ensembles (train.ensemble), or neither";
  return both + "give the layers the same names and sizes; a stack may be called otherwise";
}

std::size_t wanted(const TakenTensors& taken) {
  return taken.taken.size() + taken.other_shape.size() + taken.missing.size();
}

Problem warning(std::string message, std::vector<std::string> help = {}) {
  return {{}, std::move(message), std::move(help), Severity::warning};
}

/// The tokenizers of an encoding, wherever they stand in it.
void find_tokenizers(const nlohmann::json& of, std::vector<nlohmann::json>& out) {
  if (!of.is_structured()) return;
  for (const auto& [key, value] : of.items())
    if (key == "tokenizer")
      out.push_back(value);
    else
      find_tokenizers(value, out);
}

bool has_other_words(const SafetensorsFile& file, const Encoding& encoding) {
  const auto about = file.metadata().find("bpnet");
  if (about == file.metadata().end()) return false;
  std::vector<nlohmann::json> theirs, ours;
  const auto known = nlohmann::json::parse(about->second, nullptr, false);
  if (known.contains("encoding")) find_tokenizers(known["encoding"], theirs);
  find_tokenizers(encoding.to_json(), ours);
  return !theirs.empty() && !ours.empty() && theirs != ours;
}

}  // namespace

TakenTensors take_start(const Job& job, Trainer& trainer) {
  const std::string& from = job.settings.train.start_from;
  if (from.empty()) return {};
  try {
    const SafetensorsFile file(find_model(from, "runs").model);
    TakenTensors taken = trainer.start_from(file);
    taken.other_words = has_other_words(file, *job.dataset.encoding);
    if (taken.taken.empty())
      throw Error(Fault::configuration,
                  "train.start_from: no tensor of '" + from + "' has a name and shape of this model",
                  {way_out(taken)});
    return taken;
  } catch (const Error& error) {
    std::vector<Problem> problems = error.problems();
    for (Problem& p : problems)
      if (p.place.file.empty()) p.place = job.bound.place_of("train.start_from");
    throw Error(error.fault(), std::move(problems));
  }
}

std::vector<std::string> lines_of(const TakenTensors& taken) {
  if (taken.taken.empty()) return {};
  std::vector<std::string> out = {
      fmt::format("start_from: {} of {} tensors taken", taken.taken.size(), wanted(taken))};
  const auto add = [&](const char* what, const std::vector<std::string>& names) {
    if (!names.empty()) out.push_back(fmt::format("  {}: {}", what, list_of(names)));
  };
  add("stacks of another name", taken.renamed);
  add("of another shape", taken.other_shape);
  add("not in the file", taken.missing);
  add("in the file, not in the model", taken.unused);
  return out;
}

std::vector<Problem> warnings_of(const Job& job, const TakenTensors& taken) {
  if (taken.taken.empty()) return {};
  std::vector<Problem> out;
  // A file of another model gives some tensors by accident.
  if (2 * taken.taken.size() < wanted(taken))
    out.push_back(
        warning(fmt::format("train.start_from gives {} of {} tensors: the others begin with random numbers",
                            taken.taken.size(), wanted(taken))));
  if (taken.other_words)
    out.push_back(
        warning("train.start_from: the tokens of the two models differ, and vectors of tokens are taken by "
                "number: a token may begin as another",
                {"learn both from texts of one kind, or give the layers that know tokens (embedding, output) "
                 "another name"}));
  std::vector<std::string> frozen;
  for (const Segment& s : job.learner->network().weights().segments)
    if (s.frozen && std::find(taken.taken.begin(), taken.taken.end(), s.path) == taken.taken.end())
      frozen.push_back(s.path);
  if (!frozen.empty())
    out.push_back(warning(
        "train.start_from does not give what is frozen, which keeps its random numbers: " + list_of(frozen),
        {"leave freeze out of these layers"}));
  return out;
}

}  // namespace bpnet
