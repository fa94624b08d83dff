#include "spec_toys.hpp"

namespace toys {

namespace {
const Entry dense = {"dense", "fully connected layer", "Linear fc Dense", "dense: 5", "7", make<ToyDense>};
const Entry dropout = {"dropout", "sets elements to zero", "Dropout", "dropout: 0.4", "7", make<ToyDropout>};
const Entry relu = {"relu", "max(0, x)", "ReLU", "relu", "7", make<ToyRelu>};
const Entry gelu = {"gelu", "x times the normal distribution", "GELU", "gelu", "7", make<ToyRelu>};
const Entry output = {"output", "as wide as the target", "Output head", "output", "7", make<ToyRelu>};
const Entry residual = {"residual", "adds its input", "skip", "residual: [relu]", "7", make<ToyResidual>};
const Entry parallel = {"parallel", "several lists",  "concat", "parallel: [[relu], []]",
                        "7",        make<ToyParallel>};
const Entry* const layer_list[] = {&dense, &dropout, &relu, &gelu, &output, &residual, &parallel};

const Entry cross_entropy = {"cross_entropy", "for classes", "CrossEntropyLoss", "cross_entropy", "",
                             make<ToyLoss>};
const Entry mse = {"mse", "squared error", "MSELoss mean_squared_error", "mse", "", make<ToyMetric>};
const Entry* const loss_list[] = {&cross_entropy, &mse};

const Entry adam = {"adam", "Kingma and Ba", "Adam", "adam: 0.001", "", make<ToyAdam>};
const Entry sgd = {"sgd", "steps down the gradient", "SGD", "sgd: 0.01", "", make<ToySgd>};
const Entry averaged = {"averaged", "averages another one", "swa", "averaged: adam", "", make<ToyAveraged>};
const Entry* const optimizer_list[] = {&adam, &sgd, &averaged};

const Entry constant = {"constant", "1", "", "constant", "", make<ToySchedule>};
const Entry cosine = {"cosine", "half a wave", "CosineAnnealingLR", "cosine", "", make<ToyCosine>};
const Entry* const schedule_list[] = {&constant, &cosine};

const Entry accuracy = {"accuracy", "share of right answers", "acc", "accuracy", "", make<ToyMetric>};
const Entry f1 = {"f1", "harmonic mean", "f1_score", "f1", "", make<ToyMetric>};
const Entry* const metric_list[] = {&accuracy, &f1};

const Entry number = {"number", "a number", "float numeric", "number", "", make<ToyNumber>};
const Entry category = {"category", "one of some words", "categorical", "category", "", make<ToyCategory>};
const Entry* const column_list[] = {&number, &category};
}  // namespace

const Table layers = {"layer", "layers", layer_list};
const Table losses = {"loss", "losses", loss_list};
const Table optimizers = {"optimizer", "optimizers", optimizer_list};
const Table schedules = {"schedule", "schedules", schedule_list};
const Table metrics = {"metric", "metrics", metric_list};
const Table column_types = {"column type", "column types", column_list};

}  // namespace toys
