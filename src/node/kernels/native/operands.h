// The operands of a call when they have been read and checked (arguments.h): what the bodies of the operations get.
// Sizes are those of the table, src/kernels/operations.ts.
#pragma once

#include <cstddef>
#include <cstdint>

#include "operations.h"

namespace xnorlab {

/** A packed matrix of ±1 that is written; `words` is nullptr where an optional one was left out. */
struct MutableBitRows {
  uint32_t* words;
  size_t rows;
  size_t columns;
  size_t rowWords;
  uint32_t* row(size_t r) const { return words + r * rowWords; }
};

/** A matrix of integers. */
template <typename Value>
struct Matrix {
  Value* values;
  size_t rows;
  size_t columns;
  Value* row(size_t r) const { return values + r * columns; }
};

/** A matrix of 16-bit or of 32-bit integers: one of the pointers is nullptr. */
struct IntegerMatrix {
  const int16_t* shorts;
  const int32_t* ints;
  size_t rows;
  size_t columns;
};

/** A list of indices in a copy of its own, every entry in its range. */
struct Indices {
  const uint32_t* entries;
  size_t count;
  uint32_t operator[](size_t i) const { return entries[i]; }
};

/** A list of steps: samples and neurons in copies of their own. */
struct Steps {
  const uint32_t* samples;
  const uint32_t* neurons;
  /** +1 or −1, and whatever another thread writes there: only its sign may be used. */
  const int8_t* directions;
  size_t count;
};

/** Draws of gaps (src/kernels/geometric-gaps.ts). */
struct Gaps {
  int32_t* state;
  const uint32_t* thresholds;
  size_t length;
  const uint32_t* guide;
};

/** Draws of consolidation, and what they are compared with (src/kernels/consolidation.ts). */
struct Consolidation {
  int32_t* state;
  const int16_t* limits;
  uint32_t offset;
  uint32_t shift;
};

/** Windows of maps (src/kernels/windows.ts). */
struct Windows {
  size_t height;
  size_t width;
  size_t channels;
  size_t size;
  int64_t stride;
  int64_t padding;
  /** Whether what is outside of a map is +1. */
  bool isPaddedWithOnes;
  size_t outHeight;
  size_t outWidth;
  /** First position of window i in one direction, which may be outside. */
  int64_t first(size_t i) const { return static_cast<int64_t>(i) * stride - padding; }
};

}  // namespace xnorlab
