#pragma once
// A text as a language model reads it: tokens, cut in windows of one length.

#include <array>
#include <memory>
#include <vector>

#include "data/dataset.hpp"
#include "text/tokenizer.hpp"

namespace bpnet {

/// Tokens as classes, without counts.
TargetKind token_target(const Tokenizer& tokenizer, std::string name);

/// What was learnt from the training text. One input, `tokens`, and one target: the token that comes next.
class TextWindows final : public Encoding {
 public:
  /// `counts`: how often each token stands in the training text.
  TextWindows(std::shared_ptr<const Tokenizer> tokenizer, int context, std::vector<std::int64_t> counts);
  const Tokenizer& tokenizer() const { return *tokenizer_; }
  int context() const { return context_; }
  std::span<const InputPort> inputs() const override { return inputs_; }
  std::span<const TargetKind> targets() const override { return targets_; }
  std::span<const TargetScale> scales() const override { return scales_; }
  nlohmann::json to_json() const override;
  static std::shared_ptr<const TextWindows> from_json(const nlohmann::json& json);

 private:
  std::shared_ptr<const Tokenizer> tokenizer_;
  int context_;
  std::vector<InputPort> inputs_;
  std::vector<TargetKind> targets_;
  std::vector<TargetScale> scales_;
};

/// Where an unknown token is not: "training text", or "vocabulary" where that leaves out tokens of the
/// training text. `counts`: of the training text's tokens.
const char* place_of_known(std::span<const std::int64_t> counts);

/// Tokens of a text from `first` on.
struct TextPart {
  std::size_t first = 0, count = 0;
};

/// Windows of a text, a row each: `context` tokens, of which each is asked for the one behind it. The last
/// window of a part may be shorter.
class TextRows final : public Rows {
 public:
  /// `parts` follow one another in `tokens`; a window is of one part. `shown`: the file, for places.
  TextRows(std::shared_ptr<const TextWindows> encoding, std::vector<std::int32_t> tokens,
           std::vector<TextPart> parts, std::string shown);
  std::int64_t count() const override { return static_cast<std::int64_t>(windows_.size()); }
  const Encoding& encoding() const override { return *encoding_; }
  /// Row numbers of a part's windows.
  std::vector<std::int64_t> rows_of(std::size_t part) const;
  /// Windows begin `shift` tokens later (0 to context - 1), where the part goes on that far; the last one
  /// then has what that leaves out at the beginning. Fills the tokens (rows, context), their lengths, and
  /// what comes next (rows * context), -1 behind a window's end.
  void windows(std::span<const std::int64_t> rows, int shift, const View& tokens, std::span<int> lengths,
               std::span<std::int32_t> next) const;
  void lengths(int time, std::span<const std::int64_t> rows, std::span<int> out) const override;
  void gather(std::span<const std::int64_t> rows, std::span<const View> inputs,
              const PictureChange* change) const override;
  void classes(std::size_t t, std::span<const std::int64_t> rows, std::int32_t* out) const override;
  void values(std::size_t t, std::span<const std::int64_t> rows, Real* out) const override;
  Place place(std::int64_t row) const override;

 private:
  struct Window {
    std::size_t begin;
    std::uint32_t part;
  };
  std::shared_ptr<const TextWindows> encoding_;
  std::vector<std::int32_t> tokens_;
  std::vector<TextPart> parts_;
  std::vector<Window> windows_;
  std::string shown_;
};

/// Reads the texts the settings name, one behind another, and cuts them in order. Throws as load_dataset.
Dataset load_text(const DataSettings& settings, const DataRequest& request);
/// Another text, with an encoding there is.
OtherRows load_other_text(const std::shared_ptr<const TextWindows>& encoding, const FileItem& file);

}  // namespace bpnet
