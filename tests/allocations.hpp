#pragma once
// Counts what is taken from the heap, by malloc and all that ends there, operator new included.

namespace allocations {

/// Allocations of all threads since the program began. Under a sanitizer, which has its own malloc, always 0.
long count();

}  // namespace allocations
