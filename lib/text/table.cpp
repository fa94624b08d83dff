#include "spec/table.hpp"

#include "text/tokenizer.hpp"

#define TOKENIZERS(X) \
  X(words)            \
  X(characters)       \
  X(bytes)            \
  X(bpe)

namespace bpnet {
BPNET_TABLE(tokenizers, "tokenizer", "tokenizers", tokenizer_entries, TOKENIZERS)
}
