#pragma once
// The text settings come from, and places in it.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace bpnet::spec {

/// A configuration file, or the argument of one --set. Nodes read from it point to it, so it must outlive
/// them and stay where it is.
class Source {
 public:
  /// Takes UTF-8 text of at most 1 MiB; drops a byte order mark, reads lone carriage returns as line ends.
  /// Throws Error(configuration) for other encodings and for control characters.
  Source(std::string file, std::string_view bytes, int order);
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  const std::string& text() const { return text_; }
  int order() const { return order_; }
  /// Line and column of a byte; `length` bytes to underline, cut at the end of the line; 0: no caret line.
  Place place(std::size_t offset, std::size_t length) const;
  /// The whole source: no line.
  Place whole() const;
  /// Line that holds a byte, from 0, and its text without the line end.
  std::size_t line_of(std::size_t offset) const;
  std::string_view line(std::size_t index) const;
  std::size_t line_begin(std::size_t index) const { return line_starts_[index]; }

 private:
  void check() const;
  std::string file_, text_;
  int order_;  // the file 0, overrides from 1: the order of messages
  std::vector<std::size_t> line_starts_;
};

}  // namespace bpnet::spec
