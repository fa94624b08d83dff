#include <cassert>

#include "spec/options.hpp"

namespace bpnet {

const Entry* Table::find(std::string_view name) const {
  for (const Entry* entry : entries)
    if (name == entry->name) return entry;
  return nullptr;
}

Choice choose(const Table& table, std::string_view name) {
  const Entry* entry = table.find(name);
  assert(entry && "the table lacks this entry");
  return {entry, entry->make(), {}};
}

}  // namespace bpnet
