#include "core/memory.hpp"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <new>

namespace bpnet {

namespace {
constexpr std::size_t huge_page = std::size_t{2} << 20;
}

Memory::Memory(std::size_t bytes) : size_(bytes) {
  const bool huge = bytes >= 2 * huge_page;
  const std::size_t room = round_up(bytes + 64, huge ? huge_page : 64);
  void* p = std::aligned_alloc(huge ? huge_page : 64, room);
  if (!p) throw std::bad_alloc();
  if (huge) madvise(p, room, MADV_HUGEPAGE);
  std::memset(p, 0, room);
  data_.reset(static_cast<std::byte*>(p));
}

void Memory::Free::operator()(std::byte* p) const { std::free(p); }

}  // namespace bpnet
