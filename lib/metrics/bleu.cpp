#include "text/bleu.hpp"
#include "metrics/corpus.hpp"
#include "spec/table.hpp"

namespace bpnet::metric_entries {

extern const Entry bleu = {"bleu",
                           "n-grams of the texts that stand in the right ones, 0 to 100, as sacrebleu "
                           "counts (Papineni et al. 2002)",
                           "BLEU sacrebleu BLEUScore",
                           "bleu",
                           "text",
                           make<CorpusScore<Bleu>>};

}  // namespace bpnet::metric_entries
