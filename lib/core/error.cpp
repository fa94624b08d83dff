#include "core/error.hpp"

#include <algorithm>
#include <string_view>

namespace bpnet {

namespace {

std::string join(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& p : problems) out += render(p);
  return out;
}

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }  // a UTF-8 character

/// Text from a file or an argument is told, not obeyed: no control characters reach the terminal.
std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F) c = '?';
  return out;
}

std::string caret_lines(const Place& at) {
  const std::string number = std::to_string(at.line);
  const std::string margin(std::max<std::size_t>(5, number.size() + 2), ' ');
  const auto begin = std::min(static_cast<std::size_t>(std::max(at.column - 1, 0)), at.source.size());
  std::string under;
  for (const char c :
       at.source.substr(0, begin))  // tabs stay tabs so that the caret stands under its character
    if (!continues(c)) under += c == '\t' ? '\t' : ' ';
  const std::string marked = at.source.substr(begin, static_cast<std::size_t>(at.length));
  const auto characters =
      marked.size() - static_cast<std::size_t>(std::count_if(marked.begin(), marked.end(), continues));
  under += '^';
  if (characters > 1) under.append(characters - 1, '~');
  return margin.substr(0, margin.size() - number.size()) + number + " | " + printable(at.source) + "\n" +
         margin + " | " + under + "\n";
}

}  // namespace

Error::Error(Fault fault, std::vector<Problem> problems)
    : fault_(fault), problems_(std::move(problems)), text_(join(problems_)) {}

Error::Error(Fault fault, std::string message, std::vector<std::string> help)
    : Error(fault, Place{}, std::move(message), std::move(help)) {}

Error::Error(Fault fault, const Place& place, std::string message, std::vector<std::string> help)
    : Error(fault, std::vector<Problem>{{place, std::move(message), std::move(help)}}) {}

std::string render(const Problem& problem) {
  const Place& at = problem.place;
  std::string out;
  if (!at.file.empty()) {
    out += printable(at.file) + ":";
    if (at.line > 0) out += std::to_string(at.line) + ":" + std::to_string(at.column) + ":";
    out += " ";
  } else {
    out += "bpnet: ";
  }
  out += (problem.severity == Severity::error ? "error: " : "warning: ") + printable(problem.message) + "\n";
  if (at.line > 0 && at.length > 0 && !at.source.empty()) out += caret_lines(at);
  for (const std::string& line : problem.help) out += "  " + printable(line) + "\n";
  return out;
}

}  // namespace bpnet
