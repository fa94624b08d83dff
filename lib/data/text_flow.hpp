#pragma once
// Text of a file or of standard input, from the beginning to the end, as UTF-8.

#include "data/byte_flow.hpp"
#include "data/settings.hpp"

namespace bpnet {

/// What a file is written in when it is not UTF-8.
using TextEncoding = CsvSettings::Encoding;

class TextFlow {
 public:
  /// `encoding` automatic: UTF-8, unless a byte order mark says UTF-16.
  /// `drop_mark`: that of UTF-8 is left out; otherwise it is text, so that offsets are those of the file.
  TextFlow(ByteFlow bytes, TextEncoding encoding, bool drop_mark = false)
      : bytes_(std::move(bytes)), encoding_(encoding), drop_mark_(drop_mark) {}
  static constexpr std::size_t least_room = 4;
  /// Up to `room` bytes, which are more than 0 unless the text ends; `room` is least_room or more. Throws
  /// like ByteFlow::read, and Error(data) for UTF-16 that is damaged.
  std::size_t read(char* to, std::size_t room);
  /// All of it up to the end.
  std::string rest() { return rest_of(*this); }
  /// True if the text is the file's bytes, neither unpacked nor converted. Known from the first read on.
  bool as_written() const { return !bytes_.packed() && encoding_ == TextEncoding::utf_8; }
  bool packed() const { return bytes_.packed(); }
  const std::string& shown() const { return bytes_.shown(); }

 private:
  std::size_t take(char* to, std::size_t room);
  const char* utf_32_name();
  void find_encoding();
  std::size_t read_single_bytes(char* to, std::size_t room);
  std::size_t read_pairs(char* to, std::size_t room);
  bool fill(std::size_t wanted);

  ByteFlow bytes_;
  TextEncoding encoding_;
  bool drop_mark_, looked_ = false;
  std::vector<char> waiting_;  // bytes that are read and not yet converted: [at_, end_)
  std::size_t at_ = 0, end_ = 0;
  std::size_t given_ = 0;  // bytes of the text before `at_`
};

}  // namespace bpnet
