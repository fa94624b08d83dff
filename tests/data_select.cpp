#include <doctest/doctest.h>

#include "data/select.hpp"
#include "data_support.hpp"

using namespace data_test;

namespace {

const std::string table =
    "id,height,weight,colour,cultivar\n1,1.5,70,red,x\n2,1.6,80,blue,y\n3,1.7,90,red,x\n4,1.8,60,blue,y\n5,1."
    "9,75,red,x\n";

struct Wine {
  Folder folder;
  DataSettings settings = settings_for(folder.write("wine.csv", table), {"cultivar"});
  std::string error() {
    return error_of([&] { load(settings); });
  }
  std::vector<std::string> features() {
    std::vector<std::string> out;
    for (const ColumnReport& column : load(settings).columns)
      if (column.type == "number" || column.type == "category") out.push_back(column.name);
    return out;
  }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("globs") {
  CHECK(matches("*", ""));
  CHECK(matches("pixel_*", "pixel_0_1"));
  CHECK(matches("*_*_?", "pixel_0_1"));
  CHECK(matches("a*b*c", "aXbYbZc"));
  CHECK_FALSE(matches("a*b*c", "aXbYbZ"));
  CHECK_FALSE(matches("?", ""));
  CHECK_FALSE(matches("pixel", "pixel_0"));
}

TEST_CASE("features by names, globs and positions") {
  Wine wine;
  CHECK(wine.features() == Names{"id", "height", "weight", "colour"});
  wine.settings.features = {"weight", "?eight"};
  CHECK(wine.features() == Names{"height", "weight"});
  wine.settings.features = {"*eight", "colour"};
  CHECK(wine.features() == Names{"height", "weight", "colour"});
  wine.settings.features = {"1", "-2"};
  CHECK(wine.features() == Names{"id", "colour"});
  wine.settings.features = {"*"};
  wine.settings.ignore = {"id", "col*"};
  CHECK(wine.features() == Names{"height", "weight"});
  wine.settings.target = {"-1"};
  CHECK(wine.features() == Names{"height", "weight"});
}

TEST_CASE("names that no column has, all at once") {
  Wine wine;
  const std::string file = wine.settings.file[0].files[0].second;
  wine.settings.target = {"cultivr"};
  wine.settings.features = {"hight", "*"};
  wine.settings.ignore = {"q*"};
  wine.settings.split.column = "part";
  wine.settings.columns = {declare<Number>("wieght")};
  CHECK(wine.error() ==
        "bpnet: error: data.target: " + file +
            " has no column 'cultivr'\n  did you mean 'cultivar'?\n"
            "bpnet: error: data.split.column: " +
            file + " has no column 'part'\n  its columns: id, height, weight, colour, cultivar\n" +
            "bpnet: error: data.columns.wieght: " + file +
            " has no column 'wieght'\n  did you mean 'weight'?\n"
            "bpnet: error: data.features.1: " +
            file + " has no column 'hight'\n  did you mean 'height'?\n" + "bpnet: error: data.ignore: " +
            file + " has no column 'q*'\n  its columns: id, height, weight, colour, cultivar\n");
}

TEST_CASE("contradictions") {
  Wine wine;
  wine.settings.features = {"cultivar"};
  CHECK(wine.error().find("data.features names 'cultivar', which is the target") != std::string::npos);
  wine.settings.features = {"*"};
  wine.settings.ignore = {"*"};
  CHECK(wine.error().find("leaves no column") != std::string::npos);
  wine.settings.ignore = {};
  wine.settings.target = {"cultivar", "cultivar"};
  CHECK(wine.error().find("data.target.2 names 'cultivar' twice") != std::string::npos);
  wine.settings.target = {};
  CHECK(wine.error().find("data.target is needed") != std::string::npos);
  wine.settings.target = {"cultivar"};
  wine.settings.train = wine.settings.file;
  CHECK(wine.error().find("data.file and data.train cannot both be given") != std::string::npos);
  wine.settings.train = {};
  wine.settings.test = wine.settings.file;
  CHECK(wine.error().find("data.test goes with data.train") != std::string::npos);
  wine.settings.test = {};
  wine.settings.file = {};
  CHECK(wine.error().find("data.file is needed") != std::string::npos);
  wine.settings.file = {wine.folder.path().string() + "/none.csv", wine.folder.path().string() + "/nor.csv"};
  CHECK(wine.error().find("none.csv'") != std::string::npos);
  CHECK(wine.error().find("nor.csv'") != std::string::npos);
}

TEST_CASE("inputs of the model") {
  Wine wine;
  DataRequest request = request_for_all();
  request.groups = {{"inputs.paint", {"colour"}, false, false, true}, {"inputs.rest", {"*"}, false}};
  const Dataset data = load_dataset(wine.settings, request);
  const auto ports = data.encoding->inputs();
  REQUIRE(ports.size() == 2);
  CHECK(ports[0].stack == "inputs.paint");
  CHECK(ports[0].port.type == Type::i32);
  CHECK(ports[0].port.classes == 3);  // blue, red, and unseen ones
  CHECK(ports[1].stack == "inputs.rest");
  CHECK(ports[1].port.width() == 3);
  CHECK(gathered<std::int32_t>(*data.rows, 0, {0, 1}) == std::vector<std::int32_t>{2, 1});

  request.groups = {{"inputs.paint", {"color"}, false}};
  CHECK(error_of([&] { load_dataset(wine.settings, request); }) ==
        "bpnet: error: model.inputs.paint: no feature is called 'color'\n  did you mean 'colour'?\n");
  request.groups = {{"inputs.size", {"*eight"}, false, false, true}};
  CHECK(error_of([&] { load_dataset(wine.settings, request); }) ==
        "bpnet: error: model.inputs.size begins with an embedding, which reads categories, but 'height' is a "
        "number\n"
        "  data.columns: {height: category}\n"
        "  and 1 more column like it: weight\n");
  request.groups = {{"inputs.size", {"*eight"}, false}};
  const Dataset part = load_dataset(wine.settings, request);
  CHECK(part.columns[0].type == "ignored");
  CHECK(part.columns[0].why == "no input of the model reads it");
}
