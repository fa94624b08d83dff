// Text written by a trained model, as it comes.

#include <fmt/format.h>

#include <cstdio>

#include "command.hpp"
#include "data/text_rows.hpp"
#include "train/job.hpp"
#include "train/run_folder.hpp"

namespace bpnet::app::command_entries {

namespace {

struct GenerateAsked {
  std::string run, prompt;
  std::int64_t length = 500;
  Sampling sampling;
  int threads = 0;
};

void write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw Error(Fault::cannot_write, "cannot write to standard output");
}

/// `newest`: the run was not named, so that an error says which one it is.
std::unique_ptr<TextWriter> writer_of(Learner& learner, const FoundModel& found, bool newest) try {
  return learner.writer();
} catch (const Error& error) {
  if (!newest) throw;
  std::vector<Problem> problems = error.problems();
  problems.back().help.push_back("it is the newest run, " + found.run.string() +
                                 "; to take another: bpnet generate RUN");
  throw Error(error.fault(), std::move(problems));
}

int run(const GenerateAsked& asked) {
  use_threads(asked.threads);
  const FoundModel found = find_model(asked.run, "runs");
  const auto model = load_model(found.model);
  for (const Problem& w : model->warnings) print_warning(w);
  const auto writer = writer_of(*model->learner, found, asked.run.empty());
  if (const std::int64_t unknown = writer->begin(asked.prompt); unknown > 0)
    print_warning(
        {{},
         fmt::format("{} of the prompt {} not in the {}: read as unknown",
                     unknown == 1 ? "a token" : fmt::format("{} tokens", unknown),
                     unknown == 1 ? "is" : "are", place_of_known(model->encoding->targets()[0].counts)),
         {},
         Severity::warning});
  Sampler sampler(asked.sampling);
  write(asked.prompt);
  for (std::int64_t i = 0; i < asked.length; ++i) {
    const auto text = writer->next(sampler);
    if (!text) break;
    write(*text);
  }
  write("\n");
  return ok;
}

}  // namespace

extern const Command generate = {
    "generate", "text written by a language model",
    "bpnet generate runs/shakespeare-001 --prompt 'ROMEO:' --length 300 --temperature 0.8",
    [](Arguments arguments) -> std::function<int()> {
      auto asked = std::make_shared<GenerateAsked>();
      arguments.run(asked->run);
      arguments.text("--prompt", asked->prompt, "TEXT", "what the text begins with");
      arguments.number("--length", asked->length, {0, 1e12}, "N", "tokens to write at most (default 500)");
      arguments.number("--temperature", asked->sampling.temperature, {0, 1e6, false}, "T",
                       "below 1 surer, above 1 more varied; 0: always the most probable (default 1)");
      arguments.number("--top-k", asked->sampling.top_k, {1, 1e9}, "K",
                       "draw among the K most probable only");
      arguments.number("--top-p", asked->sampling.top_p, {0, 1, false}, "P",
                       "draw among the most probable only that come to this share, up to 1");
      arguments.number("--seed", asked->sampling.seed, {0, 9e15}, "S", "of the random numbers (default 42)");
      arguments.threads(asked->threads);
      return [asked] { return run(*asked); };
    }};

}  // namespace bpnet::app::command_entries
