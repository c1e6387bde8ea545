#include "gaps.h"

#include <algorithm>

namespace xnorlab {

uint64_t drawGaps(GapStream& stream, size_t count, DrawnGaps& out) {
  // A copy that stays in registers: memory of the caller's could be `out`.
  GapStream drawing = stream;
  uint64_t passed = 0;
  for (size_t i = 0; i < count; i++) {
    const size_t misses = drawing.draw();
    out.misses[i] = static_cast<uint32_t>(misses);
    passed += misses + (misses != drawing.length);
  }
  stream.random = drawing.random;
  return passed;
}

Reinforced reinforceAt(const HiddenRow& hidden, uint64_t position, const DrawnGaps& gaps, size_t count, size_t longest) {
  /** Gaps that are looked ahead: their weights are all over the memory, and are asked for before they are changed. */
  constexpr size_t ahead = 32;
  const auto [values, length, bound] = hidden;
  uint64_t asked = position;
  size_t looked = 0, hits = 0, draws = 0;
  for (; draws < count && position < length; draws++) {
    for (; looked < count && looked < draws + ahead; looked++) {
      asked += gaps.misses[looked];
      if (asked < length) __builtin_prefetch(values + asked, 1);
      asked += gaps.misses[looked] != longest;
    }
    const uint32_t misses = gaps.misses[draws];
    position += misses;
    if (misses == longest || position >= length) continue;
    const int32_t h = values[position];
    // Without a branch on the sign, which nothing predicts.
    const int32_t moved = h + 2 * (1 | h >> 31);
    values[position++] = static_cast<int16_t>(std::max(std::min(moved, bound), -bound));
    hits++;
  }
  return {position, draws, hits};
}

}  // namespace xnorlab
