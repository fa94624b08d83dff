#pragma once
// A settings file turned into everything training needs; and models turned into files and back.

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "model/safetensors.hpp"
#include "spec/spec.hpp"
#include "tasks/task.hpp"
#include "train/settings.hpp"
#include "train/trainer.hpp"

namespace bpnet {

struct Job {
  Settings settings;
  Bound bound;
  std::vector<std::string> overrides;
  Dataset dataset;
  std::unique_ptr<Learner> learner;
  std::vector<Problem> warnings;
};

/// What is done with the data beside reading it: training keeps hashes of the files, a check looks for junk
/// in them.
enum class Purpose : std::uint8_t { train, check, time };

/// Reads the settings file, applies overrides ("KEY=VALUE"), reads the data and builds the network. Data
/// paths in `settings` become absolute. Throws Error with places.
std::unique_ptr<Job> make_job(const std::filesystem::path& config, std::vector<std::string> overrides,
                              Purpose purpose);

/// What speaks against train.precision on a CPU that multiplies bfloat16, or does not.
std::optional<Problem> precision_problem(const Settings& settings, const Bound& bound, bool has_bfloat16);

/// What a task asks of settings.
TaskRequest task_request(const Settings& settings, const Bound& bound);

/// A trained model, from a model file (also a checkpoint's). Throws Error(missing_input or data).
struct Model {
  Settings settings;
  std::shared_ptr<const Encoding> encoding;
  std::unique_ptr<Learner> learner;
  std::vector<Dataset::File> files;  // it was trained on
  std::vector<Problem> warnings;
};
std::unique_ptr<Model> load_model(const std::filesystem::path& file);

/// Writes model.safetensors: the best weights of a trainer, with all that is needed to predict.
void save_model(const std::filesystem::path& file, Job& job, Trainer& trainer);
/// A checkpoint: the weights as they are, and all that is needed to go on exactly.
std::vector<std::byte> checkpoint_bytes(Job& job, Trainer& trainer);
/// Goes on from a checkpoint. Throws Error(data) if it does not fit.
void load_checkpoint(const SafetensorsFile& file, const Job& job, Trainer& trainer);
/// Key paths whose settings differ between a checkpoint and a job. Longer epochs, steps and max_time are
/// allowed, as are a name and how often checkpoints are written. A changed data file is told as "data".
std::vector<std::string> changed_settings(const SafetensorsFile& file, Job& job);

}  // namespace bpnet
