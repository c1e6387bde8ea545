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

  /** As many draws ahead as `DrawnGaps` are. */
  void jump() {
    Xoroshiro drawn = *this;
    s0_ = s1_ = 0;
    for (const uint64_t powers : jumpPolynomial) {
      for (unsigned bit = 0; bit < 64; bit++) {
        const uint64_t isIn = 0 - (powers >> bit & 1);
        s0_ ^= drawn.s0_ & isIn;
        s1_ ^= drawn.s1_ & isIn;
        drawn.next();
      }
    }
  }

  void store(int32_t* words) const {
    words[0] = static_cast<int32_t>(s0_ >> 32);
    words[1] = static_cast<int32_t>(s0_);
    words[2] = static_cast<int32_t>(s1_ >> 32);
    words[3] = static_cast<int32_t>(s1_);
  }

 private:
  /**
   * x^1024 modulo the generator's characteristic polynomial, lowest power first. The same calculation gives, for 2^64 draws, the
   * polynomial that its authors published (Blackman and Vigna, xoroshiro128plus.c of 2018).
   */
  static constexpr uint64_t jumpPolynomial[2] = {0x1207a1706bebb202, 0x23ac5e0ba1cecb29};

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

/** Gaps that are drawn before their positions are known: 1024 draws. */
struct DrawnGaps {
  static constexpr size_t length = 1024;
  uint32_t misses[length];
};

/** Draws the first `count` gaps. @returns how many positions they pass, each with the hit after it */
uint64_t drawGaps(GapStream& stream, size_t count, DrawnGaps& out);

/** Hidden weights in a row, and their bound. */
struct HiddenRow {
  int16_t* values;
  size_t length;
  int32_t bound;
};

/** What gaps came to: `draws` of them lead from their first position to `position`, or past the last weight, with so many hits. */
struct Reinforced {
  uint64_t position;
  size_t draws;
  size_t hits;
};

/**
 * h ← clip(h + 2·sign(h)) at the positions that the first `count` gaps hit, from `position` on, until the weights end.
 * @param longest - gaps of so many misses are followed by no hit
 */
Reinforced reinforceAt(const HiddenRow& hidden, uint64_t position, const DrawnGaps& gaps, size_t count, size_t longest);

}  // namespace xnorlab
