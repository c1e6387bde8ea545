// What training does besides the product, with AVX2. Definitions: scalar.cpp, which also does what has no vector
// version here.
//
// A word of packed bits becomes lanes by broadcasting it and testing one bit in each lane.
#include <immintrin.h>

#include <cstring>

#include "avx2.h"
#include "consolidated-steps.h"
#include "operations.h"
#include "ternary-steps.h"

namespace xnorlab {
namespace {

constexpr size_t wordBits = 32;
constexpr size_t lanes = 8;

uint32_t signsOf16(const int16_t* values) {
  const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values));
  const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values + 16));
  // Packing takes 128-bit lanes in turn: put them in order again.
  const __m256i bytes = _mm256_permute4x64_epi64(_mm256_packs_epi16(low, high), 0xd8);
  return ~static_cast<uint32_t>(_mm256_movemask_epi8(bytes));
}

uint32_t signsOf32(const int32_t* values) {
  uint32_t negative = 0;
  for (size_t i = 0; i < 4; i++) {
    const __m256i eight = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values + 8 * i));
    negative |= static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(eight))) << (8 * i);
  }
  return ~negative;
}

void packSigns16(const int16_t* values, size_t columns, uint32_t* out) {
  const size_t fullWords = columns / 64 * 2;
  for (size_t w = 0; w < fullWords; w++) out[w] = signsOf16(values + w * wordBits);
  const size_t done = fullWords * wordBits;
  if (done < columns) scalarOperations.packSigns16(values + done, columns - done, out + fullWords);
}

void packSigns32(const int32_t* values, size_t columns, uint32_t* out) {
  const size_t fullWords = columns / 64 * 2;
  for (size_t w = 0; w < fullWords; w++) out[w] = signsOf32(values + w * wordBits);
  const size_t done = fullWords * wordBits;
  if (done < columns) scalarOperations.packSigns32(values + done, columns - done, out + fullWords);
}

uint32_t gatesOf32(const int32_t* values, int32_t limit) {
  const __m256i upper = _mm256_set1_epi32(limit);
  const __m256i lower = _mm256_set1_epi32(-limit);
  uint32_t closed = 0;
  for (size_t i = 0; i < 4; i++) {
    const __m256i eight = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values + 8 * i));
    const __m256i outside = _mm256_or_si256(_mm256_cmpgt_epi32(eight, upper), _mm256_cmpgt_epi32(lower, eight));
    closed |= static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(outside))) << (8 * i);
  }
  return ~closed;
}

void packGates(const int32_t* values, size_t columns, int32_t limit, uint32_t* out) {
  const size_t fullWords = columns / 64 * 2;
  for (size_t w = 0; w < fullWords; w++) out[w] = gatesOf32(values + w * wordBits, limit);
  const size_t done = fullWords * wordBits;
  if (done < columns) scalarOperations.packGates(values + done, columns - done, limit, out + fullWords);
}

/** −1 in the 16-bit lanes whose bit of the half word is 1, else 0. */
inline __m256i lanesOf(uint32_t halfWord) {
  const __m256i bitOfLane = _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384,
                                              static_cast<int16_t>(0x8000));
  const __m256i bits = _mm256_and_si256(_mm256_set1_epi16(static_cast<int16_t>(halfWord)), bitOfLane);
  return _mm256_cmpeq_epi16(bits, bitOfLane);
}

/** The steps of one neuron, with −2·(their number) in every lane of `base`. */
struct RowUpdate {
  const NeuronSteps& steps;
  int32_t bound;
  __m256i base;
};

/** Updates the 32 weights of word w, of which those in `used` exist. @returns how many signs changed */
inline size_t updateWord(const RowUpdate& update, size_t w, int16_t* hidden, uint32_t* visible, uint32_t used) {
  const NeuronSteps& steps = update.steps;
  __m256i ones[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
  for (size_t i = 0; i < steps.count; i++) {
    const uint32_t bits = steps.steps[i].input[w] ^ steps.steps[i].inversion;
    for (size_t half = 0; half < 2; half++) ones[half] = _mm256_sub_epi16(ones[half], lanesOf(bits >> (16 * half)));
  }
  const __m256i upper = _mm256_set1_epi16(static_cast<int16_t>(update.bound));
  const __m256i lower = _mm256_set1_epi16(static_cast<int16_t>(-update.bound));
  for (size_t half = 0; half < 2; half++) {
    auto* values = reinterpret_cast<__m256i*>(hidden + 16 * half);
    const __m256i change = _mm256_add_epi16(update.base, _mm256_slli_epi16(ones[half], 2));
    const __m256i moved = _mm256_adds_epi16(_mm256_loadu_si256(values), change);
    _mm256_storeu_si256(values, _mm256_max_epi16(_mm256_min_epi16(moved, upper), lower));
  }
  const uint32_t signs = signsOf16(hidden) & used;
  const size_t flips = static_cast<size_t>(_mm_popcnt_u32(signs ^ *visible));
  *visible = signs;
  return flips;
}

size_t applySteps(const NeuronWeights& weights, const NeuronSteps& steps) {
  if (steps.count > maximumVectorSteps) return scalarOperations.applySteps(weights, steps);
  const __m256i base = _mm256_set1_epi16(static_cast<int16_t>(-2 * static_cast<int>(steps.count)));
  const RowUpdate update{steps, weights.bound, base};
  const size_t fullWords = weights.columns / wordBits;
  const size_t rowWords = (weights.columns + 63) / 64 * 2;
  size_t flips = 0;
  for (size_t w = 0; w < fullWords; w++) {
    flips += updateWord(update, w, weights.hidden + w * wordBits, weights.visible + w, 0xffffffff);
  }
  // The last, incomplete words by way of a copy of full width.
  for (size_t w = fullWords; w < rowWords; w++) {
    const size_t first = w * wordBits < weights.columns ? w * wordBits : weights.columns;
    const size_t width = weights.columns - first;
    int16_t copy[wordBits] = {};
    std::memcpy(copy, weights.hidden + first, width * sizeof(int16_t));
    flips += updateWord(update, w, copy, weights.visible + w, (1u << width) - 1);
    std::memcpy(weights.hidden + first, copy, width * sizeof(int16_t));
  }
  return flips;
}

TriggerCount findTriggers(const Logits& logits, Range samples, int64_t margin, uint32_t* listed) {
  return scalarOperations.findTriggers(logits, samples, margin, listed);
}

/** −1 in the lanes of 8 columns whose bit is 0, from `column` on; past the row's `rowWords` words bits are 0. */
inline __m256i zeroBitsAt(const uint32_t* row, size_t rowWords, size_t column) {
  const size_t word = column / wordBits;
  const uint64_t high = word + 1 < rowWords ? row[word + 1] : 0;
  const uint32_t bits = static_cast<uint32_t>((high << 32 | row[word]) >> (column % wordBits));
  const __m256i bitOfLane = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  const __m256i tested = _mm256_and_si256(_mm256_set1_epi32(static_cast<int>(bits)), bitOfLane);
  return _mm256_cmpeq_epi32(tested, _mm256_setzero_si256());
}

template <__m256i (*combine)(__m256i, __m256i)>
inline uint32_t reduce(__m256i values) {
  const __m256i fours = combine(values, _mm256_permute2x128_si256(values, values, 1));
  const __m256i twos = combine(fours, _mm256_shuffle_epi32(fours, 0x4e));
  const __m256i ones = combine(twos, _mm256_shuffle_epi32(twos, 0xb1));
  return static_cast<uint32_t>(_mm256_cvtsi256_si32(ones));
}

inline __m256i larger(__m256i a, __m256i b) { return _mm256_max_epu32(a, b); }
inline __m256i either(__m256i a, __m256i b) { return _mm256_or_si256(a, b); }

/**
 * Smallest |stability| and lowest index in one unsigned maximum, as in training_avx512.cpp: a neuron's key is its
 * stability in the high bits and, below, its index counted downwards. Rows with pre-activations too large for a key
 * go to the scalar version.
 */
size_t selectNeurons(const Selection& selection, uint32_t sample, const uint32_t* desired, StepOutput out) {
  const size_t groupSize = selection.groupSize;
  if (groupSize > 1 << 16) return scalarOperations.selectNeurons(selection, sample, desired, out);
  const unsigned indexBits = bitsFor(static_cast<uint32_t>(groupSize));
  const uint32_t indexMask = (1u << indexBits) - 1;
  const size_t rowWords = (selection.neurons + 63) / 64 * 2;
  const int32_t* row = selection.row;
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  const __m256i firstIndex = _mm256_sub_epi32(_mm256_set1_epi32(static_cast<int>(indexMask)), lane);
  const __m256i shift = _mm256_set1_epi32(static_cast<int>(indexBits));
  const __m256i limit = _mm256_set1_epi32(static_cast<int>(1u << (30 - indexBits)));
  __m256i outside = _mm256_setzero_si256();
  size_t count = 0;
  for (size_t start = 0; start < selection.neurons; start += groupSize) {
    __m256i best = _mm256_setzero_si256();
    __m256i index = firstIndex;
    for (size_t i = 0; i < groupSize; i += lanes) {
      const __m256i used = firstLanes(groupSize - i);
      const __m256i z = _mm256_maskload_epi32(row + start + i, used);
      const __m256i down = zeroBitsAt(desired, rowWords, start + i);
      const __m256i stability = _mm256_sub_epi32(_mm256_xor_si256(z, down), down);
      const __m256i key = _mm256_or_si256(_mm256_sllv_epi32(stability, shift), index);
      best = _mm256_max_epu32(best, _mm256_and_si256(key, used));
      outside = _mm256_or_si256(outside, _mm256_add_epi32(z, limit));
      index = _mm256_sub_epi32(index, _mm256_set1_epi32(lanes));
    }
    const uint32_t key = reduce<larger>(best);
    const size_t neuron = start + (indexMask & ~key);
    const bool selected = key >> 31;
    out.samples[count] = sample;
    out.neurons[count] = static_cast<uint32_t>(neuron);
    if (selected) out.directions[count] = desired[neuron / wordBits] >> (neuron % wordBits) & 1 ? 1 : -1;
    count += selected;
  }
  const bool fits = reduce<either>(outside) >> (31 - indexBits) == 0;
  return fits ? count : scalarOperations.selectNeurons(selection, sample, desired, out);
}

}  // namespace

const Operations avx2Operations = {
    "avx2",    64,           true,          productAvx2, packSigns16, packSigns32,
    packGates, findTriggers, selectNeurons, applySteps,  applyTernarySteps<packSigns16>,
    applyConsolidatedSteps<packSigns16>,
};

}  // namespace xnorlab
