#include "arguments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>

namespace bpnet::app {

namespace {

bool read_number(const std::string& text, double& x) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), x);
  return error == std::errc() && end == text.data() + text.size();
}

// Checks have no name, as the help would show it.
CLI::Validator in_bounds(Bounds bounds) {
  const auto check = [=](const std::string& text) {
    double x = 0;
    const bool good =
        read_number(text, x) && x >= bounds.low && x <= bounds.high && (!bounds.whole || x == std::floor(x));
    return good ? std::string()
                : fmt::format("it is a {}number from {:.10g} to {:.10g}, but got '{}'",
                              bounds.whole ? "whole " : "", bounds.low, bounds.high, text);
  };
  return {check, ""};
}

CLI::Validator one_of(std::vector<std::string> words) {
  const auto check = [words = std::move(words)](const std::string& text) {
    if (std::find(words.begin(), words.end(), text) != words.end()) return std::string();
    return fmt::format("it is {}, but got '{}'", fmt::join(words, ", or "), text);
  };
  return {check, ""};
}

}  // namespace

Argument Argument::required() const {
  option_->required();
  return *this;
}

Argument Argument::needs(Argument other) const {
  option_->needs(other.option_);
  return *this;
}

Argument Argument::excludes(Argument other) const {
  option_->excludes(other.option_);
  return *this;
}

Argument Arguments::text(const char* name, std::string& value, const char* help) {
  return Argument(parser_.add_option(name, value, help));
}

Argument Arguments::text(const char* name, std::string& value, const char* unit, const char* help) {
  return Argument(parser_.add_option(name, value, help)->type_name(unit));
}

Argument Arguments::texts(const char* name, std::vector<std::string>& values, const char* unit,
                          const char* help) {
  return Argument(parser_.add_option(name, values, help)->allow_extra_args(false)->type_name(unit));
}

Argument Arguments::word(const char* name, std::string& value, std::initializer_list<const char*> words,
                         const char* help) {
  return Argument(parser_.add_option(name, value, help)
                      ->check(one_of({words.begin(), words.end()}))
                      ->type_name(fmt::format("{}", fmt::join(words, "|"))));
}

Argument Arguments::number(const char* name, Bounds bounds, const char* unit, const char* help,
                           std::function<void(double)> take) {
  const auto read = [take = std::move(take)](const std::string& text) {
    double x = 0;
    read_number(text, x);
    take(x);
  };
  return Argument(
      parser_.add_option_function<std::string>(name, read, help)->check(in_bounds(bounds))->type_name(unit));
}

Argument Arguments::flag(const char* name, bool& value, const char* help) {
  return Argument(parser_.add_flag(name, value, help));
}

void Arguments::config(std::string& config, std::vector<std::string>& overrides) {
  text("CONFIG", config, "the YAML file").required();
  texts("--set", overrides, "KEY=VALUE", "KEY=VALUE over the file's setting; may be repeated");
}

void Arguments::run(std::string& run) {
  text("RUN", run, "a run folder or a model file; the newest run in ./runs when not given");
}

void Arguments::threads(int& threads) {
  number("--threads", threads, {1, 1024}, "N",
         "threads to compute with; the result has the same bits for any number");
}

void Arguments::json(bool& json, const char* help) { flag("--json", json, help); }

}  // namespace bpnet::app
