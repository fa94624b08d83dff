#pragma once
// The table of subcommands, and what they share: statuses, options, printing of errors.

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "core/error.hpp"

namespace bpnet::app {

/// sysexits(3), and what a shell makes of signals.
enum Status {
  ok = 0,
  check_failed = 1,
  usage = 64,
  data_error = 65,
  no_input = 66,
  software = 70,
  cannot_create = 73,
  io_error = 74,
  busy = 75,
  diverged = 76,
  bad_config = 78,
};
Status status_of(Fault fault);

/// A subcommand: `add` declares what it takes and returns what runs when it is chosen.
struct Command {
  const char* name;
  const char* description;
  const char* example;  // shown under the options
  std::function<int()> (*add)(Arguments arguments);
};
std::span<const Command* const> commands();

/// Sets the pool's size: the option, else OMP_NUM_THREADS, else the CPUs this process may use.
void use_threads(int asked);

/// Prints to stderr as the compiler would; returns the status. `closing`: "nothing was trained."
int report(const Error& error, const char* closing);
void print_warning(const Problem& warning);

/// Throws Error(command_line) if --out does not end in .png: "--out: the pictures go into a PNG file".
void require_png(const std::string& out, const char* what_goes);

/// True if the stream is a terminal and NO_COLOR is not set.
bool colours(int descriptor);

}  // namespace bpnet::app
