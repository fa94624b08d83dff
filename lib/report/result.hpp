#pragma once
// result.json: how a run ended, for programs.

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "train/job.hpp"

namespace bpnet {

/// What only the program knows.
struct ProgramFacts {
  std::string version;
  std::string program_hash;  // XXH3-128 of the executable
  std::string config_hash;   // of the settings file as written
  double started = 0;        // seconds since 1970
  double process_seconds = 0;
};

/// Status (finished, stopped, diverged), overrides, seeds, rows per part, the best evaluation, hashes, times.
nlohmann::ordered_json result_json(const Job& job, const Trainer& trainer, const RunEnd& end,
                                   const ProgramFacts& facts);

}  // namespace bpnet
