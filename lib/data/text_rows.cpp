#include "data/text_rows.hpp"

#include <algorithm>
#include <cassert>
#include <nlohmann/json.hpp>

#include "text/utf8.hpp"

namespace bpnet {

namespace {

std::int32_t characters_in(std::string_view text) {
  return static_cast<std::int32_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

TargetKind token_target(const Tokenizer& tokenizer, std::string name) {
  TargetKind out;
  out.name = std::move(name);
  out.classes = true;
  const auto joint = static_cast<std::int32_t>(tokenizer.joint().size());
  for (int id = 0; id < tokenizer.size(); ++id) {
    out.labels.push_back(tokenizer.decode(id));
    if (id == Tokenizer::unknown)
      out.characters.push_back(TargetKind::unknown_characters);
    else  // that a text ends is told, too, as a line end would tell it
      out.characters.push_back(id < Tokenizer::first ? 1 : characters_in(out.labels.back()) + joint);
  }
  return out;
}

const char* place_of_known(std::span<const std::int64_t> counts) {
  return counts[Tokenizer::unknown] > 0 ? "vocabulary" : "training text";
}

TextWindows::TextWindows(std::shared_ptr<const Tokenizer> tokenizer, int context,
                         std::vector<std::int64_t> counts)
    : tokenizer_(std::move(tokenizer)), context_(context), scales_(1) {
  InputPort input;
  input.stack = "main";
  input.name = "tokens";
  input.port.type = Type::i32;
  input.port.shape = Shape{1};
  input.port.classes = tokenizer_->size();
  input.port.time = 1;
  inputs_.push_back(input);
  TargetKind next = token_target(*tokenizer_, "next");
  next.counts = std::move(counts);
  targets_.push_back(std::move(next));
}

nlohmann::json TextWindows::to_json() const {
  return {{"text",
           {{"tokenizer", tokenizer_->to_json()}, {"context", context_}, {"counts", targets_[0].counts}}}};
}

std::shared_ptr<const TextWindows> TextWindows::from_json(const nlohmann::json& json) {
  auto tokenizer = Tokenizer::from_json(json.at("tokenizer"));
  const int context = json.at("context").get<int>();
  auto counts = json.at("counts").get<std::vector<std::int64_t>>();
  if (context < 1 || context > 1 << 20 || counts.size() != static_cast<std::size_t>(tokenizer->size()))
    throw Error(Fault::data, "the model's description of its text is damaged");
  return std::make_shared<TextWindows>(std::move(tokenizer), context, std::move(counts));
}

TextRows::TextRows(std::shared_ptr<const TextWindows> encoding, std::vector<std::int32_t> tokens,
                   std::vector<TextPart> parts, std::string shown)
    : encoding_(std::move(encoding)),
      tokens_(std::move(tokens)),
      parts_(std::move(parts)),
      shown_(std::move(shown)) {
  const auto context = static_cast<std::size_t>(encoding_->context());
  for (std::uint32_t p = 0; p < parts_.size(); ++p)
    for (std::size_t at = 0; at + 1 < parts_[p].count; at += context)
      windows_.push_back({parts_[p].first + at, p});
}

std::vector<std::int64_t> TextRows::rows_of(std::size_t part) const {
  std::vector<std::int64_t> rows;
  for (std::size_t r = 0; r < windows_.size(); ++r)
    if (windows_[r].part == part) rows.push_back(static_cast<std::int64_t>(r));
  return rows;
}

void TextRows::windows(std::span<const std::int64_t> rows, int shift, const View& tokens,
                       std::span<int> lengths, std::span<std::int32_t> next) const {
  const auto context = static_cast<std::size_t>(encoding_->context());
  assert(static_cast<std::size_t>(tokens.steps) == context && next.size() == rows.size() * context);
  std::int32_t* in = tokens.integers();
  std::int32_t* out = next.data();
  for (std::size_t r = 0; r < rows.size(); ++r, in += context, out += context) {
    const Window window = windows_[static_cast<std::size_t>(rows[r])];
    const TextPart part = parts_[window.part];
    std::size_t begin = window.begin + static_cast<std::size_t>(shift), end = part.first + part.count;
    if (begin + 1 >= end) {
      begin = part.first;
      end = std::min(end, begin + static_cast<std::size_t>(shift) + 1);
    }
    const std::size_t length = std::min(context, end - 1 - begin);
    std::copy_n(&tokens_[begin], length, in);
    std::fill(in + length, in + context, Tokenizer::unknown);
    std::copy_n(&tokens_[begin + 1], length, out);
    std::fill(out + length, out + context, -1);
    lengths[r] = static_cast<int>(length);
  }
}

void TextRows::lengths(int, std::span<const std::int64_t> rows, std::span<int> out) const {
  const auto context = static_cast<std::size_t>(encoding_->context());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const Window window = windows_[static_cast<std::size_t>(rows[r])];
    const TextPart part = parts_[window.part];
    out[r] = static_cast<int>(std::min(context, part.first + part.count - 1 - window.begin));
  }
}

// Not for windows: a language model takes them by windows().
void TextRows::gather(std::span<const std::int64_t>, std::span<const View>, const PictureChange*) const {
  assert(false);
}
void TextRows::classes(std::size_t, std::span<const std::int64_t>, std::int32_t*) const { assert(false); }
void TextRows::values(std::size_t, std::span<const std::int64_t>, Real*) const { assert(false); }

Place TextRows::place(std::int64_t) const { return {shown_, 0, 0, 0, ""}; }

}  // namespace bpnet
