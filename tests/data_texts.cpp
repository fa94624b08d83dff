#include <doctest/doctest.h>

#include "data/encoding.hpp"
#include "data_support.hpp"
#include "spec/spec.hpp"

using namespace data_test;

namespace {

/// Of one stack that reads every feature.
DataRequest request_of(bool codes) {
  DataRequest request = request_for_all();
  request.groups[0].codes = codes;
  return request;
}

const DataRequest texts = request_of(true), numbers = request_of(false);

std::pair<std::string, Choice> declared(std::string column, const char* yaml) {
  return {std::move(column), parse_choice(column_types, yaml)};
}

DataSettings settings_of(const std::string& file, std::vector<std::pair<std::string, Choice>> columns) {
  DataSettings settings = all_training(settings_for(file, {"y"}));
  settings.columns = std::move(columns);
  return settings;
}

/// What rows bring to a port with a time axis, with room for so many steps.
template <class T>
std::vector<T> steps_of(const Rows& rows, std::size_t at, std::vector<std::int64_t> which, int steps) {
  const auto ports = rows.encoding().inputs();
  std::vector<std::vector<T>> memory;
  std::vector<View> views;
  for (const InputPort& port : ports) {
    View view;
    view.port = port.port;
    view.samples = static_cast<int>(which.size());
    view.steps = port.port.time > 0 ? steps : 1;
    memory.emplace_back(view.elements(), T{77});
    view.data = reinterpret_cast<std::byte*>(memory.back().data());
    views.push_back(view);
  }
  rows.gather(which, views);
  return memory[at];
}

std::vector<int> lengths_of(const Rows& rows, int time) {
  std::vector<int> out(static_cast<std::size_t>(rows.count()));
  rows.lengths(time, all_rows(rows), out);
  return out;
}

using Ids = std::vector<std::int32_t>;
constexpr const char* few = "t,y\nb a a,p\n,q\na  x b a a,p\n\"a,\nb\",q\n";

}  // namespace

TEST_CASE("A column of text is a port of token ids with a time axis") {
  const Folder folder;
  const auto data = load_dataset(settings_of(folder.write("t.csv", few), {declared("t", "text")}), texts);
  const auto ports = data.encoding->inputs();
  REQUIRE(ports.size() == 1);
  CHECK(ports[0].name == "t");
  CHECK(ports[0].port.type == Type::i32);
  CHECK(ports[0].port.time == 1);
  CHECK(ports[0].port.shape == Shape{1});
  CHECK(ports[0].longest == 256);
  CHECK(ports[0].port.classes == 3 + 4);  // a, b, the comma, x
  CHECK(lengths_of(*data.rows, 1) == std::vector<int>{3, 1, 5, 3});
  CHECK(steps_of<std::int32_t>(*data.rows, 0, {0, 1, 3}, 4) == Ids{4, 3, 3, 0, 0, 0, 0, 0, 3, 5, 4, 0});
  CHECK(steps_of<std::int32_t>(*data.rows, 0, {2}, 2) == Ids{3, 6});  // no room for more
}

TEST_CASE("Vocabularies come from training rows only and are in the model file") {
  const Folder folder;
  DataSettings settings = settings_for(folder.write("t.csv", "t,y\na b,p\nb a,q\n"), {"y"});
  settings.file.clear();
  settings.train = {(folder.path() / "t.csv").string()};
  settings.test = {folder.write("test.csv", "t,y\na zebra b,p\n")};
  settings.split.validation = {0, Length::Unit::percent};
  settings.columns = {declared("t", "text")};
  const auto data = load_dataset(settings, texts);
  CHECK(data.encoding->inputs()[0].port.classes == 3 + 2);
  CHECK(steps_of<std::int32_t>(*data.rows, 0, {2}, 3) == Ids{3, 0, 4});
  const auto again = Encoding::from_json(nlohmann::json::parse(data.encoding->to_json().dump()));
  const auto other = load_rows(again, folder.write("new.csv", "t\nb q a\n\na\n"), false);
  CHECK(steps_of<std::int32_t>(*other.rows, 0, {0}, 3) == Ids{4, 0, 3});
  CHECK(again->to_json() == data.encoding->to_json());
}

TEST_CASE("Text columns of a stack are one sequence with a token between them") {
  const Folder folder;
  const auto file = folder.write("t.csv", "t,u,y\na b,b c,p\n,a,q\n");
  const auto data = load_dataset(settings_of(file, {declared("t", "text"), declared("u", "text")}), texts);
  REQUIRE(data.encoding->inputs().size() == 1);
  CHECK(data.encoding->inputs()[0].longest == 2 * 256 + 1);
  CHECK(steps_of<std::int32_t>(*data.rows, 0, {0, 1}, 5) == Ids{3, 4, 2, 4, 5, 2, 3, 0, 0, 0});
}

TEST_CASE("n-grams are further steps, in buckets behind the vocabulary") {
  const Folder folder;
  const auto file = folder.write("t.csv", "t,y\na b a b,p\nb,q\n");
  const auto data = load_dataset(
      settings_of(file, {declared("t", "text: {ngrams: 2, buckets: 50, max_length: 3}")}), texts);
  const auto port = data.encoding->inputs()[0];
  CHECK(port.port.classes == 5 + 50);
  CHECK(port.longest == 3 + 2);
  CHECK(lengths_of(*data.rows, 1) == std::vector<int>{5, 1});
  const auto ids = steps_of<std::int32_t>(*data.rows, 0, {0}, 5);
  CHECK(Ids(ids.begin(), ids.begin() + 3) == Ids{4, 3, 4});
  CHECK(ids[3] >= 5);
  CHECK(ids[4] >= 5);
  CHECK(ids[3] != ids[4]);  // "a b", "b a"
  CHECK(std::max(ids[3], ids[4]) < 55);
}

TEST_CASE("Sequences of numbers are standardised, those of symbols are codes") {
  const Folder folder;
  const auto file = folder.write("t.csv", "t,y\n1 3,p\n,q\n2 1  3 7,p\n");
  const auto data = load_dataset(settings_of(file, {declared("t", "sequence: {max_length: 3}")}), numbers);
  CHECK(data.encoding->inputs()[0].port.type == Type::real);
  CHECK(lengths_of(*data.rows, 1) == std::vector<int>{2, 1, 3});
  const auto values = steps_of<Real>(*data.rows, 0, {1, 2}, 4);  // mean 2, deviation sqrt(0.8)
  const auto high = static_cast<double>(values[6]);
  CHECK(values[0] == 0);
  CHECK(values[4] == 0);
  CHECK(high == doctest::Approx(1 / std::sqrt(0.8)));
  CHECK(values[5] == -values[6]);
  const auto again = Encoding::from_json(data.encoding->to_json());
  const auto other = load_rows(again, folder.write("new.csv", "t\n3 2\n"), false);
  CHECK(steps_of<Real>(*other.rows, 0, {0}, 1)[0] == values[6]);
  CHECK(error_of([&] {
          load_rows(again, folder.write("bad.csv", "t\n3 x\n"), false);
        }).find("bad.csv:2:1: error: column 't' is a sequence of numbers") != std::string::npos);

  const auto symbols = folder.write("s.csv", "t,y\nAA|B|AA,p\nB| C,q\n");
  const auto coded =
      load_dataset(settings_of(symbols, {declared("t", "sequence: {of: symbols, separator: \"|\"}")}), texts);
  CHECK(steps_of<std::int32_t>(*coded.rows, 0, {0, 1}, 3) == Ids{3, 4, 3, 4, 5, 0});
}

TEST_CASE("Texts beside other features, or without an embedding, are refused with a way out") {
  const Folder folder;
  const auto file = folder.write("t.csv", "t,u,x,y\na b,b c,1,p\nc,a,2,q\n");
  const auto fault = [&](std::vector<std::pair<std::string, Choice>> columns, const DataRequest& request,
                         std::vector<std::string> features) {
    DataSettings settings = settings_of(file, std::move(columns));
    settings.features = std::move(features);
    return error_of([&] { load_dataset(settings, request); });
  };
  const auto mixed = fault({declared("t", "text")}, numbers, {"t", "x"});
  CHECK(mixed.find("model.main reads the text 't' and other features ('x')") != std::string::npos);
  CHECK(mixed.find("{inputs: {t: [{embedding: 32}, {temporal_pool: mean}]") != std::string::npos);
  CHECK(fault({declared("t", "text")}, numbers, {"t"}).find("does not begin with an embedding") !=
        std::string::npos);
  CHECK(fault({declared("t", "text"), declared("u", "text: {max_length: 9}")}, texts, {"t", "u"})
            .find("different options") != std::string::npos);
  CHECK(fault({declared("t", "text: {ngrams: 2}")}, texts, {"t"}).find("needs buckets") != std::string::npos);
  CHECK(fault({declared("x", "sequence"), declared("u", "text")}, texts, {"x", "u"}).find("of their own") !=
        std::string::npos);
}

TEST_CASE("A cell of 50 MB is cut at max_length") {
  const Folder folder;
  std::string text = "t,y\nshort words,p\n";
  for (int i = 0; i < 5'000'000; ++i) text += "wordy word";
  text += ",q\n";
  const auto file = folder.write("t.csv", text);
  for (const char* tokenizer : {"words", "bpe: 300"}) {
    const std::string type = std::string("text: {max_length: 20, tokenizer: {") + tokenizer +
                             (std::string(tokenizer).find(':') == std::string::npos ? ": {}}}" : "}}");
    const auto data = load_dataset(settings_of(file, {declared("t", type.c_str())}), texts);
    CHECK(lengths_of(*data.rows, 1)[1] == 20);
  }
}
