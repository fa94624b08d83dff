#pragma once
// YAML that cannot be parsed, in words that say what to do.

#include "spec/findings.hpp"

namespace bpnet::spec {

/// `at`: where the YAML library stopped, `said`: its message, `open`: the flow list or map not closed there.
void explain_syntax(const Source& source, std::size_t begin, std::size_t at, std::string_view said,
                    const Node* open, Findings& findings);

}  // namespace bpnet::spec
