#include "text/tokenizer.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "text/letters.hpp"

namespace bpnet {

void Tokenizer::encode(std::string_view text, std::vector<std::int32_t>& ids, std::size_t most) const {
  const std::size_t until = most > all - ids.size() ? all : ids.size() + most;
  if (lower_)
    append(lower_case(text), ids, until);
  else
    append(text, ids, until);
}

std::string Tokenizer::decode(std::int32_t id) const {
  if (id == unknown) return unknown_token();
  return id < first || id >= size() ? std::string() : token(id);
}

std::string Tokenizer::decode(std::span<const std::int32_t> ids) const {
  std::string out;
  std::vector<std::int32_t> told;
  for (const std::int32_t id : ids) {
    if (id == begin || id == end) continue;
    if (!told.empty()) out += joint_before(told, id);
    out += decode(id);
    told.push_back(id);
  }
  return out;
}

nlohmann::json Tokenizer::to_json() const {
  return {{"tokenizer", name()}, {"lower", lower_}, {"tokens", tokens_to_json()}};
}

std::shared_ptr<const Tokenizer> Tokenizer::from_json(const nlohmann::json& json) {
  try {
    const Entry* const entry = tokenizers.find(json.at("tokenizer").get<std::string>());
    if (!entry) throw Error(Fault::data, "the tokenizer of the model file is not known to this program");
    const auto type = entry->make();
    auto& trainer = dynamic_cast<TokenizerType&>(*type);
    json.at("lower").get_to(trainer.lower);
    return trainer.read(json.at("tokens"));
  } catch (const nlohmann::json::exception& e) {
    throw Error(Fault::data, std::string("the model file's tokenizer is damaged: ") + e.what());
  }
}

}  // namespace bpnet
