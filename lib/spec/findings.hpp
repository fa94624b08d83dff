#pragma once
// Problems as they are found; told all at once, in the order of their places.

#include <cstddef>
#include <string>
#include <vector>

#include "spec/node.hpp"

namespace bpnet::spec {

class Findings {
 public:
  using Help = std::vector<std::string>;
  /// A name is wrong: its line is drawn with a caret line.
  void name(const Node& at, std::string message, Help help = {});
  /// A value is wrong: the message says what was got, so no line is drawn.
  void value(const Node& at, std::string message, Help help = {});
  /// Somewhere in the text.
  void text(const Source& source, std::size_t offset, std::size_t length, std::string message,
            Help help = {});
  /// Something is missing from the whole.
  void whole(Place place, std::string message, Help help = {});
  /// What reading a source threw.
  void take(const Error& error, int order);
  /// No more are kept: a hostile file could have a hundred thousand.
  bool full() const { return found_.size() >= most; }
  bool any() const { return !found_.empty(); }
  std::size_t count() const { return found_.size(); }
  /// All of them, in the order of their places; none are left.
  std::vector<Problem> take_all();
  /// Throws Error(configuration) if there are any.
  void raise_if_any();

 private:
  static constexpr std::size_t most = 1000;
  struct Found {
    int order;
    Problem problem;
  };
  void add(int order, Place place, std::string message, Help help);
  std::vector<Found> found_;
};

}  // namespace bpnet::spec
