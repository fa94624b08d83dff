#include "train/settings.hpp"

#include <functional>

#include "augmentations/augmentation.hpp"
#include "averages/average.hpp"
#include "layers/layer.hpp"
#include "losses/loss.hpp"
#include "metrics/metric.hpp"
#include "optimizers/optimizer.hpp"
#include "schedules/schedule.hpp"

namespace bpnet {

void EarlyStopping::visit(Visitor& v) {
  v("patience", patience, "training ends when the best evaluation is this long ago");
  v("min_delta", min_delta, at_least(0), "a smaller improvement does not count");
}

void CheckpointSettings::visit(Visitor& v) {
  v("every", every, "time, steps or epochs between two checkpoints");
  v("keep", keep, between(1, 1000), "checkpoints to keep, the newest included");
}

void EnsembleSettings::visit(Visitor& v) {
  v("members", members, between(1, 1000), "networks with first weights of their own, trained side by side");
  v("shared", shared,
    "one network for all; dense layers with scales and biases, and the output layer, for each (TabM)");
}

static constexpr const char* test_average_words[] = {"none", "mirror", "mirror_shift"};
static constexpr const char* on_divergence_words[] = {"stop", "rollback"};
static constexpr const char* precision_words[] = {"float32", "bfloat16"};

void TrainSettings::visit(Visitor& v) {
  v.optional("epochs", epochs, "none", between(1, 1e9), "passes over the training rows");
  v.optional("steps", steps, "none", between(1, 1e15), "optimizer steps, instead of epochs");
  v.optional("batch_size", batch_size, "all", between(1, 1 << 30), "rows of a step");
  v.optional("batch_tokens", batch_tokens, "none", between(1, 1 << 30),
             "steps of the sequences of a batch with their padding, about, instead of batch_size, which is "
             "all then");
  v("seed", seed, between(0, 9e15), "seed of weights, dropout and order of rows");
  v("evaluate", evaluate, "epochs or steps between two evaluations, each a row of the log");
  v("best", best, "what chooses the model that is kept, on validation rows: loss, a metric, or last");
  v.begin_optional({"early_stopping", "end before epochs or steps when nothing improves"}, stop_early,
                   "none");
  v("early_stopping", early_stopping, "end before epochs or steps when nothing improves");
  v.end_optional();
  v.optional("clip_norm", clip_norm, "none", above(0),
             "gradients longer than this are shortened to it; 1 for sequences when not given");
  v("accumulate", accumulate, between(1, 1 << 20), "batches whose gradients make one step");
  v.begin_optional({"ensemble", "several networks in one model, whose answers are averaged"}, several,
                   "none");
  v("ensemble", ensemble,
    "several networks in one model, whose answers are averaged; loss is their mean loss");
  v.end_optional();
  v("average", average, averages, "mean of the weights of many steps: what is evaluated and kept, or none");
  v("l1", l1, at_least(0), "this times the sign of a weight is added to its gradient; not on biases, norms");
  v("l2", l2, at_least(0), "this times a weight is added to its gradient; not on biases, norms");
  v.unless_empty("start_from", start_from, "none",
                 "a run or model file: its tensors of the same name and shape are the first weights");
  v("augment", augment, augmentations,
    "how pictures of training batches are changed by chance, in this order; of mixed ones, train metrics "
    "count the own target");
  v("test_average", test_average, test_average_words,
    "answers are means over a picture and its mirror image, and over both moved by a pixel to and fro; "
    "evaluation takes 2 or 6 times as long");
  v("precision", precision, precision_words,
    "bfloat16: dense layers and convolutions round what they multiply, on CPUs with AVX512_BF16; weights and "
    "sums stay float32, as do 3x3 convolutions by Winograd's way");
  Length time = max_time.value_or(Length{0, Length::Unit::seconds});
  bool timed = max_time.has_value();
  v.optional("max_time", time, timed, "none", "training ends after this time, with status 0");
  max_time = timed ? std::optional(time) : std::nullopt;
  v("on_divergence", on_divergence, on_divergence_words,
    "where a loss or gradient is not finite: stop, or rollback to the best weights so far, with the "
    "optimizer anew and "
    "half the learning rate, ten times at most");
  v.optional("checkpoint", checkpoint, checkpoints, "none",
             "how often the state of training is saved; none: only at the end");
}

namespace {
ChoiceMap usual_optimizer() { return {{"", choose(optimizers, "adam")}}; }
}  // namespace

Settings::Settings()
    : task(choose(tasks, "supervised")),
      optimizer(usual_optimizer()),
      schedule(choose(schedules, "constant")) {}

void Settings::visit(Visitor& v) {
  v("name", name, "name of the run folder; auto takes the file's stem");
  v("task", task, tasks, "what the model is trained to do");
  v("data", data, "files, columns and the split");
  v.stacks({"model", "a list of layers, or inputs with a list each and a trunk"}, model, layers);
  const Option loss_option = {
      "loss", "what training makes small; auto takes usual: cross_entropy, binary_cross_entropy or mse"};
  bool written = !loss.empty();
  v.begin_optional(loss_option, written, "auto");
  v.choice_or_map(loss_option, loss, losses);
  v.end_optional();
  if (!written) loss.clear();
  for (auto& [target, choice] : loss)
    if (!choice) {
      const Place place = choice.place;
      choice = choose(losses, "usual");
      choice.place = place;
    }
  v.choice_or_map({"optimizer", "how weights follow their gradients: all of them, or those of each stack"},
                  optimizer, optimizers);
  if (optimizer.empty()) optimizer = usual_optimizer();
  v("schedule", schedule, schedules, "how the learning rate changes");
  v.unless_empty("metrics", metrics, "auto", std::cref(bpnet::metrics),
                 "what is reported beside the loss, the main one first; auto fits the target");
  v("train", train, "the training loop");
}

}  // namespace bpnet
