// Models and checkpoints as files. Both hold named tensors and, in the metadata string `bpnet`, JSON with the
// version, the settings, the encoding and the data files; a checkpoint also flat arrays and the string
// `training`.

#include <nlohmann/json.hpp>

#include "math/product.hpp"
#include "model/model_file.hpp"
#include "train/job.hpp"
#include "train/run_folder.hpp"

namespace bpnet {

namespace {

using nlohmann::json;
constexpr int format_version = 2;

json description(Job& job) {
  json files = json::array();
  for (const Dataset::File& f : job.dataset.files) {
    files.push_back({{"path", f.path}, {"hash", f.hash}});
    if (!f.pictures.empty()) files.back()["pictures"] = f.pictures;
  }
  return {{"version", format_version},
          {"settings", settings_to_json(job.settings)},
          {"encoding", job.dataset.encoding->to_json()},
          {"files", std::move(files)}};
}

// Parsed metadata; every way in which it can be wrong becomes an error that names the file.
json metadata(const SafetensorsFile& file, const char* key) {
  const auto at = file.metadata().find(key);
  if (at == file.metadata().end())
    throw Error(Fault::data, file.path().string() + ": no bpnet model: metadata '" + key + "' is missing");
  json parsed = json::parse(at->second, nullptr, false);
  if (!parsed.is_object())
    throw Error(Fault::data, file.path().string() + ": metadata '" + key + "' is damaged");
  return parsed;
}

std::string tally_tensor(std::size_t tally) { return "training.tally." + std::to_string(tally + 1); }

template <class F>
auto guarded(const SafetensorsFile& file, F f) {
  try {
    return f();
  } catch (const json::exception& error) {
    throw Error(Fault::data, file.path().string() + ": damaged metadata: " + error.what());
  }
}

// Keys whose values differ, the deepest that do.
void differences(const json& a, const json& b, const std::string& path, std::vector<std::string>& out) {
  if (a == b) return;
  if (a.is_object() && b.is_object()) {
    for (const auto& [key, value] : a.items())
      differences(value, b.contains(key) ? b.at(key) : json(), path.empty() ? key : path + "." + key, out);
    for (const auto& [key, value] : b.items())
      if (!a.contains(key)) out.push_back(path.empty() ? key : path + "." + key);
    return;
  }
  out.push_back(path);
}

}  // namespace

void save_model(const std::filesystem::path& file, Job& job, Trainer& trainer) {
  const TensorSet set(job.learner->network(), trainer.best_values(), trainer.best_buffers());
  write_safetensors(file, set.tensors(), {{"format", "pt"}, {"bpnet", description(job).dump()}});
}

std::vector<std::byte> checkpoint_bytes(Job& job, Trainer& trainer) {
  const Network& network = job.learner->network();
  const auto values = network.weights().values;
  TensorSet set(network, values, network.buffer_values());
  const auto arrays = trainer.optimizer_arrays();
  for (std::size_t a = 0; a < arrays.size(); ++a)
    set.add("training.optimizer." + arrays[a],
            trainer.optimizer_state().subspan(a * values.size(), values.size()));
  if (job.settings.train.average) {
    set.add("training.average.values", trainer.average_values());
    set.add("training.average.buffers", trainer.average_buffers());
  }
  if (const auto carried = job.learner->carried(static_cast<int>(trainer.batches().most())); !carried.empty())
    set.add("training.carried", carried);
  for (std::size_t t = 0; t < trainer.tallies().size(); ++t)
    set.add_doubles(tally_tensor(t), trainer.tallies()[t]->state());
  set.add("training.best.values", trainer.best_values());
  set.add("training.best.buffers", trainer.best_buffers());
  return encode_safetensors(
      set.tensors(),
      {{"format", "pt"}, {"bpnet", description(job).dump()}, {"training", trainer.state().dump()}});
}

void load_checkpoint(const SafetensorsFile& file, const Job& job, Trainer& trainer) {
  Network& network = job.learner->network();
  load_tensors(file, network);
  const std::size_t count = network.weights().values.size();
  const auto arrays = trainer.optimizer_arrays();
  for (std::size_t a = 0; a < arrays.size(); ++a)
    load_array(file, "training.optimizer." + arrays[a], trainer.optimizer_state().subspan(a * count, count));
  if (job.settings.train.average) {
    load_array(file, "training.average.values", trainer.average_values());
    load_array(file, "training.average.buffers", trainer.average_buffers());
  }
  if (const auto carried = job.learner->carried(static_cast<int>(trainer.batches().most())); !carried.empty())
    load_array(file, "training.carried", carried);
  for (std::size_t t = 0; t < trainer.tallies().size(); ++t)
    trainer.tallies()[t]->restore(load_doubles(file, tally_tensor(t)));
  load_array(file, "training.best.values", trainer.best_values());
  load_array(file, "training.best.buffers", trainer.best_buffers());
  guarded(file, [&] { trainer.restore(metadata(file, "training")); });
}

std::vector<std::string> changed_settings(const SafetensorsFile& file, Job& job) {
  json before = metadata(file, "bpnet"), now = description(job);
  return guarded(file, [&] {
    std::vector<std::string> out;
    for (const char* key : {"epochs", "steps"}) {
      const json &was = before.at("settings").at("train").at(key),
                 &is = now.at("settings").at("train").at(key);
      if (was.is_number() && is.is_number() && is < was)
        out.push_back(std::string("train.") + key + " (shorter)");
    }
    for (json* side : {&before, &now}) {
      json& settings = side->at("settings");
      settings.erase("name");
      for (const char* key : {"epochs", "steps", "max_time", "checkpoint"}) settings.at("train").erase(key);
    }
    differences(before.at("settings"), now.at("settings"), "", out);
    if (before.at("files") != now.at("files"))
      out.emplace_back("the data files");
    else if (before.at("encoding") != now.at("encoding"))
      out.emplace_back("how the data is read, which another version of bpnet did otherwise");
    return out;
  });
}

std::unique_ptr<Model> load_model(const std::filesystem::path& path) {
  const SafetensorsFile file(path);
  const json about = metadata(file, "bpnet");
  auto model = std::make_unique<Model>();
  guarded(file, [&] {
    if (about.at("version") != format_version)
      throw Error(Fault::data, path.string() + ": written by another version of bpnet (format " +
                                   about.at("version").dump() + ")");
    settings_from_json(model->settings, about.at("settings"));
    model->encoding = Encoding::from_json(about.at("encoding"));
    for (const json& f : about.at("files"))
      model->files.push_back({f.at("path").get<std::string>(), f.at("hash").get<std::string>(),
                              f.value("pictures", std::string())});
  });
  TaskRequest request = task_request(model->settings, {});
  request.trained = true;
  if (precision_problem(model->settings, {}, math::has_bfloat16())) {
    request.precision = Precision::float32;
    model->warnings.push_back(
        {{},
         "this model was trained in bfloat16, which this CPU has not: its answers in float32 differ a little",
         {},
         Severity::warning});
  }
  model->learner = model->settings.task.as<Task>()->learner(request, model->encoding);
  load_tensors(file, model->learner->network());
  return model;
}

}  // namespace bpnet
