// What to say of words of other tools that stand for no one option or name of ours.

#include <algorithm>

#include "spec/words.hpp"

namespace bpnet::spec {

namespace {

/// `where`: ends of paths ("data.csv", "lstm"), or "model." for all that begins so, or a table's plural, or ^
/// for the top level.
/// `words`: keys, names or values found there; # is any number.
struct Answer {
  std::string_view where, words, answer;
};

constexpr Answer answers[] = {
    {"^", "base defaults default common anchors templates shared variables vars definitions",
     "an anchor (&name) may stand at the value itself, where it is first used"},
    // train
    {"train", "none off no false", "leave the section out for its defaults"},
    {"train", "shuffle", "not needed: rows come in a new order each epoch, which train.seed draws"},
    {"train", "callbacks", "write what they do: train.early_stopping, train.checkpoint, schedule"},
    {"train", "verbose quiet progress", "a matter of the command line: bpnet train --quiet"},
    {"train", "device gpu gpus cuda accelerator use_cuda use_gpu",
     "bpnet computes on the CPU; bpnet train --threads N says on how many threads"},
    {"train", "num_workers workers n_jobs threads num_threads n_threads",
     "a matter of the command line: bpnet train --threads N"},
    {"train", "out output output_dir save_dir save_path run_dir log_dir checkpoint_dir logdir",
     "a matter of the command line: bpnet train --out DIR"},
    {"train", "resume resume_from resume_from_checkpoint",
     "a matter of the command line: bpnet train --resume"},
    {"train", "save_every save_freq save_steps save_period checkpoint_every",
     "write checkpoint: {every: 10 epochs}"},
    {"train", "save_best save_best_only", "not needed: the best weights are kept, as train.best says"},
    {"train", "clip_value clipvalue gradient_clip_value clip_grad_value grad_clip_value",
     "write clip_norm: 1, which shortens the gradient as a whole"},
    {"train", "ema use_ema ema_decay polyak", "write average: {ema: 0.999}"},
    {"train", "swa use_swa", "write average: swa"},
    {"train", "dropout dropout_rate", "dropout is a layer: put '- dropout: 0.1' into model"},
    {"train", "bptt tbptt stateful", "write task: {language_model: {carry: true}}"},
    {"train.early_stopping", "monitor metric watch", "train.best says what is watched: loss, or a metric"},
    {"train.early_stopping", "restore_best_weights save_best",
     "not needed: the best weights are kept, as train.best says"},
    {"train.early_stopping plateau", "mode", "not needed: bpnet knows whether more or less is better"},
    {"plateau", "monitor metric watch", "train.best says what is watched: loss, or a metric"},
    {"swa", "start start_epoch swa_start", "did you mean 'from'? (a length: 75%, or 60 epochs)"},
    {"swa.from", "#", "it says when averaging begins: 75%, or 60 epochs"},
    // schedules
    {"cosine cosine_restarts plateau polynomial",
     "min_lr eta_min end_lr end_learning_rate lr_end end_value min_learning_rate",
     "did you mean 'min'? It is a share of the learning rate: min: 0.01 is a hundredth of it"},
    // data
    {"data", "test_size test_split test_fraction", "write split: {test: 20%}"},
    {"data", "validation_size validation_split validation_fraction val_size val_split",
     "write split: {validation: 10%}"},
    {"data.split", "#", "say of which part: split: {test: 20%}"},
    {"data", "random_state random_seed", "write split: {seed: 42}"},
    {"data.csv.encoding", "iso-8859-1 iso8859-1 iso8859-15 iso-8859-15 latin l1", "say latin1"},
    {"data.csv.encoding", "cp1252 windows1252 ansi", "say windows-1252"},
    {"data.csv.encoding", "ascii us-ascii utf8 utf-8-sig utf-8-bom unicode", "say utf-8"},
    {"data.csv.encoding", "utf16 ucs-2", "say auto if the file begins with a byte order mark, else utf-16le"},
    {"data.csv.header", "none null", "say false"},
    {"data.csv.header", "# infer", "say true if the first row holds names, false if it does not"},
    {"number.scale image.scale", "zscore standardize standardise standardized standard_scaler normal",
     "say standard"},
    {"number.scale", "min_max minmax_scaler normalize normalise normalized 01", "say minmax"},
    {"number.scale", "log", "say log1p"},
    {"number", "fillna fill impute imputer imputation",
     "did you mean 'missing'? (mean, median, mode, constant, ...)"},
    {"number", "fill_value constant", "write missing: constant, value: 0"},
    {"number.missing", "# zero", "write missing: constant, value: 0"},
    {"category", "missing fillna impute", "missing cells of a category are a label of their own"},
    {"columns", "one_hot onehot one_hot_encoding dummies", "write category: {encode: one_hot}"},
    {"columns", "embedding embed", "write category: {encode: embedding}"},
    {"columns", "ignore drop skip exclude none id index", "list the column in data.ignore"},
    {"data.series", "sampling frequency freq", "not needed: a step is a row"},
    // loss
    {"cross_entropy binary_cross_entropy mse mae huber focal poisson hinge quantile log_cosh",
     "reduction size_average", "not needed: the loss is the mean over the rows"},
    {"cross_entropy.weight focal.weight hinge.weight", "balanced balanced_subsample auto",
     "write class_weights: balanced"},
    {"binary_cross_entropy.weight", "balanced auto", "write positive_weight: balanced"},
    // metrics
    {"metrics", "f1_macro macro_f1 macro_f1_score", "write f1: {average: macro}"},
    {"metrics", "f1_micro micro_f1", "write f1: {average: micro}"},
    {"metrics", "f1_weighted weighted_f1", "write f1: {average: weighted}"},
    {"metrics", "precision_macro macro_precision", "write precision: {average: macro}"},
    {"metrics", "specificity true_negative_rate tnr selectivity",
     "it is the recall of the negative class: recall: {class: ...}"},
    {"metrics", "kappa cohen_kappa cohen_kappa_score CohenKappa", "there is none; matthews is much like it"},
    {"metrics", "ter translation_edit_rate rouge meteor",
     "there is none; chrf and word_error_rate are there"},
    // layers
    {"output", "units width out_features num_classes n_classes classes neurons size output_dim",
     "not needed: its width follows from the target"},
    {"output", "activation", "not needed: the loss brings the softmax, sigmoid or exponential it wants"},
    {"output.bias", "#", "write only 'output': its width follows from the target"},
    {"output.bias", "sigmoid softmax linear relu tanh identity none",
     "write only 'output': the loss brings the softmax, sigmoid or exponential it wants"},
    {"embedding", "input_dim num_embeddings vocab_size vocabulary",
     "not needed: the column says how many words or labels there are"},
    {"embedding", "mask_zero padding_idx", "not needed: no layer sees the padding"},
    {"lstm gru rnn", "batch_first time_major", "not needed: it is always (rows, steps, numbers)"},
    {"lstm gru rnn", "stateful bptt tbptt", "write task: {language_model: {carry: true}}"},
    {"language_model", "stateful bptt tbptt", "write carry: true"},
    {"model.", "in_features in_channels input_dim input_shape input_size batch_input_shape num_features nin",
     "not needed: sizes follow from the layer before"},
    {"layers", "input InputLayer", "not needed: the columns of data come in before the first layer"},
    {"layers", "time_distributed", "not needed: dense acts on each step of a sequence"},
    {"layers", "GlobalMaxPooling1D GlobalMaxPool1d AdaptiveMaxPool1d max_over_time",
     "write temporal_pool: max"},
    {"layers", "GlobalAveragePooling1D GlobalAvgPool1d AdaptiveAvgPool1d mean_pool",
     "write temporal_pool: mean"},
    {"layers", "max_pool1d MaxPooling1D",
     "write temporal_pool: max, over all steps; no layer pools them in windows"},
    {"layers", "average_pool1d avg_pool1d AveragePooling1D",
     "write temporal_pool: mean, over all steps; no layer pools them in windows"},
    {"layers", "attention_pool attention_pooling attentive_pool", "write temporal_pool: attention"},
    {"temporal_pool.by", "average avg", "say mean"},
    {"temporal_pool.by", "maximum", "say max"},
    {"conv1d.padding", "causal", "write causal: true instead of padding"},
    {"positions.type", "rotary rope",
     "leave positions out and write rotary: true in attention or transformer"},
    {"transformer", "mlp_ratio",
     "did you mean 'feed_forward'? It is the width itself, four times units when not given"},
    // tasks
    {"tasks", "forecasting forecast time_series timeseries",
     "leave task out and write data.series: {time: COLUMN, window: 48, horizon: 1}"},
};

bool is_number(std::string_view word) {
  return !word.empty() && word.find_first_not_of("-.0123456789") == std::string_view::npos;
}

bool stands_in(std::string_view where, std::string_view path) {
  const std::vector<std::string> ends = split_words(where);
  return std::any_of(ends.begin(), ends.end(), [&](const std::string& end) {
    if (end == "^") return path.empty();
    return end.ends_with('.') ? path.starts_with(end) : path == end || path.ends_with("." + end);
  });
}

}  // namespace

std::string answer_to(std::string_view path, std::string_view word) {
  for (const auto& [where, words, answer] : answers)
    if (stands_in(where, path) && (lists_word(words, word) || (is_number(word) && lists_word(words, "#"))))
      return std::string(answer);
  return "";
}

}  // namespace bpnet::spec
