// bpnet: trains neural networks from one YAML file and plain data. This file only dispatches.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <system_error>

#include "command.hpp"
#include "spec/spec.hpp"
#include "usage.hpp"

namespace {

using namespace bpnet;
using namespace bpnet::app;

Refused refused_by(const CLI::App& command, int count, char** words) {
  Refused out{command.get_name(), {words + 2, words + count}, {}, command.remaining()};
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) out.options.push_back("--" + name);
  return out;
}

int usage_error(const CLI::ParseError& error, const CLI::App& parser, int count, char** words) {
  std::string message = error.what();
  std::vector<std::string> help;
  std::vector<std::string> names;
  for (const Command* c : commands()) names.emplace_back(c->name);
  const std::string word = count > 1 ? words[1] : "";
  bool known = word.starts_with("-");
  for (const std::string& name : names) known = known || name == word;
  if (count > 1 && word.starts_with("-")) {
    message = "there is no option '" + word + "' before a command";
    help.push_back(word == "--version" ? "did you mean 'bpnet version'?" : "bpnet --help lists the commands");
  } else if (count < 2) {
    message = "which command? bpnet --help lists them";
  } else if (!known) {
    message = "'" + word + "' is no command";
    const auto near = near_words(word, names);
    if (!near.empty())
      help.push_back("did you mean '" + near[0] + "'?");
    else if (word.ends_with(".yaml") || word.ends_with(".yml"))
      help.push_back("did you mean 'bpnet train " + word + "'?");
    else
      help.push_back("bpnet --help lists the commands");
  } else {
    const Refused refused = refused_by(*parser.get_subcommand(word), count, words);
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError)) {
      message = word + " does not take";
      for (const std::string& extra : refused.extras) message += " " + extra;
    }
    help = ways_out(refused);
    if (word == "predict" && !refused.extras.empty() && !refused.extras.front().starts_with("-"))
      help.emplace_back(
          "several pictures are answered together as a folder, or as a CSV file of their paths");
    for (const Command* c : commands())
      if (c->name == word) help.push_back(std::string("for example: ") + c->example);
    help.push_back("bpnet " + word + " --help says more");
  }
  return report(Error(Fault::command_line, message, help), nullptr);
}

int run(int count, char** words) {
  CLI::App parser{"bpnet trains neural networks from one YAML file and plain data.", "bpnet"};
  parser.footer("\nExample:\n  bpnet train configs/wine.yaml && bpnet eval");
  parser.require_subcommand(1);
  int status = ok;
  for (const Command* command : commands()) {
    CLI::App* sub = parser.add_subcommand(command->name, command->description);
    sub->footer(std::string("\nExample:\n  ") + command->example);
    // Options of a command are declared only when it is the one asked for.
    if (count < 2 || std::string_view(words[1]) != command->name) continue;
    sub->callback([run = command->add(Arguments(*sub)), &status] { status = run(); });
  }
  try {
    parser.parse(count, words);
  } catch (const CLI::Success& success) {
    return parser.exit(success);
  } catch (const CLI::ParseError& error) {
    return usage_error(error, parser, count, words);
  }
  return status;
}

}  // namespace

int main(int count, char** words) {
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGXFSZ, SIG_IGN);  // a file over its limit is an error of the write
  try {
    const int status = run(count, words);
    if (std::fflush(stdout) == 0 && !std::ferror(stdout)) return status;
    return report(Error(Fault::cannot_write, "cannot write to standard output"), nullptr);
  } catch (const std::system_error& error) {
    return report(Error(Fault::cannot_write, std::string("cannot write: ") + error.code().message()),
                  nullptr);
  } catch (const Error& error) {
    return report(error, nullptr);
  } catch (const std::bad_alloc&) {
    return report(Error(Fault::configuration, "memory ran out",
                        {"take fewer rows or columns, a smaller model, or fewer threads (--threads)"}),
                  nullptr);
  } catch (const std::exception& error) {
    std::fprintf(
        stderr,
        "bpnet: internal error: %s\n  this is a bug in bpnet; please report it with the command line\n",
        error.what());
    return software;
  }
}
