#include "spec/syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

namespace bpnet::spec {

namespace {

/// The place the library complained of, and the text around it.
class Explanation {
 public:
  Explanation(const Source& source, std::size_t begin, std::size_t at, std::string_view said,
              const Node* open, Findings& findings)
      : source_(source),
        begin_(begin),
        at_(std::min(at, source.text().size())),
        said_(said),
        open_(open),
        findings_(findings) {}

  void run() const {
    if (tab()) return;
    if (said_.find("flow") != std::string_view::npos) return brackets();
    if (said_.find("alias") != std::string_view::npos || said_.find("anchor") != std::string_view::npos)
      return star();
    if (said_.find("escape") != std::string_view::npos || said_.find("hex") != std::string_view::npos ||
        said_.find("unicode") != std::string_view::npos)
      return tell(text().rfind('\\', at_), 1,
                  "a \\ in double quotes begins an escape like \\n, and this is none",
                  "write \\\\ for a backslash, or use single quotes");
    if (said_.find("scalar") != std::string_view::npos && said_.find("block") == std::string_view::npos)
      return tell(at_, 1, "a quote never ends", "put the closing quote");
    if (said_.find("tag") != std::string_view::npos)
      return tell(at_, 1, "tags are not taken", "text that begins with ! is quoted");
    if (said_.find("directive") != std::string_view::npos || said_.find("YAML") != std::string_view::npos)
      return tell(at_, 1, "a line that begins with % is a directive of YAML, and this is none",
                  "quote the text");
    if (said_ == "bad file") return tell(at_, 1, "nested too deeply", "");
    if (said_ == "unknown token") return unknown_character();
    if (said_ == "illegal block entry")
      return tell(at_, 1, "an item of a list cannot begin here",
                  "put '- ' on a line of its own, indented under the name");
    if (said_ == "illegal map value" || said_ == "illegal map key") return colon();
    if (said_.starts_with("end of ")) return indentation();
    tell(at_, 1, fmt::format("this is no YAML: {}", said_), "");
  }

 private:
  const std::string& text() const { return source_.text(); }
  std::size_t first_letter(std::size_t line) const {
    const std::string_view shown = source_.line(line);
    return std::min(shown.find_first_not_of(" \t"), shown.size());
  }
  void tell(std::size_t at, std::size_t length, std::string message, std::string help) const {
    findings_.text(source_, std::min(at, text().size()), length, std::move(message),
                   help.empty() ? Findings::Help{} : Findings::Help{std::move(help)});
  }

  /// A tab in the indentation of the line or the one before.
  bool tab() const {
    const std::size_t line = source_.line_of(at_);
    for (const std::size_t l : {line, line > 0 ? line - 1 : line}) {
      const std::size_t tab = source_.line(l).substr(0, first_letter(l)).find('\t');
      if (tab == std::string_view::npos || first_letter(l) == source_.line(l).size()) continue;
      tell(source_.line_begin(l) + tab, 1, "a tab in the indentation", "YAML is indented with spaces");
      return true;
    }
    return false;
  }

  void brackets() const {
    if (said_ == "illegal flow end" && !open_)
      return tell(at_, 1, fmt::format("nothing opens this {}", text().substr(at_, 1)),
                  "take it away, or quote the text");
    if (!open_) return tell(at_, 1, "a bracket never ends", "");
    const std::size_t opener = innermost_opener();
    const char opening = text()[opener], closing = opening == '[' ? ']' : '}';
    if (said_ == "illegal flow end")
      return tell(at_, 1,
                  fmt::format("a {} where the {} of line {} wants its {}", text().substr(at_, 1), opening,
                              source_.line_of(opener) + 1, closing),
                  "");
    tell(opener, 1, fmt::format("this {} never ends", opening),
         fmt::format("put the {} where it ends; text with brackets in it is quoted", closing));
  }

  /// The last bracket between the beginning of the open list or map and here that nothing closes.
  std::size_t innermost_opener() const {
    std::vector<std::size_t> openers;
    char quote = 0;
    for (std::size_t i = open_->offset; i < at_; ++i) {
      const char c = text()[i];
      if (quote != 0)
        quote = c == quote ? '\0' : quote;
      else if (c == '"' || c == '\'')
        quote = c;
      else if (c == '[' || c == '{')
        openers.push_back(i);
      else if ((c == ']' || c == '}') && !openers.empty())
        openers.pop_back();
    }
    return openers.empty() ? open_->offset : openers.back();
  }

  void star() const {
    std::size_t begin = at_;
    while (begin > begin_ && text()[begin] != '*' && text()[begin] != '&') --begin;
    const std::size_t end = std::min(text().find_first_of(" \t\r\n,]}", begin), text().size());
    const std::string word = text().substr(begin, end - begin);
    if (word.starts_with('*'))
      return tell(begin, word.size(), fmt::format("no anchor for the alias {}", word),
                  fmt::format("text that begins with * is quoted: \"{}\"", word));
    tell(begin, word.size(), "an anchor without a name",
         fmt::format("text that begins with & is quoted: \"{}\"", word));
  }

  void unknown_character() const {
    const std::string c = text().substr(at_, 1);
    if (c == ":") return colon();
    if (c == "\t") return tell(at_, 1, "a tab where a value should begin", "use spaces");
    tell(at_, 1, fmt::format("a value cannot begin with {}", c), "put it in quotes");
  }

  /// `name:value` in a line: the ':' without its space, as an offset in the line.
  static std::size_t tight_colon(std::string_view line) {
    std::size_t at = std::min(line.find_first_not_of(" -"), line.size());
    const std::size_t word = at;
    while (at < line.size() && (std::isalnum(static_cast<unsigned char>(line[at])) || line[at] == '_')) ++at;
    const bool tight = at > word && at + 1 < line.size() && line[at] == ':' && line[at + 1] != ' ';
    return tight ? at : std::string_view::npos;
  }

  /// A ':' that cannot be one.
  void colon() const {
    const std::size_t line = source_.line_of(at_);
    for (const std::size_t l : {line > 0 ? line - 1 : line, line}) {
      const std::string_view shown = source_.line(l);
      const std::size_t tight = tight_colon(shown);
      if (tight == std::string_view::npos) continue;
      return tell(source_.line_begin(l) + tight, 1, "no space after this ':'",
                  fmt::format("write {}: {}", shown.substr(first_letter(l), tight - first_letter(l)),
                              shown.substr(tight + 1)));
    }
    const std::size_t in_line = at_ - source_.line_begin(line);
    const std::string_view before = source_.line(line).substr(0, in_line);
    if (before.find(": ") != std::string_view::npos)
      return tell(at_, 1, "a second ':' in one line",
                  "text that holds ': ' is quoted; options of one name stand in {...}");
    if (line > 0 && first_letter(line) > first_letter(line - 1))
      return tell(source_.line_begin(line) + first_letter(line),
                  in_line - std::min(in_line, first_letter(line)),
                  "indented deeper than the line above, which has its value already",
                  "give both lines the same indentation");
    tell(at_, 1, "a ':' cannot stand here", "text that holds ': ' is quoted");
  }

  /// A line that does not continue what is open.
  void indentation() const {
    const std::size_t line = source_.line_of(at_), first = first_letter(line);
    const std::size_t in_line = at_ - source_.line_begin(line);
    const std::string_view shown = source_.line(line);
    if (first >= shown.size()) return tell(at_, 1, "the text ends too early", "");
    if (in_line > first && said_ == "end of map not found" &&
        shown.substr(0, in_line).find(": ") != std::string_view::npos)
      return tell(at_, 1, "the value has ended before this", "quote the whole value");
    const std::size_t begin = source_.line_begin(line) + first;
    const std::size_t length = std::min(shown.find_first_of(" :", first), shown.size()) - first;
    const bool item = shown.substr(first, 1) == "-";
    const auto above = line_above(line, first, item);
    if (item && above)
      return tell(begin, 1, "this item is indented otherwise than the one above it",
                  fmt::format("items of one list have the same indentation, as in line {}", *above + 1));
    if (item)
      return tell(begin, 1, "an item of a list among options", "indent it under the name of the list");
    if (above)
      return tell(begin, length, "no '- ' before it, as the items above have",
                  "an item of a list begins with '- '; an option of the item above is indented under it");
    tell(begin, length,
         fmt::format("an indentation of {} {} is that of no line above it", first,
                     first == 1 ? "space" : "spaces"),
         "options of one section have the same indentation; items of a list begin with '- '");
  }
  /// The nearest line above that begins a list item; for an item: indented otherwise, else: as far.
  std::optional<std::size_t> line_above(std::size_t line, std::size_t indentation, bool item) const {
    for (std::size_t l = line; l-- > 0;) {
      const std::size_t first = first_letter(l);
      if (first == source_.line(l).size()) continue;
      const bool is_item = source_.line(l).substr(first, 2) == "- ";
      if (is_item && (first != indentation) == item) return l;
      if (!is_item && first <= indentation && !item) return std::nullopt;
      if (!is_item && first == 0) return std::nullopt;
    }
    return std::nullopt;
  }

  const Source& source_;
  std::size_t begin_, at_;
  std::string_view said_;
  const Node* open_;
  Findings& findings_;
};

}  // namespace

void explain_syntax(const Source& source, std::size_t begin, std::size_t at, std::string_view said,
                    const Node* open, Findings& findings) {
  Explanation(source, begin, at, said, open, findings).run();
}

}  // namespace bpnet::spec
