// Memory that one thread reuses from call to call: allocating for every product would cost as much as a small one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace xnorlab {

class Scratch {
 public:
  Scratch() = default;
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { std::free(memory_); }

  /** At least `bytes` bytes on a cache line boundary, with any content; nullptr when out of memory. */
  void* reserve(size_t bytes) {
    if (bytes <= size_ && !isExact) return memory_;
    // Half as much again: what grows a little from call to call is not allocated each time.
    const size_t wanted = isExact ? bytes : bytes + bytes / 2;
    std::free(memory_);
    size_ = 0;
    if (posix_memalign(&memory_, lineBytes, wanted) != 0) memory_ = nullptr;
    if (memory_) size_ = wanted;
    return memory_;
  }

  /** What was reserved last. */
  void* memory() const { return memory_; }

 private:
  static constexpr size_t lineBytes = 64;
#if defined(__SANITIZE_ADDRESS__)
  /** Nothing to spare and new memory every time, so that the sanitizer sees each step outside. */
  static constexpr bool isExact = true;
#else
  static constexpr bool isExact = false;
#endif
  void* memory_ = nullptr;
  size_t size_ = 0;
};

}  // namespace xnorlab
