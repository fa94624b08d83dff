#include "core/error.hpp"

#include <algorithm>

namespace bpnet {

namespace {

std::string join(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& p : problems) out += render(p);
  return out;
}

std::string caret_lines(const Place& at) {
  const std::string number = std::to_string(at.line);
  const std::string margin(std::max<std::size_t>(5, number.size() + 2), ' ');
  std::string under;
  for (int i = 0; i < at.column - 1; ++i) {  // tabs stay tabs so that the caret stands under its character
    const auto k = static_cast<std::size_t>(i);
    if (k >= at.source.size()) break;
    const auto byte = static_cast<unsigned char>(at.source[k]);
    if (byte == '\t')
      under += '\t';
    else if ((byte & 0xC0) != 0x80)
      under += ' ';  // continuation bytes of UTF-8 take no room
  }
  under += '^';
  if (at.length > 1) under.append(static_cast<std::size_t>(at.length - 1), '~');
  return margin.substr(0, margin.size() - number.size()) + number + " |" + (at.source.empty() ? "" : " ") +
         at.source + "\n" + margin + " | " + under + "\n";
}

}  // namespace

Error::Error(Fault fault, std::vector<Problem> problems)
    : fault_(fault), problems_(std::move(problems)), text_(join(problems_)) {}

Error::Error(Fault fault, std::string message, std::vector<std::string> help)
    : Error(fault, [&] {
        std::vector<Problem> one(1);
        one[0].message = std::move(message);
        one[0].help = std::move(help);
        return one;
      }()) {}

std::string render(const Problem& problem) {
  const Place& at = problem.place;
  std::string out;
  if (!at.file.empty()) {
    out += at.file + ":";
    if (at.line > 0) out += std::to_string(at.line) + ":" + std::to_string(at.column) + ":";
    out += " ";
  } else {
    out += "bpnet: ";
  }
  out += (problem.severity == Severity::error ? "error: " : "warning: ") + problem.message + "\n";
  if (at.line > 0 && at.length > 0 && !at.source.empty()) out += caret_lines(at);
  for (const std::string& line : problem.help) out += "  " + line + "\n";
  return out;
}

}  // namespace bpnet
