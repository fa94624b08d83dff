#pragma once
// Settings as written: a tree of scalars, lists and maps. What a scalar means is up to the option that reads
// it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "spec/source.hpp"

namespace bpnet::spec {

struct Field;

struct Node {
  enum class Kind : std::uint8_t {
    empty,  // nothing was written after the key
    off,    // the word that switches an option off; null in JSON
    scalar,
    list,
    map,
  };
  Kind kind = Kind::empty;
  bool quoted = false;  // a scalar that is text whatever it looks like
  bool folded = false;  // a plain scalar that runs over several lines
  std::string text;     // of a scalar; of an option that is off, its word
  std::vector<Node> items;
  std::vector<Field> fields;

  const Source* source = nullptr;  // null: not from text
  std::size_t offset = 0, length = 0;

  /// A scalar without quotes that reads `word`.
  bool is_word(std::string_view word) const { return kind == Kind::scalar && !quoted && text == word; }
  const Node* find(std::string_view key) const;
  Node* find(std::string_view key);
  Place place() const { return source ? source->place(offset, length) : Place{}; }
};

struct Field {
  Node key, value;
};

Node scalar_node(std::string text, bool quoted);

/// A key path and one more part; parts that are no plain words are quoted: data.columns."pm2.5".
std::string join(const std::string& path, std::string_view part);

}  // namespace bpnet::spec
