#include "matrix-memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <new>

namespace xnorlab {
namespace {

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
  block_ = std::shared_ptr<char>(start, [map, mapped](char*) { munmap(map, mapped); });
  used_ = 0;
  size_ = size;
  return true;
}

napi_value MatrixMemory::allocate(napi_env env, size_t bytes) {
  napi_value buffer = nullptr;
#if defined(__SANITIZE_ADDRESS__)
  // Memory of its own, so that the sanitizer sees each step outside.
  void* data;
  napi_create_arraybuffer(env, bytes, &data, &buffer);
#else
  // No two buffers at one address, not even empty ones.
  const size_t taken = roundUp(std::max<size_t>(bytes, 1), lineBytes);
  if (size_ - used_ < taken && !reserve(taken)) {
    napi_throw_range_error(env, nullptr, "native kernels: out of memory");
    return nullptr;
  }
  auto* block = new (std::nothrow) std::shared_ptr<char>(block_);
  const auto release = [](napi_env, void*, void* held) { delete static_cast<std::shared_ptr<char>*>(held); };
  if (block == nullptr ||
      napi_create_external_arraybuffer(env, block_.get() + used_, bytes, release, block, &buffer) != napi_ok) {
    delete block;
    return nullptr;
  }
  used_ += taken;
#endif
  return buffer;
}

}  // namespace xnorlab
