#include "text/chrf.hpp"
#include "metrics/corpus.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

extern const Entry chrf = {
    "chrf",
    "n-grams of characters shared with the right text nearest, 0 to 100, as sacrebleu counts (Popovic 2015)",
    "chrF chrf2",
    "chrf",
    "text",
    make<CorpusScore<Chrf>>};

}  // namespace bpnet::metric_entries
