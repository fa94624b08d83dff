#pragma once
// What may have been meant by words of a command line that a command does not take.

#include <string>
#include <vector>

namespace bpnet::app {

/// A command line that was refused.
struct Refused {
  std::string command;
  std::vector<std::string> words;    // behind the command, as typed
  std::vector<std::string> options;  // that the command has: "--set"
  std::vector<std::string> extras;   // words that belong to nothing, in the order typed
};

/// Ways out; empty: nobody knows.
std::vector<std::string> ways_out(const Refused& refused);

}  // namespace bpnet::app
