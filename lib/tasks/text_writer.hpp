#pragma once
// Texts written by a model, token by token.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tasks/sampling.hpp"

namespace bpnet {

class Graph;
class Network;
class TextWindows;

class TextWriter {
 public:
  virtual ~TextWriter() = default;
  /// Reads what the text begins with; returns how many of its tokens no training text had.
  virtual std::int64_t begin(std::string_view prompt) = 0;
  /// The text of the next token, and what stands before it; none where the text ends.
  virtual std::optional<std::string> next(Sampler& sampler) = 0;
};

/// Throws Error(configuration), with the place of the layer, if what comes out at a step of a time axis
/// depends on later ones.
void require_looking_back(const Graph& graph, int time);

/// Goes on where the prompt ends; nothing of the text is computed twice while it fits in the context. Behind
/// that a model that keeps earlier steps begins anew with the later half of its context.
std::unique_ptr<TextWriter> write_by_language_model(Network& network, const TextWindows& encoding);

}  // namespace bpnet
