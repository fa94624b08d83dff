#pragma once
// What a command takes on its command line. CLI11 is behind it, in one file, as its headers take seconds to
// compile.

#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace bpnet::app {

/// One that was declared.
class Argument {
 public:
  explicit Argument(CLI::Option* option) : option_(option) {}
  Argument required() const;
  Argument needs(Argument other) const;
  Argument excludes(Argument other) const;

 private:
  CLI::Option* option_;
};

/// The numbers that one may be.
struct Bounds {
  double low, high;
  bool whole = true;
};

/// `name`: "RUN" goes by its place, "--out" by its name. `unit` is what stands for the value in the help.
/// Values are written where the declarations point to when the command line is read.
class Arguments {
 public:
  explicit Arguments(CLI::App& parser) : parser_(parser) {}
  Argument text(const char* name, std::string& value, const char* help);  // by its place
  Argument text(const char* name, std::string& value, const char* unit, const char* help);
  /// May be there several times, with a value each.
  Argument texts(const char* name, std::vector<std::string>& values, const char* unit, const char* help);
  Argument word(const char* name, std::string& value, std::initializer_list<const char*> words,
                const char* help);
  template <class N>
  Argument number(const char* name, N& value, Bounds bounds, const char* unit, const char* help) {
    return number(name, bounds, unit, help, [&value](double x) { value = static_cast<N>(x); });
  }
  Argument flag(const char* name, bool& value, const char* help);

  /// CONFIG and --set KEY=VALUE, for the commands that read a settings file.
  void config(std::string& config, std::vector<std::string>& overrides);
  /// RUN: a run folder or a model file.
  void run(std::string& run);
  /// --threads N, for the commands that compute; applied by use_threads.
  void threads(int& threads);
  void json(bool& json, const char* help = "one JSON object");

 private:
  Argument number(const char* name, Bounds bounds, const char* unit, const char* help,
                  std::function<void(double)> take);
  CLI::App& parser_;
};

}  // namespace bpnet::app
