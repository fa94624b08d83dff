// Names of other tools for what the tables and the settings have: each must lead to ours.
#include <doctest/doctest.h>

#include <algorithm>

#include "averages/average.hpp"
#include "initialisers/initialiser.hpp"
#include "layers/layer.hpp"
#include "losses/loss.hpp"
#include "metrics/metric.hpp"
#include "optimizers/optimizer.hpp"
#include "schedules/schedule.hpp"
#include "spec/advice.hpp"
#include "spec/words.hpp"
#include "tasks/task.hpp"
#include "train/settings.hpp"

using namespace bpnet;

namespace {

struct Names {
  const Table& table;
  const char* ours;
  const char* theirs;
};

// PyTorch, Keras, scikit-learn, torchmetrics, optax, transformers
const Names names[] = {
    {layers, "dense", "Linear Dense"},
    {layers, "leaky_relu", "LeakyReLU RReLU leakyrelu"},
    {layers, "prelu", "PReLU"},
    {layers, "softmax", "Softmax Softmax2d"},
    {layers, "silu", "SiLU swish"},
    {layers, "hard_tanh", "Hardtanh"},
    {layers, "conv1d", "Conv1d Conv1D SeparableConv1D DepthwiseConv1D"},
    {layers, "conv2d", "Conv2d Conv2D SeparableConv2D DepthwiseConv2D"},
    {layers, "conv2d_transpose", "ConvTranspose2d Conv2DTranspose"},
    {layers, "max_pool2d", "MaxPool2d MaxPooling2D"},
    {layers, "average_pool2d", "AvgPool2d AveragePooling2D"},
    {layers, "global_average_pool", "GlobalAveragePooling2D AdaptiveAvgPool2d"},
    {layers, "batch_norm", "BatchNorm1d BatchNorm2d BatchNormalization SyncBatchNorm BatchNorm"},
    {layers, "layer_norm", "LayerNorm LayerNormalization"},
    {layers, "instance_norm", "InstanceNorm1d InstanceNorm2d"},
    {layers, "dropout", "Dropout GaussianDropout"},
    {layers, "spatial_dropout", "Dropout1d Dropout2d SpatialDropout1D SpatialDropout2D"},
    {layers, "attention", "MultiheadAttention MultiHeadAttention GroupQueryAttention"},
    {layers, "transformer", "TransformerEncoder TransformerEncoderLayer TransformerDecoder encoder"},
    {layers, "embedding", "Embedding EmbeddingBag"},
    {layers, "lstm", "LSTM LSTMCell"},
    {layers, "upsample", "Upsample UpSampling2D UpsamplingNearest2d"},
    {layers, "zero_pad", "ZeroPad2d ZeroPadding2D"},
    {layers, "parallel", "Concatenate"},
    {layers, "residual", "Add skip_connection"},
    {losses, "cross_entropy",
     "CrossEntropyLoss NLLLoss CategoricalCrossentropy SparseCategoricalCrossentropy log_loss"},
    {losses, "binary_cross_entropy", "BCELoss BCEWithLogitsLoss BinaryCrossentropy SoftMarginLoss"},
    {losses, "mse", "MSELoss MeanSquaredError squared_error l2_loss"},
    {losses, "mae", "L1Loss MeanAbsoluteError absolute_error"},
    {losses, "huber", "HuberLoss SmoothL1Loss huber_loss"},
    {losses, "hinge", "Hinge SquaredHinge squared_hinge HingeEmbeddingLoss MultiMarginLoss"},
    {losses, "poisson", "PoissonNLLLoss Poisson"},
    {optimizers, "sgd", "SGD ASGD GradientDescent"},
    {optimizers, "adam", "Adam Adamax SparseAdam"},
    {optimizers, "rmsprop", "RMSprop RMSProp"},
    {optimizers, "lbfgs", "LBFGS"},
    {schedules, "multi_step", "MultiStepLR PiecewiseConstantDecay piecewise_constant_schedule"},
    {schedules, "one_cycle", "OneCycleLR CyclicLR cosine_onecycle_schedule"},
    {schedules, "cosine", "CosineAnnealingLR CosineDecay cosine_decay_schedule warmup_cosine_decay_schedule"},
    {schedules, "cosine_restarts", "CosineAnnealingWarmRestarts CosineDecayRestarts cosine_with_restarts"},
    {schedules, "plateau", "ReduceLROnPlateau"},
    {schedules, "inverse_sqrt", "InverseTimeDecay invscaling"},
    {schedules, "exponential", "ExponentialLR MultiplicativeLR ExponentialDecay"},
    {schedules, "polynomial", "PolynomialLR LinearLR linear_schedule"},
    {metrics, "accuracy", "Accuracy CategoricalAccuracy BinaryAccuracy accuracy_score token_accuracy"},
    {metrics, "word_error_rate", "WordErrorRate wer phoneme_error_rate"},
    {metrics, "f1", "F1Score FBetaScore f1_score"},
    {metrics, "roc_auc", "AUROC AUC roc_auc_score"},
    {metrics, "rmse", "RootMeanSquaredError neg_root_mean_squared_error"},
    {metrics, "matthews", "MatthewsCorrCoef"},
    {metrics, "spearman", "SpearmanCorrCoef pearsonr"},
    {initialisers, "he_normal", "he HeNormal kaiming_normal_ VarianceScaling"},
    {initialisers, "glorot_uniform", "GlorotUniform xavier_uniform_"},
    {initialisers, "normal", "RandomNormal TruncatedNormal trunc_normal_"},
    {averages, "ema", "EMA polyak"},
};

struct Arguments {
  const Table& table;
  const char* member;
  const char* ours;
  const char* theirs;
};

const Arguments arguments[] = {
    {layers, "dense", "units", "out_features neurons width hidden_size output_dim"},
    {layers, "dense", "initialiser", "kernel_initializer weight_initialiser weight_init"},
    {layers, "dense", "bias", "use_bias"},
    {layers, "dense", "freeze", "trainable"},
    {layers, "conv2d", "channels", "filters out_channels"},
    {layers, "conv2d", "stride", "strides"},
    {layers, "conv2d", "dilation", "dilation_rate"},
    {layers, "conv2d", "padding", "pad"},
    {layers, "max_pool2d", "kernel_size", "pool_size"},
    {layers, "dropout", "rate", "p probability"},
    {layers, "gaussian_noise", "deviation", "std stddev sigma"},
    {layers, "leaky_relu", "negative_slope", "alpha slope"},
    {layers, "batch_norm", "epsilon", "eps"},
    {layers, "batch_norm", "affine", "elementwise_affine center"},
    {layers, "cross", "depth", "layers num_layers"},
    {layers, "lstm", "layers", "num_layers depth"},
    {layers, "lstm", "output", "return_sequences"},
    {layers, "transformer", "heads", "nhead num_heads"},
    {layers, "transformer", "feed_forward", "dim_feedforward d_ff"},
    {layers, "attention", "heads", "num_heads"},
    {layers, "maxout", "pieces", "pool_size"},
    {losses, "focal", "class_weights", "alpha"},
    {losses, "focal", "gamma", "focusing"},
    {losses, "quantile", "levels", "quantiles q tau"},
    {losses, "binary_cross_entropy", "positive_weight", "pos_weight"},
    {losses, "huber", "delta", "beta"},
    {losses, "cross_entropy", "class_weights", "class_weight"},
    {optimizers, "adam", "learning_rate", "lr eta step_size"},
    {optimizers, "adam", "beta1", "beta_1 b1"},
    {optimizers, "adam", "epsilon", "eps"},
    {optimizers, "rmsprop", "alpha", "decay rho"},
    {optimizers, "adadelta", "rho", "decay"},
    {optimizers, "lookahead", "inner", "optimizer base_optimizer"},
    {optimizers, "lookahead", "steps", "k sync_period"},
    {optimizers, "sam", "inner", "optimizer base_optimizer"},
    {optimizers, "lbfgs", "history", "history_size"},
    {schedules, "step", "every", "size step_size"},
    {schedules, "step", "factor", "gamma"},
    {schedules, "multi_step", "at", "milestones boundaries epochs"},
    {schedules, "cosine", "min", "eta_min min_lr"},
    {layers, "positions", "max_positions", "max_len max_position_embeddings"},
    {layers, "transformer", "rotary", "rope use_rope"},
    {layers, "transformer", "feed_forward", "ff_dim"},
    {tasks, "sequence_to_sequence", "shared_vocabulary", "share_vocab"},
    {tasks, "sequence_to_sequence", "length_penalty", "length_normalization alpha"},
    {tasks, "sequence_to_sequence", "max_length", "max_new_tokens"},
    {column_types, "text", "ngrams", "ngram_range"},
    {schedules, "cosine_restarts", "first", "T_0 first_decay_steps"},
    {schedules, "one_cycle", "rise", "pct_start"},
    {schedules, "plateau", "factor", "gamma"},
    {metrics, "top_k", "k", "top_k"},
    {initialisers, "normal", "deviation", "std stddev"},
};

bool says(const std::vector<std::string>& help, const std::string& ours) {
  return std::any_of(help.begin(), help.end(), [&](const std::string& line) {
    return line.find("did you mean '" + ours + "'") != std::string::npos;
  });
}

std::string help_on_name(const char* name, const Table& table) {
  return spec::advise_name(spec::scalar_node(name, false), table).at(0);
}

std::string help_on(const std::string& key, const char* section) {
  Settings settings;
  const std::vector<spec::Info> root = spec::collect(settings);
  const spec::Info* here = spec::find_info(root, section);
  return spec::advise_option(spec::scalar_node(key, false), here->options, section, root).help.at(0);
}

}  // namespace

TEST_CASE("names of members that other tools have") {
  for (const auto& [table, ours, theirs] : names)
    for (const std::string& word : spec::split_words(theirs)) {
      CAPTURE(ours);
      CAPTURE(word);
      CHECK(says(spec::advise_name(spec::scalar_node(word, false), table), ours));
    }
}

TEST_CASE("names of options that other tools have") {
  for (const auto& [table, member, ours, theirs] : arguments)
    for (const std::string& word : spec::split_words(theirs)) {
      CAPTURE(member);
      CAPTURE(word);
      const auto options = table.find(member)->make();
      const auto help =
          spec::advise_option(spec::scalar_node(word, false), spec::collect(*options), member, {}).help;
      CHECK(says(help, ours));
    }
}

TEST_CASE("words of other tools that stand for no one word of ours are answered") {
  constexpr struct {
    const char *path, *words, *part;
  } cases[] = {
      {"train", "shuffle", "new order each epoch"},
      {"train", "device gpu", "--threads N"},
      {"train", "num_workers n_jobs", "--threads N"},
      {"train", "out output_dir", "--out DIR"},
      {"train", "clip_value", "clip_norm: 1"},
      {"train", "ema", "average: {ema: 0.999}"},
      {"train", "SWA", "average: swa"},
      {"train", "dropout", "- dropout: 0.1"},
      {"train", "tbptt", "carry: true"},
      {"train.early_stopping", "monitor", "train.best"},
      {"train.early_stopping", "restore_best_weights", "not needed"},
      {"schedule.plateau", "mode", "not needed"},
      {"schedule.cosine", "eta_min min_lr", "did you mean 'min'? It is a share"},
      {"data", "test_size", "split: {test: 20%}"},
      {"data.split", "0.2", "split: {test: 20%}"},
      {"data", "validation_split", "split: {validation: 10%}"},
      {"data.csv.encoding", "iso-8859-1 ISO-8859-1", "say latin1"},
      {"data.csv.encoding", "cp1252", "say windows-1252"},
      {"data.csv.encoding", "ascii utf8", "say utf-8"},
      {"data.csv.header", "none", "say false"},
      {"data.csv.header", "0", "say true if"},
      {"data.columns.a.number.scale", "zscore", "say standard"},
      {"data.columns.a.number", "fillna", "did you mean 'missing'?"},
      {"data.columns.a.number.missing", "0 -1.5", "missing: constant, value: 0"},
      {"data.columns.a.category", "missing", "label of their own"},
      {"columns", "one_hot", "category: {encode: one_hot}"},
      {"columns", "ignore", "data.ignore"},
      {"loss.cross_entropy", "reduction", "not needed"},
      {"loss.a.cross_entropy.weight", "balanced", "class_weights: balanced"},
      {"metrics", "f1_macro", "f1: {average: macro}"},
      {"metrics", "specificity", "recall"},
      {"metrics", "kappa", "matthews"},
      {"metrics", "ter", "chrf"},
      {"model.1.output", "units", "follows from the target"},
      {"model.1.output", "activation", "the loss brings"},
      {"model.1.output.bias", "2", "follows from the target"},
      {"model.1.embedding", "input_dim mask_zero padding_idx", "not needed"},
      {"model.1.lstm", "batch_first", "not needed"},
      {"model.1.lstm", "stateful", "carry: true"},
      {"task.language_model", "bptt", "carry: true"},
      {"model.1.dense", "in_features input_dim input_shape", "not needed"},
      {"layers", "Input", "not needed"},
      {"layers", "TimeDistributed", "not needed"},
      {"layers", "GlobalMaxPooling1D global_max_pool1d max_pool1d", "temporal_pool: max"},
      {"layers", "GlobalAveragePooling1D", "temporal_pool: mean"},
      {"layers", "attention_pool", "temporal_pool: attention"},
      {"model.1.temporal_pool.by", "average", "say mean"},
      {"model.1.conv1d.padding", "causal", "causal: true"},
      {"model.1.positions.type", "rotary", "rotary: true"},
      {"model.1.transformer", "mlp_ratio", "feed_forward"},
      {"tasks", "forecasting", "data.series"},
  };
  for (const auto& [path, words, part] : cases)
    for (const std::string& word : spec::split_words(words)) {
      CAPTURE(path);
      CAPTURE(word);
      CHECK(spec::answer_to(path, word).find(part) != std::string::npos);
    }
  CHECK(spec::answer_to("train", "epochs").empty());
  CHECK(spec::answer_to("data.trains", "shuffle").empty());
}

TEST_CASE("a name alone stands for what needs no options") {
  const spec::Node linear = spec::scalar_node("linear", false);
  CHECK(says(spec::advise_name(linear, layers, true), "identity"));
  CHECK(says(spec::advise_name(linear, layers), "dense"));
}

TEST_CASE("calls, as Python has them") {
  CHECK(help_on_name("Dense(16)", layers) == "write dense: 16");
  CHECK(help_on_name("nn.ReLU()", layers) == "write relu");
  CHECK(help_on_name("Dense(16, activation='relu')", layers) == "write dense: {units: 16, activation: relu}");
  CHECK(help_on_name("nn.Linear(10, 16)", layers) == "write dense: {...}");
  CHECK(help_on_name("SGD(lr=0.1, momentum=0.9)", optimizers) ==
        "write sgd: {learning_rate: 0.1, momentum: 0.9}");
}

TEST_CASE("other tools' words in the wrong section") {
  CHECK(help_on("lr", "train").find("learning_rate belongs in optimizer") != std::string::npos);
  CHECK(help_on("epoch", "train").find("did you mean 'epochs'?") != std::string::npos);
  CHECK(help_on("max_tokens", "train").find("did you mean 'batch_tokens'?") != std::string::npos);
  CHECK(help_on("gradient_clipping", "train").find("did you mean 'clip_norm'?") != std::string::npos);
  CHECK(help_on("weights", "data").find("did you mean 'weight'?") != std::string::npos);
  CHECK(help_on("drop", "data").find("did you mean 'ignore'?") != std::string::npos);
}
