#pragma once
// What a column may be declared as: the table behind data.columns, and what its types share.

#include "data/settings.hpp"

namespace bpnet {

struct ColumnType : Options {
  /// How cells are kept until they are encoded.
  enum class Cells : std::uint8_t { numbers, texts, dates, images, sentences, sequences };
  virtual Cells cells() const = 0;
  /// What is wrong with the options together; empty: nothing.
  virtual std::vector<std::string> faults() const { return {}; }
};

}  // namespace bpnet
