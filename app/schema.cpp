#include <cstdio>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "spec/spec.hpp"
#include "train/settings.hpp"

namespace bpnet::app::command_entries {

extern const Command schema = {"schema", "print the JSON Schema of the YAML, for editors",
                               "bpnet schema > bpnet.schema.json", [](Arguments) -> std::function<int()> {
                                 return [] {
                                   Settings settings;
                                   std::puts(schema_of(settings).dump(2).c_str());
                                   return int{ok};
                                 };
                               }};

}  // namespace bpnet::app::command_entries
