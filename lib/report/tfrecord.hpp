#pragma once
// The bytes of TensorBoard's event files: TFRecord framing around protocol buffer messages
// (tensorflow/core/lib/io/record_writer.h, tensorflow/core/util/event.proto, summary.proto).

#include <cstdint>
#include <string>
#include <string_view>

namespace bpnet {

/// CRC-32C (Castagnoli), RFC 3720 appendix B.4.
std::uint32_t crc32c(std::string_view bytes);

/// A record as it stands in the file: length, its masked CRC, the bytes, their masked CRC.
std::string tf_record(std::string_view bytes);

/// A protocol buffer message (protobuf.dev/programming-guides/encoding), built field by field.
class Message {
 public:
  Message& number(std::uint32_t field, std::uint64_t value);  // int64, enum
  Message& real(std::uint32_t field, double value);           // double
  Message& real(std::uint32_t field, float value);            // float
  Message& text(std::uint32_t field, std::string_view value);
  Message& message(std::uint32_t field, const Message& value) { return text(field, value.bytes_); }
  const std::string& bytes() const { return bytes_; }

 private:
  void varint(std::uint64_t value);
  std::string bytes_;
};

}  // namespace bpnet
