// Steps of which those towards zero may be refused. Included by one file for each instruction set, whose compiler makes vectors of the
// loops.
#pragma once

#include "ternary-steps.h"

namespace xnorlab {
namespace {

/** Random words of the next 64 columns, from 32 lanes that go on by one step of xorshift. */
inline void drawWords(uint32_t* lanes, int16_t* words) {
  for (size_t i = 0; i < laneCount; i++) {
    uint32_t x = lanes[i];
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    lanes[i] = x;
    words[2 * i] = static_cast<int16_t>(x & largestWord);
    words[2 * i + 1] = static_cast<int16_t>(x >> 16 & largestWord);
  }
}

/** sums[c] = Σ direction·input of the 64 columns from word w on, as far as it matters. */
inline void sumSigns(const NeuronSteps& steps, size_t w, int32_t* sums) {
  std::memset(sums, 0, stepColumns * sizeof(int32_t));
  for (size_t i = 0; i < steps.count; i++) {
    for (size_t half = 0; half < 2; half++) {
      const uint32_t bits = steps.steps[i].input[w + half] ^ steps.steps[i].inversion;
      int32_t* ofHalf = sums + 32 * half;
      for (uint32_t c = 0; c < 32; c++) ofHalf[c] += static_cast<int32_t>(bits >> c & 1);
    }
  }
  const int64_t count = static_cast<int64_t>(steps.count);
  for (size_t c = 0; c < stepColumns; c++) {
    const int64_t sum = 2 * static_cast<int64_t>(sums[c]) - count;
    sums[c] = static_cast<int32_t>(sum > farthest ? farthest : sum < -farthest ? -farthest : sum);
  }
}

/** hidden[c] ← clip(hidden[c] + 2·sums[c]) unless that is towards zero and its word says no. */
inline void moveUnlessRefused(int16_t* hidden, size_t width, const int32_t* sums, const int16_t* words,
                              const Refusals& refusals, int32_t bound) {
  for (size_t c = 0; c < width; c++) {
    const int32_t h = hidden[c];
    const uint32_t depth = static_cast<uint32_t>(h < 0 ? -h : h);
    const uint32_t beyond = depth > refusals.offset ? depth - refusals.offset : 0;
    const uint32_t entry = beyond >> refusals.shift < limitCount ? beyond >> refusals.shift : limitCount - 1;
    // A sum of 0 may be refused, which is the same.
    const bool refused = ((sums[c] ^ h) < 0) & (words[c] > refusals.limits[entry]);
    const int32_t moved = h + (refused ? 0 : 2 * sums[c]);
    hidden[c] = static_cast<int16_t>(moved > bound ? bound : moved < -bound ? -bound : moved);
  }
}

/** Operations::applyConsolidatedSteps. */
template <void (*packSigns16)(const int16_t*, size_t, uint32_t*)>
size_t applyConsolidatedSteps(const NeuronWeights& weights, const NeuronSteps& steps, const Refusals& refusals) {
  uint32_t lanes[laneCount];
  for (uint32_t i = 0; i < laneCount; i++) lanes[i] = refusals.lane(i);
  size_t flips = 0;
  for (size_t first = 0; first < weights.columns; first += stepColumns) {
    const size_t w = first / 32;
    const size_t width = weights.columns - first < stepColumns ? weights.columns - first : stepColumns;
    int32_t sums[stepColumns];
    int16_t words[stepColumns];
    uint32_t visible[2];
    sumSigns(steps, w, sums);
    drawWords(lanes, words);
    moveUnlessRefused(weights.hidden + first, width, sums, words, refusals, weights.bound);
    packSigns16(weights.hidden + first, width, visible);
    for (size_t half = 0; half < 2; half++) {
      flips += static_cast<size_t>(popcount(visible[half] ^ weights.visible[w + half]));
      weights.visible[w + half] = visible[half];
    }
  }
  return flips;
}

}  // namespace
}  // namespace xnorlab
