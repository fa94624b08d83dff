// Where bfloat16 is asked for, the CPU must have it.

#include <doctest/doctest.h>

#include "train/job.hpp"

using namespace bpnet;

TEST_CASE("bfloat16 is refused, at its place, on a CPU without it") {
  Settings settings;
  const Bound bound = bind_settings(
      settings, "wine.yaml",
      "data: {file: wine.csv, target: cultivar}\nmodel: [output]\ntrain:\n  precision: bfloat16\n", {});
  CHECK(task_request(settings, bound).precision == Precision::bfloat16);
  CHECK(!precision_problem(settings, bound, true));
  const auto problem = precision_problem(settings, bound, false);
  REQUIRE(problem);
  CHECK(render(*problem) ==
        "wine.yaml:4:14: error: train.precision: bfloat16 needs a CPU with AVX512_BF16, which this one has "
        "not\n"
        "    4 |   precision: bfloat16\n"
        "      |              ^~~~~~~~\n"
        "  say precision: float32, or train on an AMD CPU from Zen 4 on or an Intel Xeon from Sapphire "
        "Rapids on\n");
  settings.train.precision = Precision::float32;
  CHECK(!precision_problem(settings, bound, false));
}
