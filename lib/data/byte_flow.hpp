#pragma once
// Bytes of a file or of standard input, from the beginning to the end, unpacked where they are gzip.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/files.hpp"

namespace bpnet {

/// Gzip (RFC 1952) is known by its first bytes, whatever the file is called; several members one after
/// another are one text. Holds the same memory however long the file is.
class ByteFlow {
 public:
  /// "-" is standard input. `shown` is the name in messages. Throws Error(missing_input).
  ByteFlow(const std::filesystem::path& path, std::string shown);
  /// A text in memory, as it is.
  ByteFlow(std::shared_ptr<const std::string> text, std::string shown);
  ByteFlow(ByteFlow&&) noexcept;
  ~ByteFlow();
  /// Up to `room` bytes, more than 0 of both; 0 is the end. Throws Error(data) where packed data is damaged
  /// or has no end, Error(missing_input) where the system cannot read.
  std::size_t read(char* to, std::size_t room);
  /// All bytes up to the end.
  std::string rest();
  /// Looked at from the first read on.
  bool packed() const { return inflater_ != nullptr; }
  const std::string& shown() const { return shown_; }

 private:
  class Inflater;
  std::size_t read_raw(char* to, std::size_t room);
  void look_at_beginning();

  std::string shown_;
  Descriptor file_;  // none: standard input, or the text
  std::shared_ptr<const std::string> text_;
  std::size_t at_ = 0;  // in the text
  bool looked_ = false;
  std::vector<char> beginning_;  // read to look at, not yet given away
  std::unique_ptr<Inflater> inflater_;
};

/// All bytes of a flow up to the end.
template <class Flow>
std::string rest_of(Flow& flow) {
  std::string text;
  constexpr std::size_t piece = std::size_t{1} << 20;
  while (true) {
    const std::size_t size = text.size();
    text.resize(size + piece);
    const std::size_t n = flow.read(text.data() + size, piece);
    text.resize(size + n);
    if (n == 0) return text;
  }
}

}  // namespace bpnet
