#include "train/run_folder.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "files_help.hpp"
#include "full_disk.hpp"

using namespace bpnet;
using namespace bpnet::test;
using If = RunFolder::IfThere;
namespace fs = std::filesystem;

namespace {

// What a run leaves behind.
void fill(const RunFolder& run) {
  put(run.file("config.yaml"), "name: x\n");
  put(run.file("log.csv"), "epoch,step,seconds,learning_rate\n");
  put(run.file("model.safetensors"), "model");
}

fs::path finished_run(const fs::path& runs, const std::string& name, std::int64_t started) {
  const RunFolder run = RunFolder::next(runs, name, started);
  fill(run);
  return run.path();
}

std::vector<std::byte> checkpoint(int number) {
  const std::vector<std::int32_t> value = {number};
  return encode_safetensors(std::vector{Tensor{"n", Dtype::i32, {1}, std::as_bytes(std::span(value))}}, {});
}

int number_of(const SafetensorsFile& file) {
  std::int32_t value = -1;
  std::memcpy(&value, file.find("n")->bytes.data(), sizeof value);
  return value;
}

int newest(const fs::path& run, std::vector<Problem>& warnings) {
  const auto file = open_checkpoint(run, warnings);
  REQUIRE(file != nullptr);
  return number_of(*file);
}

}  // namespace

TEST_CASE("runs are numbered, one more than the highest there is") {
  const TemporaryFolder folder;
  const fs::path runs = folder / "runs";
  CHECK(finished_run(runs, "wine", 1).filename() == "wine-001");
  CHECK(finished_run(runs, "wine", 2).filename() == "wine-002");
  CHECK(finished_run(runs, "wine-red", 3).filename() == "wine-red-001");
  CHECK(finished_run(runs, "wine", 4).filename() == "wine-003");
  fs::remove_all(runs / "wine-001");
  fs::create_directory(runs / "wine-0999");
  fs::create_directory(runs / "wine-99999999999999999999");
  fs::create_directory(runs / "wine-9223372036854775807");
  fs::create_directory(runs / "wine--7");
  put(runs / "wine-1001", "a file in the way");
  CHECK(finished_run(runs, "wine", 5).filename() == "wine-1002");
  put(folder / "file", "");
  CHECK(error_of([&] { RunFolder::next(folder / "file", "wine", 1); }).fault() == Fault::output_exists);
}

TEST_CASE("processes that start at once get folders of their own") {
  const TemporaryFolder folder;
  constexpr int processes = 8, each = 10;
  std::vector<pid_t> children;
  for (int p = 0; p < processes; ++p) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      int status = 0;
      try {
        for (int i = 0; i < each; ++i) {
          const RunFolder run = RunFolder::next(folder / "runs", "r", i);
          if (fs::exists(run.file("mine"))) status = 1;
          put(run.file("mine"), "x");
        }
      } catch (const Error&) {
        status = 2;
      }
      ::_exit(status);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  CHECK(names(folder / "runs").size() == processes * each);
}

TEST_CASE("--out: a folder is made, with those above it, and refused when a run is there") {
  const TemporaryFolder folder;
  const fs::path out = folder / "a" / "b";
  fill(RunFolder::at(out, If::refuse, 1));
  const Error error = error_of([&] { RunFolder::at(out, If::refuse, 2); });
  CHECK(error.fault() == Fault::output_exists);
  CHECK(says(error, out.string()));
  CHECK(says(error, "--force"));
  CHECK(content(out / "config.yaml") == "name: x\n");
}

TEST_CASE("a folder in which a run stopped before it wrote anything is free") {
  const TemporaryFolder folder;
  RunFolder::at(folder / "out", If::refuse, 1);
  CHECK_FALSE(is_run(folder / "out"));
  CHECK_FALSE(RunFolder::at(folder / "out", If::refuse, 1).resumed());
}

TEST_CASE("resume goes on where a run is, and starts where none is") {
  const TemporaryFolder folder;
  {
    const RunFolder run = RunFolder::at(folder / "out", If::resume, 1);
    CHECK_FALSE(run.resumed());
    fill(run);
    put(run.file(".last.safetensors.4711.tmp"), "what a killed process left");
  }
  const RunFolder run = RunFolder::at(folder / "out", If::resume, 2);
  CHECK(run.resumed());
  run.go_on(2);
  CHECK(names(run.path()) ==
        std::vector<std::string>{".bpnet", "config.yaml", "log.csv", "model.safetensors"});
}

TEST_CASE("force replaces a run and leaves what is not of it") {
  const TemporaryFolder folder;
  {
    const RunFolder run = RunFolder::at(folder / "out", If::refuse, 1);
    fill(run);
    for (const char* name :
         {"train.log", "last.safetensors", "last-1.safetensors", "last-12.safetensors", "result.json",
          "events.out.tfevents.1.host", "notes.txt", "last-x.safetensors", ".other.1.tmp"})
      put(run.file(name), "x");
  }
  const RunFolder run = RunFolder::at(folder / "out", If::replace, 2);
  CHECK_FALSE(run.resumed());
  CHECK(names(run.path()) ==
        std::vector<std::string>{".bpnet", ".other.1.tmp", "last-x.safetensors", "notes.txt"});
}

TEST_CASE("a person's own files are never written over") {
  const TemporaryFolder folder;
  put(folder / "config.yaml", "model: []\n");
  put(folder / "log.csv", "time,value\n");
  for (const If how : {If::refuse, If::replace, If::resume}) {
    const Error error = error_of([&] { RunFolder::at(folder.path(), how, 1); });
    CHECK(error.fault() == Fault::output_exists);
    CHECK(says(error, "config.yaml, log.csv"));
  }
  CHECK(names(folder.path()) == std::vector<std::string>{"config.yaml", "log.csv"});
  put(folder / "file", "");
  CHECK(error_of([&] { RunFolder::at(folder / "file", If::replace, 1); }).fault() == Fault::output_exists);
}

TEST_CASE("a folder with other files may become a run folder") {
  const TemporaryFolder folder;
  put(folder / "notes.txt", "mine");
  fill(RunFolder::at(folder.path(), If::refuse, 1));
  CHECK(is_run(folder.path()));
  CHECK(content(folder / "notes.txt") == "mine");
}

TEST_CASE("a run that trains is locked") {
  const TemporaryFolder folder;
  {
    const RunFolder run = RunFolder::at(folder / "out", If::refuse, 1);
    for (const If how : {If::refuse, If::replace, If::resume}) {
      const Error error = error_of([&] { RunFolder::at(folder / "out", how, 2); });
      CHECK(error.fault() == Fault::busy);
      CHECK(says(error, (folder / "out").string()));
    }
    fill(run);
    CHECK(error_of([&] { RunFolder::at(folder / "out", If::replace, 2); }).fault() == Fault::busy);
    CHECK(fs::exists(run.file("config.yaml")));
  }
  CHECK(RunFolder::at(folder / "out", If::resume, 2).resumed());
}

TEST_CASE("the newest run is the one last started, also after copying") {
  const TemporaryFolder folder;
  const fs::path runs = folder / "runs";
  finished_run(runs, "b", 100);
  finished_run(runs, "c", 300);
  finished_run(runs, "a", 200);
  fs::create_directory(runs / "empty");
  put(runs / "file", "");
  CHECK(runs_in(runs) == std::vector<fs::path>{runs / "c-001", runs / "a-001", runs / "b-001"});
  fs::copy(runs, folder / "copy", fs::copy_options::recursive);
  CHECK(runs_in(folder / "copy").front() == folder / "copy" / "c-001");
  { const RunFolder refused = RunFolder::at(runs / "b-001", If::resume, 400); }
  CHECK(runs_in(runs).front() == runs / "c-001");
  RunFolder::at(runs / "b-001", If::resume, 400).go_on(400);
  CHECK(runs_in(runs).front() == runs / "b-001");
  fs::remove(runs / "a-001" / ".bpnet");  // lost in copying: config.yaml was written just now, after 1970
  CHECK(runs_in(runs).front() == runs / "a-001");
  CHECK(runs_in(folder / "none").empty());
}

TEST_CASE("a model is found by run folder, by file, or as the newest run's") {
  const TemporaryFolder folder;
  const fs::path runs = folder / "runs";
  const fs::path first = finished_run(runs, "wine", 1), second = finished_run(runs, "wine", 2);
  CHECK(find_model("", runs).run == second);
  CHECK(find_model("", runs).model == second / "model.safetensors");
  CHECK(find_model(first.string(), runs).model == first / "model.safetensors");
  const FoundModel by_file = find_model((first / "model.safetensors").string(), runs);
  CHECK(by_file.model == first / "model.safetensors");
  CHECK(by_file.run == first);
  put(folder / "copied.safetensors", "model");
  CHECK(find_model((folder / "copied.safetensors").string(), runs).run.empty());
}

TEST_CASE("where no model is found, it says what there is") {
  const TemporaryFolder folder;
  const fs::path runs = folder / "runs";
  const auto fails = [&](const std::string& argument, const std::string& words) {
    const Error error = error_of([&] { find_model(argument, runs); });
    CHECK(error.fault() == Fault::missing_input);
    CHECK_MESSAGE(says(error, words), error.what());
  };
  fails("", "no runs in '" + runs.string() + "' yet");
  fails("", "bpnet train CONFIG");
  fails("wine-001", "there is no run or model file 'wine-001'");
  const fs::path first = finished_run(runs, "wine", 1), second = finished_run(runs, "wine", 2);
  fails("wine-001", "runs with a model: " + second.string() + ", " + first.string());
  fails(folder.path().string(), "is not a run");
  fs::remove(second / "model.safetensors");
  fails("", "the run '" + second.string() + "' has no model.safetensors yet");
  fails("", "runs with a model: " + first.string() + "\n");
}

TEST_CASE("checkpoints: the newest is last, and as many as asked for are kept") {
  const TemporaryFolder folder;
  const RunFolder run = RunFolder::at(folder / "out", If::refuse, 1);
  std::vector<Problem> warnings;
  CHECK(open_checkpoint(run.path(), warnings) == nullptr);
  for (int n = 1; n <= 5; ++n) {
    run.write_checkpoint(checkpoint(n), 3);
    CHECK(newest(run.path(), warnings) == n);
  }
  CHECK(names(run.path()) ==
        std::vector<std::string>{".bpnet", "last-1.safetensors", "last-2.safetensors", "last.safetensors"});
  CHECK(number_of(SafetensorsFile(run.file("last-1.safetensors"))) == 4);
  CHECK(number_of(SafetensorsFile(run.file("last-2.safetensors"))) == 3);
  run.write_checkpoint(checkpoint(6), 1);
  CHECK(names(run.path()) == std::vector<std::string>{".bpnet", "last.safetensors"});
  CHECK(newest(run.path(), warnings) == 6);
  CHECK(warnings.empty());
}

TEST_CASE("a damaged checkpoint is named and the next older one used") {
  const TemporaryFolder folder;
  const RunFolder run = RunFolder::at(folder / "out", If::refuse, 1);
  for (int n = 1; n <= 3; ++n) run.write_checkpoint(checkpoint(n), 3);
  put(run.file("last.safetensors"), "damaged");
  std::vector<Problem> warnings;
  CHECK(newest(run.path(), warnings) == 2);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].severity == Severity::warning);
  CHECK(warnings[0].place.file == run.file("last.safetensors"));
  CHECK(warnings[0].help == std::vector<std::string>{"going on from the older last-1.safetensors"});

  run.write_checkpoint(checkpoint(4), 3);  // the damaged one is last-1 now, 2 and 1 follow; 1 goes
  CHECK(newest(run.path(), warnings) == 4);
  CHECK(number_of(SafetensorsFile(run.file("last-2.safetensors"))) == 2);

  put(run.file("last.safetensors"), "damaged");
  put(run.file("last-2.safetensors"), "damaged");
  const Error error = error_of([&] { open_checkpoint(run.path(), warnings); });
  CHECK(error.fault() == Fault::data);
  CHECK(error.problems().size() == 3);
}

TEST_CASE("a checkpoint that does not fit on the disk leaves the older ones") {
  const TemporaryFolder folder;
  const RunFolder run = RunFolder::at(folder / "out", If::refuse, 1);
  for (int n = 1; n <= 3; ++n) run.write_checkpoint(checkpoint(n), 2);
  const auto before = names(run.path());
  {
    const FullDisk full(20);
    CHECK(error_of([&] { run.write_checkpoint(checkpoint(4), 2); }).fault() == Fault::cannot_write);
  }
  CHECK(names(run.path()) == before);
  std::vector<Problem> warnings;
  CHECK(newest(run.path(), warnings) == 3);
  fs::remove(run.file("last.safetensors"));  // as after a crash between two renames
  CHECK(newest(run.path(), warnings) == 2);
  run.write_checkpoint(checkpoint(5), 2);
  CHECK(newest(run.path(), warnings) == 5);
  CHECK(number_of(SafetensorsFile(run.file("last-1.safetensors"))) == 2);
}

TEST_CASE("result.json is written, read and removed") {
  const TemporaryFolder folder;
  const RunFolder run = RunFolder::at(folder / "out", If::refuse, 1);
  CHECK(read_result(run.path()).is_null());
  nlohmann::ordered_json result = {{"status", "finished"}, {"best_epoch", 3}, {"name", "not \xff UTF-8"}};
  run.write_result(result);
  CHECK(read_result(run.path()).at("best_epoch") == 3);
  CHECK(content(run.file("result.json")).ends_with("}\n"));
  put(run.file("result.json"), "{\"status\": ");
  CHECK(read_result(run.path()).is_null());
  run.remove_result();
  run.remove_result();
  CHECK(read_result(run.path()).is_null());
}
