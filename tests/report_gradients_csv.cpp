#include "report/gradients_csv.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "files_help.hpp"

using namespace bpnet;
using namespace bpnet::test;

namespace {

// Rows of epochs first .. last, written by a run that starts at step `done`.
void log(const std::filesystem::path& file, std::int64_t done, std::int64_t first, std::int64_t last) {
  GradientsCsv csv(file, done);
  RunStart run;
  run.layers = {"main.1", "main.a, b"};
  csv.start(run);
  for (std::int64_t epoch = first; epoch <= last; ++epoch) {
    Evaluation e;
    e.epoch = epoch;
    e.step = 8 * epoch;
    e.layer_norms = {1 / static_cast<double>(epoch), std::nan("")};
    csv.evaluation(e);
  }
  csv.sync();
}

}  // namespace

TEST_CASE("gradients.csv has a row for each evaluation, and is cut where a run goes on") {
  const TemporaryFolder folder;
  const auto file = folder / "gradients.csv";
  log(file, 0, 1, 4);
  log(file, 16, 3, 3);
  CHECK(content(file) ==
        "epoch,step,main.1,\"main.a, b\"\n1,8,1,nan\n2,16,0.5,nan\n3,24,0.3333333333333333,nan\n");
}
