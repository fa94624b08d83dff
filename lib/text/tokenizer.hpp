#pragma once
// The contract of tokenizers: texts to ids and back, and how they are learnt.

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spec/options.hpp"

namespace bpnet {

/// Texts to numbers and back. Constant once made: any number of threads may use one.
class Tokenizer {
 public:
  /// The same ids in every tokenizer; tokens of the text follow from `first` on.
  static constexpr std::int32_t unknown = 0;  // what no token stands for; padding, too
  static constexpr std::int32_t begin = 1;    // before a text
  static constexpr std::int32_t end = 2;      // behind a text, and between texts in one sequence
  static constexpr std::int32_t first = 3;
  static constexpr std::size_t all = static_cast<std::size_t>(-1);

  explicit Tokenizer(bool lower) : lower_(lower) {}
  virtual ~Tokenizer() = default;
  /// Appends the ids of a text, its first `most` at most; never begin or end. Any bytes will do: what is no
  /// UTF-8 has a defined answer.
  void encode(std::string_view text, std::vector<std::int32_t>& ids, std::size_t most = all) const;
  /// The bytes of one token; nothing for begin and end.
  std::string decode(std::int32_t id) const;
  /// What stands between two tokens of a text that is a list; "": it is none.
  virtual std::string_view separator() const { return ""; }
  /// What stands between two tokens when a text is put together, as a rule;
  virtual std::string_view joint() const { return ""; }
  /// behind these tokens, of which there are some and none is begin or end.
  virtual std::string_view joint_before(std::span<const std::int32_t> /*told*/, std::int32_t /*next*/) const {
    return joint();
  }
  std::string decode(std::span<const std::int32_t> ids) const;
  /// Texts become lower case before they are read: what is told is in lower case.
  bool lowers() const { return lower_; }
  /// Ids are below it.
  virtual int size() const = 0;
  nlohmann::json to_json() const;
  /// Throws Error(data) if it was not made by to_json.
  static std::shared_ptr<const Tokenizer> from_json(const nlohmann::json&);

 protected:
  /// Of a text that is in lower case already where that is wanted. `most` is where ids may grow to.
  virtual void append(std::string_view text, std::vector<std::int32_t>& ids, std::size_t most) const = 0;
  virtual std::string token(std::int32_t id) const = 0;  // id >= first
  virtual std::string unknown_token() const { return ""; }
  virtual const char* name() const = 0;
  virtual nlohmann::json tokens_to_json() const = 0;

 private:
  bool lower_;
};

/// An entry of the table: learns a tokenizer.
struct TokenizerType : Options {
  bool lower = false;
  /// The fewest ids that it can be held to; 0: it has as many as it has.
  virtual std::int64_t least() const { return 0; }
  virtual void hold_to(std::int64_t /*ids*/) {}
  virtual std::shared_ptr<const Tokenizer> train(std::span<const std::string_view> documents) const = 0;
  /// The inverse of Tokenizer::tokens_to_json. Throws Error(data) or what nlohmann-json throws.
  virtual std::shared_ptr<const Tokenizer> read(const nlohmann::json& tokens) const = 0;
};

/// words, characters, bytes, bpe, symbols.
extern const Table tokenizers;

}  // namespace bpnet
