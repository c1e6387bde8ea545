#include "gaps.h"

#include <algorithm>

namespace xnorlab {

size_t reinforceHidden(int16_t* hidden, size_t length, GapStream& gaps, int32_t bound) {
  size_t hits = 0;
  size_t position = 0;
  // A copy that stays in registers: memory of the caller's could be the weights.
  GapStream drawing = gaps;
  while (position < length) {
    const size_t misses = drawing.draw();
    position += misses;
    if (misses == drawing.length || position >= length) continue;
    const int32_t h = hidden[position];
    // Without a branch on the sign, which nothing predicts.
    const int32_t moved = h + 2 * (1 | h >> 31);
    hidden[position++] = static_cast<int16_t>(std::max(std::min(moved, bound), -bound));
    hits++;
  }
  gaps.random = drawing.random;
  return hits;
}

}  // namespace xnorlab
