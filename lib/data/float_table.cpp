#include "data/float_table.hpp"

#include <sys/mman.h>

#include <string>

#include "core/error.hpp"

namespace bpnet {

FloatTable::FloatTable(std::int64_t most_rows, int width) : width_(width) {
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

FloatTable::~FloatTable() {
  if (data_ != nullptr) ::munmap(data_, bytes_);
}

}  // namespace bpnet
