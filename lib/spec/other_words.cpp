#include <algorithm>
#include <utility>

#include "spec/words.hpp"

namespace bpnet::spec {

namespace {

constexpr std::pair<std::string_view, std::string_view> other_words[] = {
    {"accumulate", "accumulation accumulate_grad_batches gradient_accumulation gradient_accumulation_steps"},
    {"activation", "act nonlinearity activation_function act_fn"},
    {"batch_size", "batch bs minibatch mini_batch_size minibatch_size train_batch_size"},
    {"beta1", "beta_1 b1 betas"},
    {"beta2", "beta_2 b2"},
    {"bias", "use_bias fit_intercept has_bias"},
    {"channels", "filters out_channels nb_filter num_filters"},
    {"clip_norm", "clip clipnorm grad_clip gradient_clip gradient_clip_val max_grad_norm clip_grad_norm"},
    {"delimiter", "sep separator delim"},
    {"early_stopping", "early_stop earlystopping"},
    {"epochs", "n_epochs num_epochs nb_epoch max_epochs max_iter n_iter iterations num_train_epochs"},
    {"epsilon", "eps"},
    {"evaluate", "eval_every evaluate_every val_every validation_freq eval_interval"},
    {"features", "input_columns feature_columns predictors x X"},
    {"file", "path filename file_name csv csv_file dataset data_file data_path"},
    {"freeze", "frozen trainable requires_grad"},
    {"initialiser", "init initializer kernel_initializer weight_init initialization initialisation"},
    {"label_smoothing", "smoothing"},
    {"learning_rate", "lr eta alpha step_size learning_rate_init base_lr initial_learning_rate"},
    {"loss", "criterion objective loss_function loss_fn"},
    {"max_time", "time_limit timeout max_seconds"},
    {"metrics", "scores scoring"},
    {"missing", "na_values null_values nan_values"},
    {"model", "network net architecture layers layer_list"},
    {"momentum", "mu"},
    {"name", "run_name experiment title"},
    {"negative_slope", "alpha slope leak"},
    {"optimizer", "optimiser optim solver"},
    {"rate", "p prob probability drop_prob dropout_rate drop"},
    {"schedule", "scheduler lr_schedule lr_scheduler learning_rate_schedule"},
    {"seed", "random_state random_seed rng_seed manual_seed"},
    {"steps", "max_steps num_steps total_steps"},
    {"stratify", "stratified"},
    {"target", "label labels y output_column target_column class_column"},
    {"test", "test_size test_split test_file test_data"},
    {"train", "training trainer fit"},
    {"units",
     "neurons filters hidden hidden_size hidden_units hidden_dim out_features output_dim n_units num_units "
     "width "
     "size"},
    {"validation", "val valid dev val_split validation_split validation_size validation_fraction val_data"},
    {"warmup", "warm_up warmup_steps warmup_ratio num_warmup_steps"},
    {"weight_decay", "wd l2_penalty l2_reg kernel_regularizer"},
};

}  // namespace

std::vector<std::string> our_words(std::string_view other) {
  std::vector<std::string> ours;
  for (const auto& [word, list] : other_words) {
    const std::vector<std::string> theirs = split_words(list);
    if (std::find(theirs.begin(), theirs.end(), other) != theirs.end()) ours.emplace_back(word);
  }
  return ours;
}

}  // namespace bpnet::spec
