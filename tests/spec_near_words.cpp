#include <doctest/doctest.h>

#include "spec/spec.hpp"

using bpnet::near_words;
using Words = std::vector<std::string>;

TEST_CASE("words that are near") {
  const Words known = {"learning_rate", "weight_decay", "batch_size", "units", "relu", "gelu", "epochs"};
  CHECK(near_words("learning_rte", known) == Words{"learning_rate"});
  CHECK(near_words("rate_learning", known) == Words{"learning_rate"});
  CHECK(near_words("learning", known) == Words{"learning_rate"});
  CHECK(near_words("batchSize", known) == Words{"batch_size"});
  CHECK(near_words("batch-size", known) == Words{"batch_size"});
  CHECK(near_words("BATCH_SIZE", known) == Words{"batch_size"});
  CHECK(near_words("unit", known) == Words{"units"});
  CHECK(near_words("untis", known) == Words{"units"});
  CHECK(near_words("rleu", known) == Words{"relu"});
  CHECK(near_words("Relu", known) == Words{"relu", "gelu"});
  CHECK(near_words("epoch", known) == Words{"epochs"});
  CHECK(near_words("weight", known) == Words{"weight_decay"});
}

TEST_CASE("words that are not") {
  const Words known = {"learning_rate", "units", "relu", "lr"};
  CHECK(near_words("momentum", known).empty());
  CHECK(near_words("", known).empty());
  CHECK(near_words("x", known).empty());
  CHECK(near_words(std::string(100000, 'l'), known).empty());
  CHECK(near_words("units", {}).empty());
}
