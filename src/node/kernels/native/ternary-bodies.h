// The inner loops of the ternary operations: matrices of −1, 0 and +1 in two planes of bits, signs and zeros. Included by one file
// for each instruction set, whose compiler makes vectors of them; with -mpopcnt it has the instruction for counts.
#pragma once

#include <cstring>

#include "operations.h"
#include "scalar.h"

namespace xnorlab {
namespace {

inline uint64_t pairAt(const uint32_t* words, size_t pair) {
  uint64_t both;
  std::memcpy(&both, words + 2 * pair, sizeof both);
  return both;
}

inline int32_t countOnes(uint64_t word) {
#if defined(__POPCNT__)
  return __builtin_popcountll(word);
#else
  return popcount(word);
#endif
}

/**
 * popcount(zeros) + 2·popcount(differing AND NOT zeros) is popcount(zeros OR differing) + popcount(differing AND NOT zeros): two
 * counts for each word.
 */
template <bool inputsHaveZeros, bool weightsHaveZeros>
void multiplyTernary(const TernaryProduct& product, Range samples, Range neurons) {
  const auto& [inputs, weights, inputZeros, weightZeros, out] = product;
  const size_t rowWords = inputs.rowWords;
  for (size_t b = samples.begin; b < samples.end; b++) {
    const uint32_t* input = inputs.row(b);
    const uint32_t* zerosOfInput = inputsHaveZeros ? inputZeros + b * rowWords : nullptr;
    for (size_t k = neurons.begin; k < neurons.end; k++) {
      const uint32_t* weight = weights.row(k);
      const uint32_t* zerosOfWeight = weightsHaveZeros ? weightZeros + k * rowWords : nullptr;
      int32_t lost = 0;
      for (size_t pair = 0; pair < rowWords / 2; pair++) {
        const uint64_t differing = pairAt(input, pair) ^ pairAt(weight, pair);
        uint64_t zeros = 0;
        if (inputsHaveZeros) zeros |= pairAt(zerosOfInput, pair);
        if (weightsHaveZeros) zeros |= pairAt(zerosOfWeight, pair);
        lost += countOnes(zeros | differing) + countOnes(differing & ~zeros);
      }
      out[b * weights.rows + k] = static_cast<int32_t>(inputs.columns) - lost;
    }
  }
}

void ternaryProduct(const TernaryProduct& product, Range samples, Range neurons) {
  if (product.inputZeros && product.weightZeros) return multiplyTernary<true, true>(product, samples, neurons);
  if (product.inputZeros) return multiplyTernary<true, false>(product, samples, neurons);
  if (product.weightZeros) return multiplyTernary<false, true>(product, samples, neurons);
  multiplyTernary<false, false>(product, samples, neurons);
}

/** sums[c] = Σ direction·input of the 32 columns of word w, where the input is not 0. */
inline void sumSteps(const NeuronSteps& steps, const InputZeros& zeros, size_t w, int32_t* sums) {
  std::memset(sums, 0, 32 * sizeof(int32_t));
  for (size_t i = 0; i < steps.count; i++) {
    const NeuronStep& step = steps.steps[i];
    const uint32_t present = zeros.zeros ? ~zeros.rowOf(step.input)[w] : 0xffffffff;
    const uint32_t up = (step.input[w] ^ step.inversion) & present;
    const uint32_t down = ~(step.input[w] ^ step.inversion) & present;
    for (uint32_t c = 0; c < 32; c++) sums[c] += static_cast<int32_t>(up >> c & 1) - static_cast<int32_t>(down >> c & 1);
  }
}

size_t applyTernarySteps(const NeuronWeights& weights, uint32_t* weightZeros, const NeuronSteps& steps,
                         const InputZeros& zeros) {
  size_t changes = 0;
  const size_t rowWords = rowWordsFor(weights.columns);
  for (size_t w = 0; w < rowWords; w++) {
    const size_t first = w * 32 < weights.columns ? w * 32 : weights.columns;
    const size_t width = weights.columns - first < 32 ? weights.columns - first : 32;
    int32_t sums[32];
    sumSteps(steps, zeros, w, sums);
    uint32_t visible = 0;
    uint32_t zero = 0;
    for (size_t c = 0; c < width; c++) {
      const int64_t moved = weights.hidden[first + c] + 2 * static_cast<int64_t>(sums[c]);
      const int64_t h = moved > weights.bound ? weights.bound : moved < -weights.bound ? -weights.bound : moved;
      weights.hidden[first + c] = static_cast<int16_t>(h);
      visible |= static_cast<uint32_t>(h >= 0) << c;
      zero |= static_cast<uint32_t>(h == 0) << c;
    }
    uint32_t changed = visible ^ weights.visible[w];
    weights.visible[w] = visible;
    if (weightZeros) {
      changed |= zero ^ weightZeros[w];
      weightZeros[w] = zero;
    }
    changes += static_cast<size_t>(countOnes(changed));
  }
  return changes;
}

}  // namespace
}  // namespace xnorlab
