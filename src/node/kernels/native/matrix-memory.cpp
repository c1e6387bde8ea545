#include "matrix-memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <new>

// What is not given out, and what lies between two buffers, is poisoned for AddressSanitizer: so it sees each step outside in the memory
// that is shipped.
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(start, bytes) ((void)(start), (void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(start, bytes) ((void)(start), (void)(bytes))
#endif

namespace xnorlab {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr size_t gapBytes = 64;
#else
constexpr size_t gapBytes = 0;
#endif

constexpr size_t lineBytes = 64;
constexpr size_t pageBytes = 2 << 20;

/** Enough for the matrices of a usual network. What is not touched takes no memory. */
constexpr size_t blockBytes = 8 * pageBytes;

size_t roundUp(size_t bytes, size_t to) { return (bytes + to - 1) / to * to; }

}  // namespace

bool MatrixMemory::reserve(size_t bytes) {
  const size_t size = std::max(roundUp(bytes, pageBytes), blockBytes);
  // One page more, so that the block can start at one.
  const size_t mapped = size + pageBytes;
  void* map = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (map == MAP_FAILED) return false;
  auto* start = reinterpret_cast<char*>(roundUp(reinterpret_cast<uintptr_t>(map), pageBytes));
#if defined(MADV_HUGEPAGE)
  // Only a wish: without such pages everything works, slower.
  madvise(start, size, MADV_HUGEPAGE);
#endif
  ASAN_POISON_MEMORY_REGION(start, size);
  block_ = std::shared_ptr<char>(start, [map, mapped](char* first) {
    ASAN_UNPOISON_MEMORY_REGION(first, mapped - pageBytes);
    munmap(map, mapped);
  });
  used_ = 0;
  size_ = size;
  return true;
}

napi_value MatrixMemory::allocate(napi_env env, size_t bytes) {
  napi_value buffer = nullptr;
  // No two buffers at one address, not even empty ones.
  const size_t taken = roundUp(std::max<size_t>(bytes, 1), lineBytes) + gapBytes;
  if (size_ - used_ < taken && !reserve(taken)) {
    napi_throw_range_error(env, nullptr, "native kernels: out of memory");
    return nullptr;
  }
  ASAN_UNPOISON_MEMORY_REGION(block_.get() + used_, bytes);
  auto* block = new (std::nothrow) std::shared_ptr<char>(block_);
  const auto release = [](napi_env, void*, void* held) { delete static_cast<std::shared_ptr<char>*>(held); };
  if (block == nullptr ||
      napi_create_external_arraybuffer(env, block_.get() + used_, bytes, release, block, &buffer) != napi_ok) {
    delete block;
    return nullptr;
  }
  used_ += taken;
  return buffer;
}

}  // namespace xnorlab
