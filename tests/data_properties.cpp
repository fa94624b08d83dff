// What must not change when something that means nothing does.

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>

#include "data_support.hpp"
#include "spec/spec.hpp"

using namespace data_test;

namespace {

constexpr int rows = 240;
using Cells = std::map<std::string, std::vector<std::string>>;  // cells by column

Cells mixed() {
  Cells out;
  for (int i = 0; i < rows; ++i) {
    const int k = i * 7919 % 1009;
    out["size"].push_back(i % 7 == 3 ? "" : std::to_string(k % 101 - 30) + ".25");
    out["income"].push_back(std::to_string(k * k % 90001));
    out["tail"].push_back(std::to_string(1 << (k % 20)));
    out["colour"].push_back(i % 11 == 1 ? "NA" : k % 3 ? "red" : k % 2 ? "blue" : "green");
    out["city"].push_back("city " + std::to_string(k * k % 23));
    out["day"].push_back(
        i % 13 == 5 ? "" : "20" + std::to_string(10 + k % 12) + "-0" + std::to_string(k % 9 + 1) + "-11");
    out["w"].push_back(std::to_string(k % 5));
    out["part"].push_back(i % 5 ? i % 6 ? "train" : "validation" : "test");
    out["kind"].push_back(k % 4 == 0 ? "apple" : k % 4 == 1 ? "bread" : "cheese");
  }
  return out;
}

std::string text_of(const Cells& table, const std::vector<std::string>& columns,
                    const std::vector<int>& order) {
  std::string text;
  for (const std::string& column : columns) text += (text.empty() ? "" : ",") + column;
  text += "\n";
  for (const int row : order)
    for (const std::string& column : columns)
      text += table.at(column)[static_cast<std::size_t>(row)] + (&column == &columns.back() ? "\n" : ",");
  return text;
}

std::vector<std::string> names_of(const Cells& table) {
  std::vector<std::string> out;
  for (const auto& [name, cells] : table) out.push_back(name);
  return out;
}

std::vector<int> in_file_order() {
  std::vector<int> out(rows);
  std::iota(out.begin(), out.end(), 0);
  return out;
}

DataSettings settings_of(const std::string& file) {
  DataSettings settings = settings_for(file, {"kind"});
  settings.split.column = "part";
  settings.weight = "w";
  const auto declare_as = [&](const char* column, const char* type) {
    settings.columns.emplace_back(column, parse_choice(column_types, type));
  };
  declare_as("size", "number: {scale: robust_clip, missing: median}");
  declare_as("income", "number: {scale: quantile}");
  declare_as("tail", "number: {scale: log1p}");
  declare_as("colour", "category: {min_count: 20}");
  return settings;
}

/// What the network sees of each feature in these rows of the file, and the targets.
std::map<std::string, std::vector<float>> seen(const Dataset& data, const std::vector<std::int64_t>& which) {
  std::map<std::string, std::vector<float>> out;
  const nlohmann::json features = data.encoding->to_json().at("features");
  // A feature alone: the columns of the port that change their place are told apart by the encoding of it
  // alone.
  for (const auto& feature : features) {
    nlohmann::json alone = data.encoding->to_json();
    alone["features"] = {feature};
    alone["groups"] = {{{"stack", "main"}, {"features", {0}}, {"codes", false}}};
    const OtherRows rows_of_it = load_rows(Encoding::from_json(alone), data.files[0].path, true);
    const auto name = feature.at("name").get<std::string>();
    if (rows_of_it.rows->encoding().inputs()[0].port.type == Type::i32)
      for (const std::int32_t code : gathered<std::int32_t>(*rows_of_it.rows, 0, which))
        out[name].push_back(static_cast<float>(code));
    else
      out[name] = gathered<float>(*rows_of_it.rows, 0, which);
  }
  std::vector<std::int32_t> classes(which.size());
  data.rows->classes(0, which, classes.data());
  out["target"].assign(classes.begin(), classes.end());
  return out;
}

std::map<std::string, nlohmann::json> learnt(const Dataset& data) {
  std::map<std::string, nlohmann::json> out;
  const nlohmann::json json = data.encoding->to_json();
  for (const auto& feature : json.at("features")) out[feature.at("name").get<std::string>()] = feature;
  return out;
}

}  // namespace

TEST_CASE("columns in another order change nothing") {
  const Folder folder;
  const Cells table = mixed();
  std::vector<std::string> names = names_of(table);
  const Dataset a = load(settings_of(folder.write("a.csv", text_of(table, names, in_file_order()))));
  std::reverse(names.begin(), names.end());
  const Dataset b = load(settings_of(folder.write("b.csv", text_of(table, names, in_file_order()))));
  CHECK(a.parts == b.parts);
  CHECK(learnt(a) == learnt(b));
  CHECK(seen(a, all_rows(*a.rows)) == seen(b, all_rows(*b.rows)));
}

TEST_CASE("rows in another order change nothing but their order") {
  const Folder folder;
  const Cells table = mixed();
  std::vector<int> order;
  for (int i = 0; i < rows; ++i) order.push_back(i * 77 % rows);
  const Dataset a =
      load(settings_of(folder.write("a.csv", text_of(table, names_of(table), in_file_order()))));
  const Dataset b = load(settings_of(folder.write("b.csv", text_of(table, names_of(table), order))));
  std::vector<std::int64_t> where(order.begin(), order.end());
  const auto of_a = seen(a, where), of_b = seen(b, all_rows(*b.rows));
  for (const auto& [name, inputs] : of_a) {
    CAPTURE(name);
    const auto& others = of_b.at(name);
    REQUIRE(inputs.size() == others.size());
    for (std::size_t i = 0; i < inputs.size(); ++i)  // sums are added in another order
      CHECK(static_cast<double>(inputs[i]) == doctest::Approx(static_cast<double>(others[i])).epsilon(1e-5));
  }
}

TEST_CASE("other names for classes and columns change nothing") {
  const Folder folder;
  Cells table = mixed();
  const Dataset a =
      load(settings_of(folder.write("a.csv", text_of(table, names_of(table), in_file_order()))));
  for (std::string& cell : table["kind"]) cell = "a class of " + cell;
  for (std::string& cell : table["city"]) cell = "the \"\"" + cell, cell = "\"" + cell + "\"";
  const Dataset b =
      load(settings_of(folder.write("b.csv", text_of(table, names_of(table), in_file_order()))));
  CHECK(seen(a, all_rows(*a.rows)) == seen(b, all_rows(*b.rows)));
  CHECK(a.encoding->targets()[0].counts == b.encoding->targets()[0].counts);
}

TEST_CASE("what test and validation rows hold changes nothing that is learnt") {
  const Folder folder;
  Cells table = mixed();
  const Dataset a =
      load(settings_of(folder.write("a.csv", text_of(table, names_of(table), in_file_order()))));
  for (std::size_t i = 0; i < rows; ++i) {
    if (table["part"][i] == "train") continue;
    table["size"][i] = table["income"][i] = table["tail"][i] = i % 3 ? "-123456" : "";
    table["colour"][i] = table["city"][i] = "violet";
    table["day"][i] = "1950-12-24T17:00";
    table["w"][i] = "1e6";
    table["kind"][i] = "apple";
  }
  const Dataset b =
      load(settings_of(folder.write("b.csv", text_of(table, names_of(table), in_file_order()))));
  CHECK(a.encoding->to_json() == b.encoding->to_json());
}

TEST_CASE("every encoder goes through the model file") {
  const Folder folder;
  const Cells table = mixed();
  DataSettings settings =
      settings_of(folder.write("a.csv", text_of(table, names_of(table), in_file_order())));
  for (const char* scale : {"standard", "minmax", "robust", "robust_clip", "log1p", "quantile", "none"})
    for (const char* missing : {"mean", "median", "mode", "constant, value: -7", "drop"}) {
      CAPTURE(scale);
      CAPTURE(missing);
      settings.columns = {{"size", parse_choice(column_types, std::string("number: {scale: ") + scale +
                                                                  ", missing: " + missing + "}")}};
      const Dataset data = load(settings);
      const auto again = Encoding::from_json(nlohmann::json::parse(data.encoding->to_json().dump()));
      CHECK(again->to_json() == data.encoding->to_json());
      const OtherRows rows_again = load_rows(again, settings.file[0].files[0].second, true);
      for (std::size_t p = 0; p < again->inputs().size(); ++p)
        CHECK(gathered<std::byte>(*rows_again.rows, p, all_rows(*data.rows)) ==
              gathered<std::byte>(*data.rows, p, all_rows(*data.rows)));
    }
}

TEST_CASE("a glob of stars brings options and declares nothing") {
  const Folder folder;
  const Cells table = mixed();
  DataSettings settings =
      settings_of(folder.write("a.csv", text_of(table, names_of(table), in_file_order())));
  settings.target = {"kind", "income"};
  settings.columns = {{"*", parse_choice(column_types, "number: {scale: quantile, missing: median}")},
                      {"**", parse_choice(column_types, "category: {encode: embedding}")},
                      {"tail", parse_choice(column_types, "number: none")}};
  const Dataset data = load(settings);
  std::map<std::string, nlohmann::json> features = learnt(data);
  CHECK(features["size"]["code"]["curve"] == "quantile");
  CHECK(features["tail"]["code"]["curve"] == "line");
  CHECK(features["colour"]["type"] == "category");
  CHECK(features["colour"]["code"]["embedding_width"] > 0);
  CHECK(features["day"]["type"] == "date");
  CHECK_FALSE(data.encoding->targets()[1].classes);
  CHECK(data.encoding->scales()[1].deviation > 1);
  settings.columns.pop_back();
  settings.columns[0].second = parse_choice(column_types, "number: {missing: constant}");
  CHECK(
      error_of([&] { load(settings); }) ==
      "bpnet: error: data.columns.\"*\": missing: constant needs its value, as in {missing: constant, value: "
      "0}\n");
}
