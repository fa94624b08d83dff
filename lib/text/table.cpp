#include "spec/table.hpp"

#include "text/tokenizer.hpp"

#define TOKENIZERS(X) \
  X(words)            \
  X(characters)       \
  X(bytes)            \
  X(bpe)              \
  X(symbols)

namespace bpnet {
BPNET_TABLE(tokenizers, "tokenizer", "tokenizers", tokenizer_entries, TOKENIZERS)
}
