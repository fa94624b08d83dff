#include "model/model_memory.hpp"

#include <doctest/doctest.h>

#include "graph_help.hpp"
#include "model/network.hpp"

using namespace bpnet;

namespace {

Network network_of(const std::vector<std::string>& list) { return Network(graph_of(list, 2, {16, 16, 3})); }

}  // namespace

TEST_CASE("a batch that does not fit into memory is told with its size, the largest layer and a way out") {
  Network network = network_of({"reshape: [1, 1, 768]", "upsample: 512", "global_average_pool", "output"});
  const auto problem_of = [&](int rows, Mode mode) {
    try {
      network.run({rows}, mode);
    } catch (const Error& error) {
      CHECK(error.fault() == Fault::configuration);
      return error.problems()[0];
    }
    return Problem{};
  };
  const Problem training = problem_of(4000, Mode::training);
  CHECK(training.message.starts_with("a batch of 4000 rows takes 3"));
  CHECK(training.message.find(" GB of memory, and ") != std::string::npos);
  CHECK(training.message.ends_with(
      " are free; most of it goes to what [upsample] (main.2) puts out, 512x512x768 a row"));
  CHECK(training.help == std::vector<std::string>{"make train.batch_size or the pictures (resize, in their "
                                                  "image column) or this layer smaller"});
  CHECK(problem_of(4000, Mode::inference).help ==
        std::vector<std::string>{"make the pictures (resize, in their image column) or this layer smaller "
                                 "and train again, or take a machine with more memory"});
  CHECK(problem_of(100'000, Mode::training).message ==
        "a batch of 100000 rows is too large: what [upsample] (main.2) puts out, 512x512x768 a row");
}

TEST_CASE("memory is asked for by what is free") {
  CHECK_NOTHROW(demand_memory(1000, "a few numbers take", ""));
  CHECK_THROWS_AS(demand_memory(std::size_t{1} << 60, "many numbers take", ""), Error);
}
