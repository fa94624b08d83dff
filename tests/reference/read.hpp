#pragma once
// Values recorded from other tools, and what the tests of several rooms make of them.

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "losses/loss.hpp"
#include "spec/spec.hpp"

namespace reference {

/// tests/reference/<name>.json; record_<name>.py made it.
inline nlohmann::json read(const std::string& name) {
  std::ifstream file(BPNET_SOURCE "/tests/reference/" + name + ".json");
  return nlohmann::json::parse(file);
}

inline std::vector<bpnet::Real> reals(const nlohmann::json& numbers) {
  return numbers.get<std::vector<bpnet::Real>>();
}

/// An entry of a table as written in YAML.
template <class T>
std::shared_ptr<T> made(const bpnet::Table& table, const std::string& yaml) {
  return bpnet::parse_choice(table, yaml).as<T>();
}

/// "classes:3" (labels a, b, c) or "number", as the tables of losses and metrics write their inputs;
/// "quantiles": a number whose answers are a value and its quantiles 0.1, 0.5, 0.9; "deviation": a value and
/// its deviation; "forecast": a number in a series with the seasonal error 2 for seasons of 12 steps.
inline bpnet::TargetKind target(const std::string& text) {
  bpnet::TargetKind kind;
  kind.name = "target";
  kind.classes = text.starts_with("classes:");
  using Kind = bpnet::Answer::Kind;
  if (text == "quantiles")
    kind.answers = {{Kind::value, 0}, {Kind::quantile, 0.1}, {Kind::quantile, 0.5}, {Kind::quantile, 0.9}};
  if (text == "forecast") kind.seasonal = {{12, 2}};
  if (text == "deviation") kind.answers = {{Kind::value, 0}, {Kind::deviation, 0}};
  if (!kind.classes) return kind;
  for (int i = 0; i < std::stoi(text.substr(8)); ++i) {
    kind.labels.emplace_back(1, static_cast<char>('a' + i));
    kind.counts.push_back(10);
  }
  return kind;
}

/// Rows of `width` numbers.
inline bpnet::View view(std::vector<bpnet::Real>& values, int width) {
  bpnet::View v;
  v.data = reinterpret_cast<std::byte*>(values.data());
  v.port.shape = {width};
  v.samples = static_cast<int>(values.size()) / width;
  return v;
}

}  // namespace reference
