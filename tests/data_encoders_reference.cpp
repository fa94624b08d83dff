#include <doctest/doctest.h>

#include <set>

#include "data_support.hpp"
#include "reference/read.hpp"
#include "spec/spec.hpp"

using namespace data_test;

namespace {

/// A file of one feature: training rows, then others, which are the test.
template <class Cell>
Dataset load_column(const nlohmann::json& column, const std::string& type, Cell cell) {
  const Folder folder;
  std::string text = "x,part,y\n";
  int row = 0;
  for (const auto& [key, part] : {std::pair{"training", "train"}, {"other", "test"}})
    for (const auto& value : column.at(key))
      text += cell(value) + "," + part + "," + (row++ % 2 ? "p" : "q") + "\n";
  DataSettings settings = settings_for(folder.write("t.csv", text), {"y"});
  settings.split.column = "part";
  settings.columns = {{"x", parse_choice(column_types, type)}};
  return load(settings);
}

std::string number_cell(const nlohmann::json& value) { return value.is_null() ? "" : value.dump(); }

}  // namespace

TEST_CASE("numbers are encoded as scikit-learn does") {
  const auto reference = reference::read("encoders");
  for (const auto& column : reference.at("numbers"))
    for (const auto& wanted : column.at("cases")) {
      CAPTURE(column.at("name"));
      CAPTURE(wanted.dump());
      std::string type = "number: {indicator: false, scale: " + wanted.at("scale").get<std::string>() +
                         ", missing: " + wanted.at("missing").get<std::string>();
      if (wanted.at("missing") == "constant") type += ", value: 7.5";
      const Dataset data = load_column(column, type + "}", number_cell);
      const auto inputs = gathered<float>(*data.rows, 0, all_rows(*data.rows));
      REQUIRE(inputs.size() == wanted.at("encoded").size());
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        CAPTURE(i);
        CHECK(static_cast<double>(inputs[i]) ==
              doctest::Approx(wanted.at("encoded")[i].get<double>()).epsilon(2e-6));
      }
    }
}

TEST_CASE("labels are encoded as scikit-learn does") {
  const auto reference = reference::read("encoders");
  for (const auto& column : reference.at("labels")) {
    const std::string type = "category: {encode: one_hot, min_count: " + column.at("min_count").dump() + "}";
    CAPTURE(type);
    const Dataset data =
        load_column(column, type, [](const nlohmann::json& value) { return value.get<std::string>(); });
    std::size_t row = 0;
    for (const auto& wanted : column.at("encoded")) {
      CAPTURE(row);
      CHECK(gathered<float>(*data.rows, 0, {static_cast<std::int64_t>(row++)}) ==
            wanted.get<std::vector<float>>());
    }
  }
}
