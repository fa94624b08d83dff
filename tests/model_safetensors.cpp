#include "model/safetensors.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <numeric>

#include "files_help.hpp"

using namespace bpnet;
using namespace bpnet::test;

namespace {

template <class T>
Tensor tensor(std::string name, std::vector<std::int64_t> shape, const std::vector<T>& values) {
  return {std::move(name), dtype_of<T>(), std::move(shape), std::as_bytes(std::span(values))};
}

template <class T>
std::vector<T> values_of(const Tensor* t) {
  REQUIRE(t != nullptr);
  std::vector<T> out(t->bytes.size() / sizeof(T));
  if (!out.empty()) std::memcpy(out.data(), t->bytes.data(), t->bytes.size());
  return out;
}

// A file of this header (padded by nothing) and so many bytes of data.
void write_raw(const std::filesystem::path& path, const std::string& header, std::size_t data) {
  const std::uint64_t length = header.size();
  std::string text(reinterpret_cast<const char*>(&length), 8);
  put(path, text + header + std::string(data, '\1'));
}

struct Small {  // a file small enough to damage everywhere
  std::vector<float> weight = {1, -2, 3, 0.5f};
  std::vector<std::int64_t> steps = {41};
  std::vector<std::byte> bytes =
      encode_safetensors(std::vector{tensor("a.weight", {2, 2}, weight), tensor("steps", {}, steps)},
                         {{"bpnet", "{\"version\": 1}"}});
};

bool same(const SafetensorsFile& file, const Small& small) {
  const Tensor *weight = file.find("a.weight"), *steps = file.find("steps");
  return weight != nullptr && steps != nullptr && weight->type == Dtype::f32 && steps->type == Dtype::i64 &&
         weight->shape == std::vector<std::int64_t>{2, 2} && steps->shape.empty() &&
         values_of<float>(weight) == small.weight && values_of<std::int64_t>(steps) == small.steps &&
         file.metadata() == Metadata{{"bpnet", "{\"version\": 1}"}};
}

}  // namespace

TEST_CASE("tensors come back as they were written") {
  const TemporaryFolder folder;
  const std::vector<std::uint8_t> bytes = {1, 2, 255};
  const std::vector<float> floats = {1, -0.0f, 1e-42f, 3};
  const std::vector<double> doubles = {1e300, -5};
  const std::vector<std::int32_t> words = {-7};
  const std::vector<std::int64_t> counts;
  const Metadata metadata = {{"bpnet", "{\"é\": \"\\n\"}"}, {"", ""}};
  write_safetensors(
      folder / "m",
      std::vector{tensor("u", {3}, bytes), tensor("f", {2, 1, 2}, floats), tensor("d", {2}, doubles),
                  tensor("i", {}, words), tensor("n", {0, 5}, counts)},
      metadata);
  const SafetensorsFile file(folder / "m");
  CHECK(file.metadata() == metadata);
  CHECK(values_of<std::uint8_t>(file.find("u")) == bytes);
  CHECK(values_of<float>(file.find("f")) == floats);
  CHECK(values_of<double>(file.find("d")) == doubles);
  CHECK(values_of<std::int32_t>(file.find("i")) == words);
  CHECK(values_of<std::int64_t>(file.find("n")) == counts);
  CHECK(file.find("f")->shape == std::vector<std::int64_t>{2, 1, 2});
  CHECK(file.find("n")->shape == std::vector<std::int64_t>{0, 5});
  CHECK(file.find("x") == nullptr);
  for (const Tensor& t : file.tensors())
    CHECK(reinterpret_cast<std::uintptr_t>(t.bytes.data()) % size_of(t.type) == 0);
}

TEST_CASE("a file without tensors is whole") {
  const TemporaryFolder folder;
  write_safetensors(folder / "m", {}, {});
  const SafetensorsFile file(folder / "m");
  CHECK(file.tensors().empty());
  CHECK(file.metadata().empty());
}

TEST_CASE("a file of Python's safetensors is read") {
  const SafetensorsFile file(BPNET_SOURCE "/tests/reference/python.safetensors");
  CHECK(file.tensors().size() == 8);
  CHECK(file.metadata() == Metadata{{"format", "pt"}, {"words", "Grüße \"quoted\"\n"}});
  CHECK(values_of<float>(file.find("main.hidden.weight")) ==
        std::vector<float>{0, 0.25f, 0.5f, 0.75f, 1, 1.25f});
  CHECK(file.find("main.hidden.weight")->shape == std::vector<std::int64_t>{2, 3});
  CHECK(values_of<double>(file.find("double")) == std::vector<double>{1e300, -0.0});
  CHECK(file.find("half")->type == Dtype::bf16);
  CHECK(values_of<std::uint16_t>(file.find("half")) == std::vector<std::uint16_t>{0x3F80, 0xC000, 0x4060});
  CHECK(values_of<std::int64_t>(file.find("counts")) == std::vector<std::int64_t>{-1, std::int64_t{1} << 40});
  CHECK(values_of<std::int32_t>(file.find("words")) == std::vector<std::int32_t>{-7, 7, 2147483647});
  CHECK(values_of<std::uint8_t>(file.find("bytes")) == std::vector<std::uint8_t>{0, 255, 3});
  CHECK(values_of<float>(file.find("scalar")) == std::vector<float>{2.5f});
  CHECK(file.find("empty")->shape == std::vector<std::int64_t>{0, 4});
}

TEST_CASE("a file cut anywhere is refused") {
  const TemporaryFolder folder;
  const Small small;
  for (std::size_t size = 0; size < small.bytes.size(); ++size) {
    put(folder / "m", std::span(small.bytes).first(size));
    const Error error = error_of([&] { SafetensorsFile file(folder / "m"); });
    CHECK(error.fault() == Fault::data);
    CHECK(says(error, (folder / "m").string()));
  }
  std::vector<std::byte> longer = small.bytes;
  longer.push_back(std::byte{0});
  put(folder / "m", longer);
  CHECK(says(error_of([&] { SafetensorsFile file(folder / "m"); }), "after the last tensor"));
}

TEST_CASE("a file with any bit turned is refused, or says the same") {
  const TemporaryFolder folder;
  const Small small;
  std::size_t accepted = 0;
  for (std::size_t bit = 0; bit < small.bytes.size() * 8; ++bit) {
    std::vector<std::byte> bytes = small.bytes;
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    put(folder / "m", bytes);
    try {
      const SafetensorsFile file(folder / "m");
      // Only in the checksum's own name can a bit get lost: then nothing is checked, and it is shown as
      // metadata.
      Metadata metadata = file.metadata();
      const bool unnamed = metadata.size() == 2;
      CHECK((unnamed || same(file, small)));
      ++accepted;
    } catch (const Error& error) {
      CHECK(error.fault() == Fault::data);
    }
  }
  CHECK(accepted < 80);
}

TEST_CASE("bytes changed at random never crash the reader") {
  const TemporaryFolder folder;
  const Small small;
  std::uint64_t random = 1;
  const auto next = [&](std::size_t below) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>((random >> 33) % below);
  };
  const std::string pieces = "{}[]\",:0123456789-.eE \\u";
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::byte> bytes = small.bytes;
    for (std::size_t change = 0; change <= next(4); ++change)
      bytes[8 + next(bytes.size() - 8)] = static_cast<std::byte>(pieces[next(pieces.size())]);
    put(folder / "m", bytes);
    try {
      const SafetensorsFile file(folder / "m");
    } catch (const Error& error) {
      CHECK(error.fault() == Fault::data);
    }
  }
}

TEST_CASE("what is wrong with a file is said") {
  const TemporaryFolder folder;
  const struct {
    std::string header;
    std::size_t data;
    const char* words;
  } wrong[] = {
      {"", 0, "not JSON"},
      {"[]", 0, "not JSON"},
      {" {}", 0, "not JSON"},
      {"{} x", 0, "not JSON"},
      {"{", 0, "not JSON"},
      {"{\"a\":1}", 0, "a number where none belongs (in 'a')"},
      {"{\"a\":[]}", 0, "a list where none belongs"},
      {"{\"a\":null}", 0, "null where none belongs"},
      {"{\"__metadata__\":{\"a\":1}}", 0, "a number where none belongs (in '__metadata__')"},
      {"{\"__metadata__\":{\"a\":{}}}", 0, "an object where none belongs"},
      {"{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0, "'a' is there twice in '__metadata__'"},
      {"{\"\xff\":{}}", 0, "not JSON"},
      {"{\"a\":{}}", 0, "'a' needs dtype, shape and data_offsets"},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "'a' needs dtype, shape and data_offsets"},
      {"{\"a\":{\"dtype\":\"F33\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "has type 'F33'"},
      {"{\"a\":{\"dtype\":3,\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "a number where none belongs"},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}", 4, "not whole"},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "a negative number"},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[[1]],\"data_offsets\":[0,4]}}", 4, "a list where none belongs"},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", 4, "are not two"},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}", 4, "are not two"},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}", 4, "unknown field 'x'"},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "is there twice"},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "the size of its shape"},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4, "leaves a gap"},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 3, "ends within the data of 'a'"},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "leaves a gap"},
      {"{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
       "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[2,6]}}",
       6, "'b' leaves a gap or lies over another's"},
      {"{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
       "\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}",
       8, "'a' is there twice"},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", 0,
       "too large"},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904],\"data_offsets\":[0,0]}}", 0, "too large"},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[18446744073709551615],\"data_offsets\":[0,4]}}", 4, "too large"},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}}", 4, "not whole"},
      {"{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,18446744073709551615]}}", 1,
       "size of its shape"},
      {"{\"__metadata__\":{\"xxh3_128\":\"0\"}}", 0, "checksum differs"},
      {"{\"\\u001b[31m" + std::string(500, 'x') + "\":{}}", 0, "'?[31mxxxx"},
  };
  for (const auto& w : wrong) {
    write_raw(folder / "m", w.header, w.data);
    const Error error = error_of([&] { SafetensorsFile file(folder / "m"); });
    CHECK(error.fault() == Fault::data);
    CHECK_MESSAGE(says(error, w.words), w.header << " -> " << error.what());
    CHECK(std::string(error.what()).size() < 400);
  }
  put(folder / "m", "train:\n  epochs: 3\n");
  CHECK(says(error_of([&] { SafetensorsFile file(folder / "m"); }),
             "does not begin with the length of a header"));
}

TEST_CASE("a deeply nested header is refused without deep recursion") {
  const TemporaryFolder folder;
  for (const char* open : {"{\"a\":", "["}) {
    std::string header = "{\"a\":";
    for (int i = 0; i < 1'000'000; ++i) header += open;
    write_raw(folder / "m", header, 0);
    CHECK(error_of([&] { SafetensorsFile file(folder / "m"); }).fault() == Fault::data);
  }
}
