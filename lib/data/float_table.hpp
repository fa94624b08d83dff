#pragma once
// A big row-major table of floats that is written once, from several threads, before anybody knows how many
// rows it will have.

#include <cstddef>
#include <cstdint>
#include <utility>

namespace bpnet {

class FloatTable {
 public:
  FloatTable() = default;
  /// Address space for `most_rows` rows; memory is taken as rows are written. Throws Error(data) if the
  /// address space is limited to less (ulimit -v).
  FloatTable(std::int64_t most_rows, int width);
  FloatTable(FloatTable&& other) noexcept { swap(other); }
  FloatTable& operator=(FloatTable&& other) noexcept {
    swap(other);
    return *this;
  }
  ~FloatTable();
  /// Makes room for more rows. Not while others write; rows may move.
  void reserve(std::int64_t rows);
  std::int64_t most_rows() const { return most_rows_; }
  int width() const { return width_; }
  float* row(std::int64_t r) const { return data_ + r * width_; }
  float* data() const { return data_; }

 private:
  void swap(FloatTable& other) {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    std::swap(width_, other.width_);
    std::swap(most_rows_, other.most_rows_);
  }
  float* data_ = nullptr;
  std::size_t bytes_ = 0;
  int width_ = 0;
  std::int64_t most_rows_ = 0;
};

}  // namespace bpnet
