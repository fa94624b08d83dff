#include "data/float_table.hpp"

#include <sys/mman.h>

#include <string>

#include "core/error.hpp"

namespace bpnet {

FloatTable::FloatTable(std::int64_t most_rows, int width) : width_(width), most_rows_(most_rows) {
  bytes_ = static_cast<std::size_t>(most_rows) * static_cast<std::size_t>(width) * sizeof(float);
  if (bytes_ == 0) return;
  void* p =
      ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED)
    throw Error(Fault::data,
                "there is not enough memory for " + std::to_string(bytes_ >> 20) + " MB of numbers at most",
                {"this process may be limited to less (ulimit -v)"});
  constexpr std::size_t huge_pages_pay_from = std::size_t{8} << 20;
  if (bytes_ >= huge_pages_pay_from) ::madvise(p, bytes_, MADV_HUGEPAGE);
  data_ = static_cast<float*>(p);
}

void FloatTable::reserve(std::int64_t rows) {
  if (rows <= most_rows_) return;
  if (data_ == nullptr) {
    *this = FloatTable(rows, width_);
    return;
  }
  const std::size_t bytes = static_cast<std::size_t>(rows) * static_cast<std::size_t>(width_) * sizeof(float);
  void* p = ::mremap(data_, bytes_, bytes, MREMAP_MAYMOVE);
  if (p == MAP_FAILED) throw std::bad_alloc();
  data_ = static_cast<float*>(p);
  bytes_ = bytes;
  most_rows_ = rows;
}

FloatTable::~FloatTable() {
  if (data_ != nullptr) ::munmap(data_, bytes_);
}

}  // namespace bpnet
