// Helpers on single words.
#pragma once

#include <cstdint>

namespace xnorlab {

/** Number of 1 bits: adds neighbouring bits, pairs, nibbles, then bytes. */
static inline int32_t popcount(uint64_t word) {
  const uint64_t pairs = word - (word >> 1 & 0x5555555555555555u);
  const uint64_t nibbles = (pairs & 0x3333333333333333u) + (pairs >> 2 & 0x3333333333333333u);
  return static_cast<int32_t>(((nibbles + (nibbles >> 4)) & 0x0f0f0f0f0f0f0f0fu) * 0x0101010101010101u >> 56);
}

}  // namespace xnorlab
