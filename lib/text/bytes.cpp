#include <nlohmann/json.hpp>

#include "spec/table.hpp"
#include "text/tokenizer.hpp"

namespace bpnet::tokenizer_entries {

namespace {

class ByteTokenizer final : public Tokenizer {
 public:
  using Tokenizer::Tokenizer;
  int size() const override { return first + 256; }

 protected:
  void append(std::string_view text, std::vector<std::int32_t>& ids, std::size_t most) const override {
    for (const char c : text.substr(0, most - ids.size()))
      ids.push_back(first + static_cast<unsigned char>(c));
  }
  std::string token(std::int32_t id) const override { return {static_cast<char>(id - first)}; }
  const char* name() const override { return "bytes"; }
  nlohmann::json tokens_to_json() const override { return nullptr; }
};

struct Bytes final : TokenizerType {
  void visit(Visitor& v) override { v("lower", lower, "read capitals as small letters"); }
  std::shared_ptr<const Tokenizer> train(std::span<const std::string_view>) const override {
    return std::make_shared<ByteTokenizer>(lower);
  }
  std::shared_ptr<const Tokenizer> read(const nlohmann::json&) const override {
    return std::make_shared<ByteTokenizer>(lower);
  }
};

}  // namespace

extern const Entry bytes = {"bytes",    "a token for each byte, 256 in all", "byte raw ByT5", "bytes", "",
                            make<Bytes>};

}  // namespace bpnet::tokenizer_entries
