#include <doctest/doctest.h>

#include <cmath>

#include "data_support.hpp"
#include "losses/class_weights.hpp"

using namespace data_test;

TEST_CASE("a column of weights") {
  const Folder folder;
  DataSettings settings =
      all_training(settings_for(folder.write("t.csv", "x,w,y\n1,0.5,p\n2,0,q\n3,12,p\n4,1e3,q\n"), {"y"}));
  CHECK_FALSE(load(settings).rows->weighted());
  settings.weight = "w";
  const Dataset data = load(settings);
  CHECK(data.rows->weighted());
  std::vector<Real> weights(3);
  data.rows->weights(std::vector<std::int64_t>{3, 0, 1}, weights.data());
  CHECK(weights == std::vector<Real>{1000, 0.5, 0});
  CHECK(data.columns[1].type == "weight");
  CHECK(data.encoding->inputs()[0].port.width() == 1);

  const OtherRows same = load_rows(data.encoding, settings.file[0].files[0].second, true);
  CHECK(same.rows->weighted());
  const OtherRows without = load_rows(data.encoding, folder.write("u.csv", "x,y\n1,p\n2,q\n"), true);
  CHECK_FALSE(without.rows->weighted());
  without.rows->weights(std::vector<std::int64_t>{0, 1}, weights.data());
  CHECK(weights == std::vector<Real>{1, 1, 0});
  CHECK(all_of(without.warnings).find("there is no column 'w', the weight: each row counts 1") !=
        std::string::npos);

  settings.file = {folder.write("v.csv", "x,w,y\n1,-0.5,p\n2,,q\n3,much,p\n4,2,q\n")};
  const std::string error = error_of([&] { load(settings); });
  CHECK(error.find(
            "v.csv:2:3: error: a cell of the weight column 'w' is a number of 0 or more, but this one is "
            "'-0.5'") != std::string::npos);
  CHECK(error.find("v.csv:3:3: error:") != std::string::npos);
  CHECK(error.find("v.csv:4:3: error:") != std::string::npos);
  settings.file = {folder.write("z.csv", "x,w,y\n1,0,p\n2,0,q\n")};
  CHECK(error_of([&] { load(settings); }) == "bpnet: error: data.weight: 'w' is 0 in every training row\n");
  settings.weight = "y";
  CHECK(error_of([&] { load(settings); }) == "bpnet: error: data.weight names 'y', which is the target\n");
}

TEST_CASE("classes and numbers count by the weights of their rows, the model keeps it") {
  const Folder folder;
  DataSettings settings = all_training(
      settings_for(folder.write("t.csv", "x,w,y,z\n1,0.5,p,1\n2,0,q,9\n3,2.5,p,2.5\n4,1,q,4\n"), {"y", "z"}));
  settings.columns = {declare<Number>("z")};
  const TargetKind plain = load(settings).encoding->targets()[0];
  CHECK(plain.class_weights() == std::vector<double>{2, 2});
  settings.weight = "w";
  const Dataset data = load(settings);
  const TargetKind classes = data.encoding->targets()[0], number = data.encoding->targets()[1];
  CHECK(classes.counts == std::vector<std::int64_t>{2, 2});
  CHECK(classes.class_weights() == std::vector<double>{3, 1});
  CHECK(balanced_weights(classes) == std::vector<Real>{Real(4.0 / 6), 2});
  CHECK(number.mean == doctest::Approx((0.5 * 1 + 2.5 * 2.5 + 4) / 4));
  CHECK(number.deviation ==
        doctest::Approx(std::sqrt((0.5 * 2.84765625 + 2.5 * 0.03515625 + 1.72265625) / 4)));
  const auto again = Encoding::from_json(data.encoding->to_json());
  CHECK(again->targets()[0].class_weights() == std::vector<double>{3, 1});
  Category category;
  category.positive = "p";
  settings.columns = {declare<Number>("z"), declare("y", category)};
  CHECK(load(settings).encoding->targets()[0].class_weights() == std::vector<double>{1, 3});
}

TEST_CASE("rows with missing cells are dropped where a column wants it") {
  const Folder folder;
  DataSettings settings = all_training(
      settings_for(folder.write("t.csv", "x,z,y\n1,1,p\n,2,q\n3,,p\n4,4,q\n5,5,\n,6,\n"), {"y"}));
  Number number;
  number.missing = Number::Missing::drop;
  settings.columns = {declare("x", number)};
  const Dataset data = load(settings);
  CHECK(data.parts[0] == std::vector<std::int64_t>{0, 2, 3});
  CHECK(data.without_target == 2);
  CHECK(all_of(data.warnings).find("1 row with a missing cell (missing: drop) is left out") !=
        std::string::npos);
  CHECK(data.encoding->inputs()[0].port.width() == 3);  // x, z, and whether z is missing
  const std::string other = folder.write("u.csv", "x,z,y\n,1,p\n2,,q\n");
  CHECK(load_rows(data.encoding, other, true).which == std::vector<std::int64_t>{1});
  const auto stream = open_stream(data.encoding, other);  // rows in, rows out: such a row has no answer
  REQUIRE(stream->next() != nullptr);
  CHECK(std::vector<char>(stream->unread().begin(), stream->unread().end()) == std::vector<char>{1, 0});
  CHECK(all_of(stream->warnings()).find("1 row has a missing cell (missing: drop), and no answer") !=
        std::string::npos);
}
