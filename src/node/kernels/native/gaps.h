// Which weights are reinforced: the draws of GeometricGaps (../geometric-gaps.ts), to the bit.
#pragma once

#include <cstddef>
#include <cstdint>

namespace xnorlab {

/** xoroshiro128+ as pure-rand has it; `words` are the high and low words of s0, then of s1. */
class Xoroshiro {
 public:
  explicit Xoroshiro(const int32_t* words)
      : s0_(join(words[0], words[1])), s1_(join(words[2], words[3])) {}

  uint32_t next() {
    const uint32_t draw = static_cast<uint32_t>(s0_ + s1_);
    const uint64_t mixed = s1_ ^ s0_;
    s0_ = rotateLeft(s0_, 24) ^ mixed ^ (mixed << 16);
    s1_ = rotateLeft(mixed, 37);
    return draw;
  }

  void store(int32_t* words) const {
    words[0] = static_cast<int32_t>(s0_ >> 32);
    words[1] = static_cast<int32_t>(s0_);
    words[2] = static_cast<int32_t>(s1_ >> 32);
    words[3] = static_cast<int32_t>(s1_);
  }

 private:
  static uint64_t join(int32_t high, int32_t low) {
    return static_cast<uint64_t>(static_cast<uint32_t>(high)) << 32 | static_cast<uint32_t>(low);
  }
  static uint64_t rotateLeft(uint64_t x, int by) { return x << by | x >> (64 - by); }

  uint64_t s0_;
  uint64_t s1_;
};

constexpr unsigned guideBits = 12;
constexpr size_t guideLength = 1 << guideBits;

/** A stream of draws and the tables that turn them into gaps. */
class GapStream {
 public:
  GapStream(const int32_t* state, const uint32_t* thresholds, size_t length, const uint32_t* guide)
      : random(state), thresholds(thresholds), length(length), guide(guide) {}

  Xoroshiro random;
  /** `length` ≥ 1 thresholds, ascending. */
  const uint32_t* const thresholds;
  const size_t length;
  /** guideLength entries: where the search starts for each value of a draw's top bits. */
  const uint32_t* const guide;

  /** @returns how many positions the next draw passes; `length` of them are followed by another draw, not by a hit */
  size_t draw() {
    const uint32_t drawn = random.next();
    size_t misses = guide[drawn >> (32 - guideBits)];
    // The first step without a branch: it is the only one that is often taken.
    if (misses < length) misses += thresholds[misses] <= drawn;
    while (misses < length && thresholds[misses] <= drawn) misses++;
    return misses;
  }
};

/** h ← clip(h + 2·sign(h)) at every position that the gaps hit. @returns their number */
size_t reinforceHidden(int16_t* hidden, size_t length, GapStream& gaps, int32_t bound);

}  // namespace xnorlab
