// Options that hold scalars, and lists and maps of scalars.

#include <fmt/format.h>

#include <cmath>

#include "spec/advice.hpp"
#include "spec/binder.hpp"
#include "spec/scalars.hpp"

namespace bpnet::spec {

template <class T>
std::optional<T> Binder::read(const Given& given, const Node& node, const std::string& path,
                              const Reading<T>& reading, const Range& range) {
  if (const auto* complaint = std::get_if<Complaint>(&reading)) {
    if constexpr (std::is_same_v<T, std::int64_t>) {  // too large to be kept as a whole number
      const auto number = read_number(node);
      const double* x = std::get_if<double>(&number);
      if (x && *x == std::trunc(*x) && !range.holds(*x)) {
        refuse(given, node, path, broken_bound(range, *x));
        return std::nullopt;
      }
    }
    refuse(given, node, path, complaint->wanted, complaint->help);
    return std::nullopt;
  }
  const T value = std::get<T>(reading);
  if constexpr (!std::is_same_v<T, Length>)
    if (const auto number = static_cast<double>(value); !range.holds(number)) {
      Findings::Help help = frame_->is_main ? meant_by_value(node) : Findings::Help{};
      const double share = number / 100;  // 10 of a share stands for 10 %
      if (help.empty() && range.low == 0 && range.high == 1 && number >= 2 && range.holds(share) &&
          !path.ends_with("epsilon"))
        help = {"say " + show(share)};
      refuse(given, node, path, broken_bound(range, number), std::move(help));
      return std::nullopt;
    }
  return value;
}

void Binder::flag(const Option& option, bool& value) {
  const Given given = take(option);
  if (given.node)
    if (const auto read_value = read(given, *given.node, given.path, read_flag(*given.node), {}))
      value = *read_value;
}

void Binder::integer(const Option& option, std::int64_t& value) {
  const Given given = take(option);
  if (!option.range.holds(static_cast<double>(value)))
    need(given, option, "whole number " + range_text(option.range));
  if (given.node)
    if (const auto read_value = read(given, *given.node, given.path, read_integer(*given.node), option.range))
      value = *read_value;
}

void Binder::number(const Option& option, double& value) {
  const Given given = take(option);
  if (!option.range.holds(value)) need(given, option, "number " + range_text(option.range));
  if (given.node)
    if (const auto read_value = read(given, *given.node, given.path, read_number(*given.node), option.range))
      value = *read_value;
}

void Binder::length(const Option& option, Length& value) {
  const Given given = take(option);
  if (given.node)
    if (const auto read_value =
            read(given, *given.node, given.path, read_length(*given.node, value.unit, option.bare), {}))
      value = *read_value;
}

std::optional<std::string> Binder::read_text(const Given& given, const Node& node, const std::string& path,
                                             bool in_list) {
  if (node.kind != Node::Kind::scalar) {
    const bool braces = node.kind == Node::Kind::map && node.length == 1;
    refuse(given, node, path, "text",
           braces ? Findings::Help{"text with {braces} or ': ' in it is quoted"} : Findings::Help{});
    return std::nullopt;
  }
  // in a list, as of words for missing cells, null is a word like others
  if (!in_list &&
      (node.is_word("null") || node.is_word("~") || node.is_word("Null") || node.is_word("NULL"))) {
    refuse(given, node, path, "text",
           given.word.empty() ? Findings::Help{"quote it if it is meant as text"} : Findings::Help{});
    return std::nullopt;
  }
  return node.text;
}

void Binder::text(const Option& option, std::string& value) {
  const Given given = take(option);
  if (given.off) value.clear();
  if (given.node)
    if (auto read_value = read_text(given, *given.node, given.path, false)) value = std::move(*read_value);
}

void Binder::keyword(const Option& option, std::size_t& index, std::span<const char* const> words) {
  const Given given = take(option);
  if (!given.node) return;
  const std::vector<std::string> known(words.begin(), words.end());
  // Where a word stands for true or false, YAML's older spellings of them do, too.
  const auto means = [&](const std::string& word) {
    return word == given.node->text || (word == "true" && given.node->text == "yes") ||
           (word == "false" && given.node->text == "no");
  };
  if (given.node->kind == Node::Kind::scalar)
    for (std::size_t i = 0; i < known.size(); ++i)
      if (means(known[i])) {
        index = i;
        return;
      }
  refuse(given, *given.node, given.path, either(known), advise_word(given.node->text, known));
}

template <class T, class Read>
void Binder::read_list(const Option& option, std::vector<T>& value, const char* of, Read read_one,
                       bool of_maps) {
  const Given given = take(option);
  if (given.off) value.clear();
  if (!given.node) return;
  const Node& node = *given.node;
  std::vector<T> out;
  if (node.kind == Node::Kind::scalar || (of_maps && node.kind == Node::Kind::map)) {
    if (auto one = read_one(given, node, given.path, false)) out.push_back(std::move(*one));
  } else if (node.kind == Node::Kind::list) {
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const std::string path = join(given.path, std::to_string(i + 1));
      bound_.places[path] = node.items[i].place();
      if (node.items[i].kind == Node::Kind::empty)
        findings_.value(node.items[i], path + " is empty",
                        {of_maps && node.items.size() == 1 ? "rows are read from a file; '-' names none"
                                                           : "an empty text is written \"\""});
      else if (auto one = read_one(given, node.items[i], path, true))
        out.push_back(std::move(*one));
    }
  } else {
    return refuse(given, node, given.path, of);
  }
  value = std::move(out);
}

void Binder::texts(const Option& option, std::vector<std::string>& value) {
  read_list(option, value, "text, or a list of texts",
            [&](const Given& given, const Node& node, const std::string& path, bool in_list) {
              return read_text(given, node, path, in_list);
            });
}

void Binder::integers(const Option& option, std::vector<std::int64_t>& value) {
  read_list(option, value, "a whole number, or a list of them",
            [&](const Given& given, const Node& node, const std::string& path,
                bool) -> std::optional<std::int64_t> {
              if (*option.zero && node.is_word(option.zero)) return 0;
              auto reading = read_integer(node);
              if (auto* complaint = std::get_if<Complaint>(&reading); complaint && *option.zero)
                complaint->wanted += std::string(", ") + option.zero + " (0)";
              return read(given, node, path, reading, option.range);
            });
}

void Binder::numbers(const Option& option, std::vector<double>& value) {
  read_list(option, value, "a number, or a list of numbers",
            [&](const Given& given, const Node& node, const std::string& path, bool) {
              return read(given, node, path, read_number(node), option.range);
            });
}

void Binder::lengths(const Option& option, std::vector<Length>& value) {
  read_list(option, value, "a length, or a list of lengths",
            [&](const Given& given, const Node& node, const std::string& path, bool) {
              return read(given, node, path, read_length(node, Length::Unit::epochs, option.bare), {});
            });
}

template <class T, class Read>
void Binder::read_map(const Option& option, std::vector<std::pair<std::string, T>>& value, const char* wanted,
                      Read read_one) {
  const Given given = take(option);
  if (given.off) value.clear();
  if (!given.node) return;
  if (given.node->kind != Node::Kind::map) return refuse(given, *given.node, given.path, wanted);
  std::vector<std::pair<std::string, T>> out;
  for (const Field& field : given.node->fields) {
    const std::string path = join(given.path, field.key.text);
    bound_.places[path] = field.value.place();
    if (field.value.kind == Node::Kind::empty)
      findings_.value(field.value, path + " has no value");
    else if (auto one = read_one(given, field.value, path))
      out.emplace_back(field.key.text, std::move(*one));
  }
  value = std::move(out);
}

void Binder::mapping(const Option& option, std::vector<std::pair<std::string, std::string>>& value) {
  read_map(option, value, "a map {from: to}",
           [&](const Given& given, const Node& node, const std::string& path) {
             return read_text(given, node, path, true);
           });
}

void Binder::files(const Option& option, FileList& value) {
  const auto read_one = [&](const Given& given, const Node& node, const std::string& path,
                            bool in_list) -> std::optional<FileItem> {
    if (node.kind != Node::Kind::map) return read_text(given, node, path, in_list);
    std::vector<std::pair<std::string, std::string>> beside;
    for (const Field& field : node.fields) {
      const std::string at = join(path, field.key.text);
      bound_.places[at] = field.value.place();
      if (auto file = read_text(given, field.value, at, false)) beside.emplace_back(field.key.text, *file);
    }
    if (beside.empty() && node.fields.empty()) findings_.value(node, path + " names no file");
    if (beside.empty()) return std::nullopt;
    return FileItem(std::move(beside));
  };
  read_list(option, value, "a file, {column: file, ...}, or a list of them", read_one, true);
}

void Binder::weights(const Option& option, std::vector<std::pair<std::string, double>>& value) {
  read_map(option, value, "a map {name: number}",
           [&](const Given& given, const Node& node, const std::string& path) {
             return read(given, node, path, read_number(node), option.range);
           });
}

}  // namespace bpnet::spec
