#include "model/safetensors_header.hpp"

#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace bpnet {

namespace {

using nlohmann::json;

Dtype dtype_named(const std::string& name, const std::string& tensor) {
  for (const Dtype type : {Dtype::f64, Dtype::i64, Dtype::f32, Dtype::i32, Dtype::bf16, Dtype::u8})
    if (name_of(type) == name) return type;
  throw Damage("tensor " + shown(tensor) + " has type " + shown(name) +
               "; known are F64, I64, F32, I32, BF16 and U8");
}

// Takes the parser's events: the header has a fixed form, so no tree is built and a hostile one costs no more
// memory than its text.
class HeaderEvents final : public nlohmann::json_sax<json> {
 public:
  explicit HeaderEvents(SafetensorsHeader& header) : header_(header) {}

  bool start_object(std::size_t) override {
    if (depth_ > 0 && !(depth_ == 1 && where_ == Where::value)) wrong("an object");
    if (++depth_ == 2) {
      if (!in_metadata_) header_.entries.back().name = key_;
      fields_.clear();
    }
    where_ = Where::key;
    return true;
  }

  bool key(std::string& name) override {
    where_ = Where::value;
    if (depth_ == 1) {
      if (!names_.insert(name).second) throw Damage("the name " + shown(name) + " is there twice");
      in_metadata_ = name == "__metadata__";
      if (!in_metadata_) header_.entries.emplace_back();
      key_ = name;
      return true;
    }
    if (!fields_.insert(name).second) throw Damage(shown(name) + " is there twice in " + shown(key_));
    if (!in_metadata_ && name != "dtype" && name != "shape" && name != "data_offsets")
      throw Damage("tensor " + shown(key_) + " has an unknown field " + shown(name));
    field_ = std::move(name);
    return true;
  }

  bool string(std::string& text) override {
    if (depth_ != 2 || where_ != Where::value) wrong("a string");
    if (in_metadata_)
      header_.metadata[field_] = std::move(text);
    else if (field_ == "dtype")
      header_.entries.back().type = dtype_named(text, key_);
    else
      wrong("a string");
    where_ = Where::key;
    return true;
  }

  bool start_array(std::size_t) override {
    if (depth_ != 2 || where_ != Where::value || in_metadata_ || field_ == "dtype") wrong("a list");
    where_ = Where::list;
    offsets_ = 0;
    return true;
  }

  bool end_array() override {
    if (field_ == "data_offsets" && offsets_ != 2)
      throw Damage("data_offsets of " + shown(key_) + " are not two");
    where_ = Where::key;
    return true;
  }

  bool number_unsigned(std::uint64_t value) override {
    if (where_ != Where::list) wrong("a number");
    SafetensorsHeader::Entry& entry = header_.entries.back();
    if (field_ == "data_offsets") {
      if (offsets_ == 2) throw Damage("data_offsets of " + shown(key_) + " are not two");
      (offsets_++ == 0 ? entry.begin : entry.end) = value;
      return true;
    }
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      throw Damage("the shape of " + shown(key_) + " is too large");
    entry.shape.push_back(static_cast<std::int64_t>(value));
    return true;
  }

  bool end_object() override {
    if (depth_-- == 2 && !in_metadata_ && fields_.size() != 3)
      throw Damage("tensor " + shown(key_) + " needs dtype, shape and data_offsets");
    where_ = Where::key;
    return true;
  }

  bool null() override { wrong("null"); }
  bool boolean(bool) override { wrong("true or false"); }
  bool number_integer(std::int64_t) override { wrong("a negative number"); }
  bool number_float(double, const std::string&) override { wrong("a number that is not whole"); }
  bool binary(json::binary_t&) override { wrong("bytes"); }
  bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
    throw Damage("the header is not JSON (its byte " + std::to_string(position) + ")");
  }

 private:
  enum class Where : std::uint8_t { key, value, list };
  [[noreturn]] void wrong(const std::string& what) const {
    throw Damage("the header has " + what + " where none belongs" +
                 (key_.empty() ? std::string() : " (in " + shown(key_) + ")"));
  }

  SafetensorsHeader& header_;
  std::set<std::string> names_, fields_;
  std::string key_, field_;
  int depth_ = 0, offsets_ = 0;
  Where where_ = Where::key;
  bool in_metadata_ = false;
};

}  // namespace

std::string shown(std::string_view name) {
  constexpr std::size_t most = 80;
  std::string out(name.substr(0, most));
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  return "'" + out + (name.size() > most ? "...'" : "'");
}

SafetensorsHeader parse_header(std::string_view text) {
  SafetensorsHeader header;
  if (!text.starts_with('{')) throw Damage("the header is not JSON (its byte 1)");
  HeaderEvents events(header);
  json::sax_parse(text.begin(), text.end(), &events);
  return header;
}

}  // namespace bpnet
