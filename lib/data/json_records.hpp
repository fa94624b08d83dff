#pragma once
// JSON Lines cut into records: a column for each key.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/error.hpp"
#include "data/csv_records.hpp"
#include "data/json_line.hpp"

namespace bpnet {

/// Keys, numbered in the order added. Objects of a file mostly have the same keys in the same order, which is
/// tried first.
class JsonKeys {
 public:
  static constexpr int end = -1, unknown = -2;
  int add(std::string_view key);
  /// Goes to the next key of a line, of which `previous` came before (-1: none): its number, unknown (then
  /// line.key() is its text), or end. Throws JsonFault.
  int next(JsonLine& line, int previous) const;
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_, quoted_;
  std::unordered_map<std::string, int> numbers_;
};

/// Finds the keys of a text.
struct JsonSurvey {
  JsonKeys keys;
  std::int64_t lines = 0;
  /// Whole lines.
  void add(std::string_view text);
  /// Throws Error(data) with the lines of the file shown as this that are no objects, or if there is no key.
  void check(const std::string& shown);

 private:
  std::vector<RecordFault> faults_;
  std::size_t other_faults_ = 0;
};

/// True for a text that begins with an object.
bool begins_with_object(std::string_view text);

/// Between the cells of records that were JSON.
inline constexpr char json_separator = '\x1F';

class JsonRecords {
 public:
  /// `wanted`: by column, whether its cells are; those of others are empty. `ignorable`: the settings can
  /// leave columns out, as messages may say.
  JsonRecords(const std::vector<std::string>& names, std::vector<char> wanted, bool ignorable);
  void want(std::size_t column) { wanted_[column] = 1; }
  /// Whole lines into records, whose text is their own: a cell that is absent or null is empty. Texts are
  /// quoted where CSV would take them for something else.
  void cut(std::string_view text, Records& out) const;

 private:
  JsonKeys keys_;
  std::vector<char> wanted_;
  bool ignorable_;
};

}  // namespace bpnet
