#include <cstdio>

#include "command.hpp"

namespace bpnet::app::command_entries {

extern const Command version = {"version", "print the version", "bpnet version",
                                [](Arguments) -> std::function<int()> {
                                  return [] {
                                    std::printf("bpnet %s\n", BPNET_VERSION);
                                    return int{ok};
                                  };
                                }};

}  // namespace bpnet::app::command_entries
