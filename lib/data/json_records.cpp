#include "data/json_records.hpp"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>

#include "data/read_plan.hpp"
#include "data/words.hpp"
#include "math/text.hpp"

namespace bpnet {

namespace {

using JsonKind = JsonValue::Kind;

/// Calls f(begin, end) for each line.
template <class F>
void for_lines(std::string_view text, F f) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    const void* found = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
    const char* const line_end = found ? static_cast<const char*>(found) : end;
    f(at, line_end);
    at = line_end == end ? end : line_end + 1;
  }
}

RecordFault fault_of(const JsonFault& fault, const char* line_begin, std::int64_t line) {
  RecordFault out;
  out.kind = RecordFault::Kind::malformed;
  out.spot = {static_cast<long>(line), static_cast<long>(fault.at - line_begin) + 1};
  out.message = fault.message;
  out.help = fault.help;
  return out;
}

/// An array of numbers and words as one cell, its elements with blanks between; none for anything else.
std::optional<std::string> joined_elements(std::string_view text) {
  const auto array = nlohmann::json::parse(text, nullptr, false);
  if (!array.is_array()) return {};
  std::string out;
  for (const auto& element : array) {
    if (!element.is_number() && !element.is_string()) return {};
    const std::string part = element.is_string() ? element.get<std::string>() : element.dump();
    if (part.empty() || part.find(' ') != std::string::npos) return {};
    if (!out.empty()) out += ' ';
    out += part;
  }
  return out;
}

/// The cutting of one text.
class Cutting {
 public:
  Cutting(const JsonKeys& keys, const std::vector<char>& wanted, bool ignorable, Records& out)
      : keys_(keys), wanted_(wanted), ignorable_(ignorable), out_(out), values_(wanted.size()) {}

  void line(const char* begin, const char* end) {
    ++line_;
    if (blank_json_line(begin, end)) return;
    const std::size_t text = out_.own.size(), cells = out_.ends.size();
    try {
      take(begin, end);
      for (std::size_t c = 0; c < values_.size(); ++c) {
        if (values_[c].record == line_) write(c);
        out_.ends.push_back(static_cast<std::uint32_t>(out_.own.size()));
        out_.columns.push_back(
            values_[c].record == line_ ? static_cast<std::uint32_t>(values_[c].value.begin - begin) + 1 : 1);
        out_.own += c + 1 < values_.size() ? json_separator : '\n';
      }
      out_.starts.push_back(static_cast<std::uint32_t>(text));
      out_.lines.push_back(line_ - 1);
    } catch (const JsonFault& fault) {
      out_.own.resize(text);
      out_.ends.resize(cells);
      out_.columns.resize(cells);
      out_.faults.push_back(fault_of(fault, begin, line_));
    }
  }

 private:
  struct Field {
    JsonValue value;
    std::int32_t record = 0;  // the line it was found in
  };

  void take(const char* begin, const char* end) {
    JsonLine line(begin, end);
    for (int key = -1; (key = keys_.next(line, key)) != JsonKeys::end;) {
      const char* const at = line.key_begin();
      const JsonValue value = line.value();
      if (key == JsonKeys::unknown) continue;
      const auto c = static_cast<std::size_t>(key);
      if (values_[c].record == line_)
        throw JsonFault{at, "key " + in_quotes(keys_.names()[c]) + " a second time in one object", ""};
      values_[c] = {value, line_};
    }
  }

  void write(std::size_t c) {
    const JsonValue& value = values_[c].value;
    if (!wanted_[c]) return;
    switch (value.kind) {
      case JsonKind::null:
        return;
      case JsonKind::word:
      case JsonKind::number:
        out_.own += value.content();
        return;
      case JsonKind::text:
        return write_text(value.content());
      case JsonKind::escaped:
        unescape(value, scratch_);
        return write_text(scratch_);
      case JsonKind::nested:
        if (const auto joined = joined_elements(value.content())) return write_text(*joined);
        throw JsonFault{
            value.begin,
            "key " + in_quotes(keys_.names()[c]) + " holds " +
                (*value.begin == '{' ? "an object" : "an array") +
                "; a cell is a number, a text, true, false, null, or an array of numbers or words",
            ignorable_ ? "leave it out: data.ignore: [" + in_yaml(keys_.names()[c]) + "]" : ""};
    }
  }

  void write_text(std::string_view text) {
    const auto special = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    const bool plain = text.empty() || (text.front() != ' ' && text.front() != '"' && text.back() != ' ' &&
                                        std::none_of(text.begin(), text.end(), special));
    if (plain) {
      out_.own += text;
      return;
    }
    out_.own += '"';
    for (const char c : text) {
      if (c == '"') out_.own += '"';
      out_.own += c;
    }
    out_.own += '"';
  }

  const JsonKeys& keys_;
  const std::vector<char>& wanted_;
  const bool ignorable_;
  Records& out_;
  std::vector<Field> values_;
  std::int32_t line_ = 0;
  std::string scratch_;
};

}  // namespace

int JsonKeys::add(std::string_view key) {
  const auto [at, fresh] = numbers_.emplace(key, static_cast<int>(names_.size()));
  if (!fresh) return at->second;
  names_.emplace_back(key);
  const bool plain = std::none_of(key.begin(), key.end(), [](char c) {
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
  });
  // A key with escapes has no one way of writing; a NUL is in no line.
  quoted_.push_back(plain ? '"' + std::string(key) + '"' : std::string(1, '\0'));
  return at->second;
}

int JsonKeys::next(JsonLine& line, int previous) const {
  const auto expected = static_cast<std::size_t>(std::int64_t{previous} + 1);
  if (previous >= -1 && expected < quoted_.size() && line.next_key_is(quoted_[expected])) return previous + 1;
  if (!line.next_key()) return end;
  const auto found = numbers_.find(std::string(line.key()));
  return found == numbers_.end() ? unknown : found->second;
}

void JsonSurvey::add(std::string_view text) {
  for_lines(text, [&](const char* begin, const char* line_end) {
    ++lines;
    if (blank_json_line(begin, line_end)) return;
    try {
      JsonLine line(begin, line_end);
      for (int key = -1; (key = keys.next(line, key)) != JsonKeys::end;) {
        if (key == JsonKeys::unknown) key = keys.add(line.key());
        line.value();
      }
    } catch (const JsonFault& fault) {
      if (faults_.size() < noted_at_most)
        faults_.push_back(fault_of(fault, begin, lines));
      else
        ++other_faults_;
    }
  });
}

void JsonSurvey::check(const std::string& shown) {
  std::vector<Problem> problems;
  for (const RecordFault& fault : faults_) {
    const Place place{shown, static_cast<int>(fault.spot.line), static_cast<int>(fault.spot.column), 0, ""};
    problems.push_back({place, fault.message, {}});
    if (!fault.help.empty()) problems.back().help.push_back(fault.help);
  }
  if (other_faults_ > 0)
    problems.back().help.push_back("and " + count_of(static_cast<std::int64_t>(other_faults_), "more line") +
                                   " like these");
  if (problems.empty() && keys.names().empty())
    problems.push_back(
        {{shown, 0, 0, 0, ""}, lines == 0 ? "the file is empty" : "no line has an object with a key", {}});
  if (!problems.empty()) throw Error(Fault::data, std::move(problems));
}

bool begins_with_object(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t open = text.find_first_not_of(" \t\r\n");
  if (open == std::string_view::npos || text[open] != '{') return false;
  const std::size_t key = text.find_first_not_of(" \t", open + 1);
  return key != std::string_view::npos && (text[key] == '"' || text[key] == '}');
}

JsonRecords::JsonRecords(const std::vector<std::string>& names, std::vector<char> wanted, bool ignorable)
    : wanted_(std::move(wanted)), ignorable_(ignorable) {
  for (const std::string& name : names) keys_.add(name);
}

void JsonRecords::cut(std::string_view text, Records& out) const {
  out.clear();
  Cutting cutting(keys_, wanted_, ignorable_, out);
  for_lines(text, [&](const char* begin, const char* end) { cutting.line(begin, end); });
  out.own.append(math::readable_behind, '\0');
  out.text = std::string_view(out.own).substr(0, out.own.size() - math::readable_behind);
}

}  // namespace bpnet
