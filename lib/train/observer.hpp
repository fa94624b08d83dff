#pragma once
// What the training loop tells those who watch it: console, log.csv, TensorBoard, early stopping.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace bpnet {

/// Loss and metrics on some rows, in the order of the settings. No rows: empty is true.
struct Scores {
  bool empty = true;
  double loss = 0;
  std::vector<std::pair<std::string, double>>
      metrics;  // "accuracy", or "<target>_accuracy" for several targets
};

/// One row of log.csv.
struct Evaluation {
  std::int64_t epoch = 0, step = 0;  // epochs done (from 1), optimizer steps done
  double seconds = 0;  // of training since the start, evaluation included, over all resumed parts
  double learning_rate = 0;
  Scores train, validation, test;
  double gradient_norm = 0;         // mean over the steps since the last evaluation
  std::vector<double> layer_norms;  // of RunStart::layers: of the gradient of the mean loss, not clipped, in
                                    // the last step
  std::uint64_t weights_hash = 0;   // XXH3-64 of the parameters
  bool best = false;                // so far
};

/// Known before the first step.
struct RunStart {
  std::string name;
  std::int64_t epochs = 0, steps = 0, steps_per_epoch = 0;  // planned in all
  std::int64_t first_epoch = 0;                             // done before (resumed)
  bool finished = false;                                    // before: nothing is left to do
  std::int64_t rows[3] = {0, 0, 0};                         // training, validation, test
  std::int64_t parameters = 0;
  std::vector<std::string> metrics;  // main first
  std::vector<std::string> layers;   // paths of those with parameters
  bool has_validation = false, has_test = false;
};

enum class Ending : std::uint8_t { finished, early, max_time, interrupted, diverged };

struct RunEnd {
  Ending ending = Ending::finished;
  int signal = 0;   // interrupted: 2 or 15
  Evaluation best;  // of the model that was saved
  double seconds = 0;
  std::vector<Problem> problems;  // diverged: what, where
};

class Observer {
 public:
  virtual ~Observer() = default;
  virtual void start(const RunStart&) {}
  /// After each optimizer step; steps of this epoch so far.
  virtual void step(std::int64_t /*step*/, std::int64_t /*step_in_epoch*/, std::int64_t /*steps_per_epoch*/) {
  }
  virtual void evaluation(const Evaluation&) {}
  virtual void checkpoint(std::int64_t /*step*/) {}
  virtual void warning(const Problem&) {}
  virtual void end(const RunEnd&) {}
};

}  // namespace bpnet
