#pragma once
// Errors a user can cause. The library throws them; the program prints them and picks the exit status.

#include <exception>
#include <string>
#include <vector>

namespace bpnet {

/// Where in a file as written. Line and column count from 1, columns in bytes. Line 0: the file as a whole.
struct Place {
  std::string file;  // as the user wrote it, or "--set #2"
  int line = 0, column = 0;
  int length = 0;      // bytes to underline; 0: draw no caret line
  std::string source;  // the text of that line, for the caret line; empty: none is drawn
};

enum class Severity { error, warning };

/// One thing that is wrong, where, and the ways out (each a line of its own under the message).
struct Problem {
  Place place;
  std::string message;
  std::vector<std::string> help;
  Severity severity = Severity::error;
};

/// What kind of failure it was; the program maps it to sysexits(3).
enum class Fault {
  command_line,   // 64
  data,           // 65
  missing_input,  // 66
  output_exists,  // 73
  cannot_write,   // 74
  busy,           // 75
  diverged,       // 76
  configuration,  // 78
};

/// All problems of one kind that were found in one go.
class Error : public std::exception {
 public:
  Error(Fault fault, std::vector<Problem> problems);
  Error(Fault fault, std::string message, std::vector<std::string> help = {});
  Error(Fault fault, const Place& place, std::string message, std::vector<std::string> help = {});
  Fault fault() const { return fault_; }
  const std::vector<Problem>& problems() const { return problems_; }
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  Fault fault_;
  std::vector<Problem> problems_;
  std::string text_;
};

/// "file:line:column: error: message", the source line with a caret line, and the help lines; ends with a
/// newline.
std::string render(const Problem& problem);

}  // namespace bpnet
