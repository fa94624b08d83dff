#include "report/tfrecord.hpp"

#include <array>
#include <bit>

namespace bpnet {

namespace {

constexpr std::array<std::uint32_t, 256> crc_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0x82F63B78u : 0u);
    table[i] = value;
  }
  return table;
}();

// A CRC of data that hold CRCs is weak, so they are kept rotated and shifted.
std::uint32_t masked_crc(std::string_view bytes) { return std::rotr(crc32c(bytes), 15) + 0xA282EAD8u; }

template <class T>
std::string little_endian(T value) {
  std::string out;
  for (std::size_t i = 0; i < sizeof(T); ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
  return out;
}

constexpr std::uint32_t varint_kind = 0, eight_bytes = 1, sized = 2, four_bytes = 5;

constexpr std::uint32_t key(std::uint32_t field, std::uint32_t kind) { return field << 3 | kind; }

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = ~0u;
  for (const char c : bytes) crc = (crc >> 8) ^ crc_table[(crc ^ static_cast<unsigned char>(c)) & 0xFF];
  return ~crc;
}

std::string tf_record(std::string_view bytes) {
  const std::string length = little_endian(static_cast<std::uint64_t>(bytes.size()));
  return length + little_endian(masked_crc(length)) + std::string(bytes) + little_endian(masked_crc(bytes));
}

void Message::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>((value & 0x7F) | 0x80);
  bytes_ += static_cast<char>(value);
}

Message& Message::number(std::uint32_t field, std::uint64_t value) {
  varint(key(field, varint_kind));
  varint(value);
  return *this;
}

Message& Message::real(std::uint32_t field, double value) {
  varint(key(field, eight_bytes));
  bytes_ += little_endian(std::bit_cast<std::uint64_t>(value));
  return *this;
}

Message& Message::real(std::uint32_t field, float value) {
  varint(key(field, four_bytes));
  bytes_ += little_endian(std::bit_cast<std::uint32_t>(value));
  return *this;
}

Message& Message::text(std::uint32_t field, std::string_view value) {
  varint(key(field, sized));
  varint(value.size());
  bytes_ += value;
  return *this;
}

}  // namespace bpnet
