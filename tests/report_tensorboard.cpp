#include "report/tensorboard.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "files_help.hpp"
#include "report/tfrecord.hpp"

using namespace bpnet;
using namespace bpnet::test;

namespace {

Scores scores(double loss, double accuracy) { return {false, loss, {{"accuracy", accuracy}}}; }

std::string bytes(int begin, int end, int by) {
  std::string out;
  for (int i = begin; i != end; i += by) out += static_cast<char>(i);
  return out;
}

// The parts of the record that tell which steps an event file follows.
std::string start_record(std::uint64_t step, double time) {
  return tf_record(Message().real(1, time).number(2, step).message(7, Message().number(1, 1)).bytes());
}

}  // namespace

TEST_CASE("crc32c is that of RFC 3720, B.4") {
  CHECK(crc32c("") == 0);
  CHECK(crc32c("123456789") == 0xE3069283u);
  CHECK(crc32c(std::string(32, '\0')) == 0x8A9136AAu);
  CHECK(crc32c(std::string(32, '\xFF')) == 0x62A8AB43u);
  CHECK(crc32c(bytes(0, 32, 1)) == 0x46DD794Eu);
  CHECK(crc32c(bytes(31, -1, -1)) == 0x113FDB5Cu);
}

TEST_CASE("events are those that TensorBoard's own classes write") {
  const TemporaryFolder folder;
  double time = 1000;
  TensorBoard events(folder.path(), 0, [&] { return time; });
  events.start({});
  CHECK(names(folder.path()).empty());
  Evaluation e;
  e.step = 8;
  e.train = scores(1.0412, 0.5);
  e.test = scores(0.9377, 0.639);
  e.learning_rate = 0.003;
  e.gradient_norm = 1.9;
  e.layer_norms = {1.5, 0.25};
  const std::vector<double> times = {1000, 1000.25, 1000.5};
  std::size_t at = 0;
  TensorBoard timed(folder.path(), 0, [&] { return times[at++]; });
  RunStart run;
  run.layers = {"main.1", "main.2"};
  timed.start(run);
  timed.evaluation(e);
  e.step = 1200;
  e.train = scores(HUGE_VAL, 0.25);
  e.test = scores(0.5, 1);
  e.learning_rate = 0.0015;
  e.gradient_norm = 300;
  timed.evaluation(e);
  const auto files = names(folder.path());
  REQUIRE(files.size() == 1);
  CHECK(files[0].starts_with("events.out.tfevents.1000."));
  CHECK(content(folder / files[0]) == content(BPNET_SOURCE "/tests/reference/events.tfevents"));
}

TEST_CASE("a run that goes on writes a second file, which takes back later steps") {
  const TemporaryFolder folder;
  Evaluation e;
  for (const std::int64_t done : {0, 16}) {
    TensorBoard events(folder.path(), done, [] { return 77.5; });
    e.step = done + 8;
    events.evaluation(e);
  }
  const auto files = names(folder.path());
  REQUIRE(files.size() == 2);
  CHECK(files[1] == files[0] + ".1");
  CHECK(content(folder / files[0]).find(start_record(1, 77.5)) != std::string::npos);
  CHECK(content(folder / files[1]).find(start_record(17, 77.5)) != std::string::npos);
}
