// Steps where inputs and weights may be 0. Included by one file for each instruction set, whose compiler makes vectors of the loops.
#pragma once

#include <cstring>

#include "operations.h"
#include "scalar.h"

namespace xnorlab {
namespace {

/** Columns that are worked on together: those of the two words that a row is padded to. */
constexpr size_t stepColumns = 64;

/** A sum of more steps moves a weight from one bound to the other. */
constexpr int32_t farthest = 1 << 16;

/** sums[c] = Σ direction·input of the 64 columns from word w on, where the input is not 0. */
inline void sumSteps(const NeuronSteps& steps, const InputZeros& zeros, size_t w, int32_t* sums) {
  std::memset(sums, 0, stepColumns * sizeof(int32_t));
  for (size_t i = 0; i < steps.count; i++) {
    const NeuronStep& step = steps.steps[i];
    for (size_t half = 0; half < 2; half++) {
      const uint32_t present = zeros.zeros ? ~zeros.rowOf(step.input)[w + half] : 0xffffffff;
      const uint32_t up = (step.input[w + half] ^ step.inversion) & present;
      const uint32_t down = ~(step.input[w + half] ^ step.inversion) & present;
      int32_t* ofHalf = sums + 32 * half;
      for (uint32_t c = 0; c < 32; c++) {
        ofHalf[c] += static_cast<int32_t>(up >> c & 1) - static_cast<int32_t>(down >> c & 1);
      }
    }
  }
}

/** hidden[c] ← clip(hidden[c] + 2·sums[c]); `negated` gets its opposite. */
inline void moveColumns(int16_t* hidden, size_t width, const int32_t* sums, int32_t bound, int16_t* negated) {
  for (size_t c = 0; c < width; c++) {
    const int32_t sum = sums[c] > farthest ? farthest : sums[c] < -farthest ? -farthest : sums[c];
    const int32_t moved = hidden[c] + 2 * sum;
    const int32_t h = moved > bound ? bound : moved < -bound ? -bound : moved;
    hidden[c] = static_cast<int16_t>(h);
    negated[c] = static_cast<int16_t>(-h);
  }
}

/** Operations::applyTernarySteps. A weight is 0 where neither it nor its opposite is negative. */
template <void (*packSigns16)(const int16_t*, size_t, uint32_t*)>
size_t applyTernarySteps(const NeuronWeights& weights, uint32_t* weightZeros, const NeuronSteps& steps,
                         const InputZeros& zeros) {
  size_t changes = 0;
  for (size_t first = 0; first < weights.columns; first += stepColumns) {
    const size_t w = first / 32;
    const size_t width = weights.columns - first < stepColumns ? weights.columns - first : stepColumns;
    int32_t sums[stepColumns];
    int16_t negated[stepColumns];
    sumSteps(steps, zeros, w, sums);
    moveColumns(weights.hidden + first, width, sums, weights.bound, negated);
    uint32_t visible[2], opposite[2];
    packSigns16(weights.hidden + first, width, visible);
    packSigns16(negated, width, opposite);
    for (size_t half = 0; half < 2; half++) {
      uint32_t changed = visible[half] ^ weights.visible[w + half];
      weights.visible[w + half] = visible[half];
      if (weightZeros) {
        const uint32_t zero = visible[half] & opposite[half];
        changed |= zero ^ weightZeros[w + half];
        weightZeros[w + half] = zero;
      }
      changes += static_cast<size_t>(popcount(changed));
    }
  }
  return changes;
}

}  // namespace
}  // namespace xnorlab
