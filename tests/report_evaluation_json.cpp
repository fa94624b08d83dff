#include "report/evaluation_json.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

using namespace bpnet;

TEST_CASE("numbers that are not finite are null; others come back as they are") {
  CHECK(json_number(std::nan("")).is_null());
  CHECK(json_number(HUGE_VAL).is_null());
  CHECK(json_number(-HUGE_VAL).is_null());
  for (const double x : {0.0, -0.0, 0.1, 1 / 3.0, 5e-324, 1.7976931348623157e308, -123456789.125}) {
    const double back = nlohmann::json::parse(json_number(x).dump()).get<double>();
    CHECK(back == x);
    CHECK(std::signbit(back) == std::signbit(x));
  }
}

TEST_CASE("an evaluation is one object, without the parts that have no rows") {
  Evaluation e;
  e.epoch = 1;
  e.step = 8;
  e.seconds = 0.0004;
  e.learning_rate = 0.003;
  e.train = {false, 1.04, {{"accuracy", 0.61}, {"f1", std::nan("")}}};
  e.test = {false, 0.5, {{"accuracy", 1}, {"f1", 0.25}}};
  e.gradient_norm = 1.9;
  e.weights_hash = 0x9f3c;
  CHECK(evaluation_json(e).dump() ==
        "{\"epoch\":1,\"step\":8,\"seconds\":0.0004,\"learning_rate\":0.003,"
        "\"train\":{\"loss\":1.04,\"accuracy\":0.61,\"f1\":null},\"test\":{\"loss\":0.5,\"accuracy\":1.0,"
        "\"f1\":0.25},"
        "\"gradient_norm\":1.9,\"weights_hash\":\"0000000000009f3c\"}");
  CHECK(scores_json({}).is_null());
}
