#pragma once
// What a column may be declared as: the table behind data.columns, and what its types share.

#include "data/settings.hpp"

namespace bpnet {

struct ColumnType : Options {
  /// How cells are kept until they are encoded: as numbers, or as texts.
  virtual bool numbers() const = 0;
};

}  // namespace bpnet
