#pragma once
// The list behind a table: one name a line. An entry `mse` lives in lib/losses/mse.cpp, which ends with
//   namespace bpnet::loss_entries { extern const Entry mse = {"mse", ...}; }     // extern: seen by the table
// and lib/losses/table.cpp names it:
//   #define LOSSES(X) X(cross_entropy) X(mse)
//   namespace bpnet { BPNET_TABLE(losses, "loss", "losses", loss_entries, LOSSES) }
// Tables and entries are constants, so they are there before any code runs.

#include "spec/options.hpp"

#define BPNET_TABLE_DECLARE(name) extern const Entry name;
#define BPNET_TABLE_POINT(name) &name,
#define BPNET_TABLE(table, kind, plural, entries, LIST)             \
  namespace entries {                                               \
  LIST(BPNET_TABLE_DECLARE)                                         \
  static constexpr const Entry* list[] = {LIST(BPNET_TABLE_POINT)}; \
  }                                                                 \
  constinit const Table table = {kind, plural, entries::list};

namespace bpnet {

/// For an entry: makes a T.
template <class T>
std::unique_ptr<Options> make() {
  return std::make_unique<T>();
}

}  // namespace bpnet
