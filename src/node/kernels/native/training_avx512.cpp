// What training does besides the product, with AVX-512. Definitions: scalar.cpp.
//
// A packed bit is a lane of a mask register as it stands, so masks are loaded straight from the packed rows and no bit
// is ever unpacked.
#include <immintrin.h>

#include <cstring>

#include "avx512.h"
#include "operations.h"
#include "ternary-steps.h"

namespace xnorlab {
namespace {

constexpr size_t wordBits = 32;

/** Bits of 16 columns from `column` on; those past the row's `rowWords` words are 0. */
__mmask16 bitsAt(const uint32_t* row, size_t rowWords, size_t column) {
  const size_t word = column / wordBits;
  const uint64_t high = word + 1 < rowWords ? row[word + 1] : 0;
  return static_cast<__mmask16>((high << 32 | row[word]) >> (column % wordBits));
}

__mmask32 signs16(const int16_t* values, __mmask32 used) {
  return _kandn_mask32(_mm512_movepi16_mask(_mm512_maskz_loadu_epi16(used, values)), used);
}

void packSigns16(const int16_t* values, size_t columns, uint32_t* out) {
  const size_t fullWords = columns / wordBits;
  const size_t rowWords = (columns + 63) / 64 * 2;
  for (size_t w = 0; w < fullWords; w++) out[w] = signs16(values + w * wordBits, 0xffffffff);
  for (size_t w = fullWords; w < rowWords; w++) {
    const size_t first = w * wordBits < columns ? w * wordBits : columns;
    out[w] = signs16(values + first, lowMask32(columns - first));
  }
}

/** The negative ones of up to 16 values. */
__mmask16 negatives(const int32_t* values, size_t count) {
  return _mm512_movepi32_mask(_mm512_maskz_loadu_epi32(lowMask16(count), values));
}

void packSigns32(const int32_t* values, size_t columns, uint32_t* out) {
  const size_t fullPairs = columns / (2 * wordBits);
  for (size_t i = 0; i < fullPairs; i++) {
    const auto* vectors = reinterpret_cast<const __m512i*>(values + i * 2 * wordBits);
    __mmask16 parts[4];
    for (size_t v = 0; v < 4; v++) parts[v] = _mm512_movepi32_mask(_mm512_loadu_si512(vectors + v));
    const __mmask32 low = _mm512_kunpackw(parts[1], parts[0]);
    const __mmask32 high = _mm512_kunpackw(parts[3], parts[2]);
    const uint64_t signs = ~_cvtmask64_u64(_mm512_kunpackd(high, low));
    std::memcpy(out + 2 * i, &signs, sizeof signs);
  }
  const size_t rest = columns - fullPairs * 2 * wordBits;
  if (rest == 0) return;
  const int32_t* last = values + fullPairs * 2 * wordBits;
  uint64_t negative = 0;
  for (size_t c = 0; c < rest; c += 16) {
    negative |= static_cast<uint64_t>(negatives(last + c, rest - c < 16 ? rest - c : 16)) << c;
  }
  const uint64_t signs = _bzhi_u64(~negative, static_cast<unsigned>(rest));
  std::memcpy(out + 2 * fullPairs, &signs, sizeof signs);
}

/** |z| ≤ limit as one unsigned comparison: z + limit, which wraps around below 0, lies in [0, 2·limit]. */
void packGates(const int32_t* values, size_t columns, int32_t limit, uint32_t* out) {
  const __m512i shift = _mm512_set1_epi32(limit);
  const __m512i width = broadcast(2 * static_cast<uint32_t>(limit));
  const size_t rowWords = (columns + 63) / 64 * 2;
  for (size_t w = 0; w < rowWords; w++) {
    uint32_t word = 0;
    for (size_t half = 0; half < 2; half++) {
      const size_t wanted = w * wordBits + half * 16;
      const size_t first = wanted < columns ? wanted : columns;
      const __mmask16 used = lowMask16(columns - first < 16 ? columns - first : 16);
      const __m512i shifted = _mm512_add_epi32(_mm512_maskz_loadu_epi32(used, values + first), shift);
      word |= static_cast<uint32_t>(_mm512_mask_cmple_epu32_mask(used, shifted, width)) << (16 * half);
    }
    out[w] = word;
  }
}

/** For all classes but the label: the largest logit, and whether an earlier one equals the label's. */
TriggerCount findTriggers(const Logits& logits, Range samples, int64_t margin, uint32_t* listed) {
  TriggerCount count{0, 0};
  const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (size_t b = samples.begin; b < samples.end; b++) {
    const int32_t* row = logits.values + b * logits.classes;
    const uint32_t label = logits.labels[b];
    const __m512i atLabel = _mm512_set1_epi32(row[label]);
    __m512i others = _mm512_set1_epi32(INT32_MIN);
    uint32_t ties = 0;
    for (size_t c = 0; c < logits.classes; c += 16) {
      const size_t width = logits.classes - c < 16 ? logits.classes - c : 16;
      const __m512i values = _mm512_maskz_loadu_epi32(lowMask16(width), row + c);
      const __m512i fromLabel = _mm512_sub_epi32(broadcast(label - static_cast<uint32_t>(c)), lane);
      const __mmask16 isOther = _mm512_mask_test_epi32_mask(lowMask16(width), fromLabel, fromLabel);
      const __m512i zero = _mm512_setzero_si512();
      const __mmask16 isEarlier = _mm512_mask_cmpgt_epi32_mask(lowMask16(width), fromLabel, zero);
      others = _mm512_mask_max_epi32(others, isOther, others, values);
      ties |= _mm512_mask_cmpeq_epi32_mask(isEarlier, values, atLabel);
    }
    const int32_t largest = _mm512_reduce_max_epi32(others);
    const bool wrong = (largest > row[label]) | (ties != 0);
    const bool triggers = wrong | (static_cast<int64_t>(row[label]) - largest < margin);
    listed[count.listed] = static_cast<uint32_t>(b);
    count.listed += triggers;
    count.wrong += wrong;
  }
  return count;
}

/**
 * Smallest |stability| and lowest index in one unsigned maximum: a neuron's key is its stability in the high bits and,
 * below, its index counted downwards. As unsigned numbers the negative stabilities are the largest, −1 the very
 * largest. Rows with pre-activations too large for a key go to the scalar version.
 */
size_t selectNeurons(const Selection& selection, uint32_t sample, const uint32_t* desired, StepOutput out) {
  const size_t groupSize = selection.groupSize;
  if (groupSize > 1 << 16) return scalarOperations.selectNeurons(selection, sample, desired, out);
  const unsigned indexBits = bitsFor(static_cast<uint32_t>(groupSize));
  const uint32_t indexMask = (1u << indexBits) - 1;
  const size_t rowWords = (selection.neurons + 63) / 64 * 2;
  const int32_t* row = selection.row;
  const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const __m512i firstIndex = _mm512_sub_epi32(broadcast(indexMask), lane);
  const __m512i shift = broadcast(indexBits);
  const __m512i limit = broadcast(1u << (30 - indexBits));
  __m512i outside = _mm512_setzero_si512();
  size_t count = 0;
  for (size_t start = 0; start < selection.neurons; start += groupSize) {
    __m512i best = _mm512_setzero_si512();
    __m512i index = firstIndex;
    for (size_t i = 0; i < groupSize; i += 16) {
      const __mmask16 used = lowMask16(groupSize - i < 16 ? groupSize - i : 16);
      const __m512i z = _mm512_maskz_loadu_epi32(used, row + start + i);
      const __mmask16 down = static_cast<__mmask16>(~bitsAt(desired, rowWords, start + i));
      const __m512i stability = _mm512_mask_sub_epi32(z, down, _mm512_setzero_si512(), z);
      const __m512i key = _mm512_or_si512(_mm512_sllv_epi32(stability, shift), index);
      best = _mm512_mask_max_epu32(best, used, best, key);
      outside = _mm512_or_si512(outside, _mm512_add_epi32(z, limit));
      index = _mm512_sub_epi32(index, _mm512_set1_epi32(16));
    }
    const uint32_t key = _mm512_reduce_max_epu32(best);
    const size_t neuron = start + (indexMask & ~key);
    const bool selected = key >> 31;
    out.samples[count] = sample;
    out.neurons[count] = static_cast<uint32_t>(neuron);
    if (selected) out.directions[count] = desired[neuron / wordBits] >> (neuron % wordBits) & 1 ? 1 : -1;
    count += selected;
  }
  const bool fits = static_cast<uint32_t>(_mm512_reduce_or_epi32(outside)) >> (31 - indexBits) == 0;
  return fits ? count : scalarOperations.selectNeurons(selection, sample, desired, out);
}

/** One neuron's update, with what is the same in all its parts. */
struct RowUpdate {
  const NeuronWeights weights;
  const NeuronSteps steps;
  __m512i base;
  __m512i upper;
  __m512i lower;
};

/**
 * Updates P pairs of words, 64 weights each, from word `first` on; if they are the row's last, only those in `used`.
 * `Saturates` when the upper bound is that of 16 bits, where saturation ends by itself.
 * A step adds ±2 to a weight: for m steps that is −2·m, plus 4 for every 1 bit of their inputs. `Count` is the number of
 * steps where it is known when this is compiled, else 0: most neurons have one or two, too few for a loop to pay.
 *
 * Comparing (port 5) rather than moving signs to masks, and counting flips on 64 bits, takes work off port 0, which
 * has most of the rest to do.
 */
template <size_t Count, size_t P, bool IsLast, bool Saturates>
inline size_t updatePairs(const RowUpdate& update, size_t first, __mmask64 used) {
  const __m512i four = _mm512_set1_epi16(4);
  __m512i change[2 * P];
#pragma GCC unroll 8
  for (size_t c = 0; c < 2 * P; c++) change[c] = update.base;
  const size_t count = Count > 0 ? Count : update.steps.count;
#pragma GCC unroll 4
  for (size_t i = 0; i < count; i++) {
    const uint32_t* words = update.steps.steps[i].input + first;
    const uint32_t inversion = update.steps.steps[i].inversion;
#pragma GCC unroll 8
    for (size_t c = 0; c < 2 * P; c++) {
      change[c] = _mm512_mask_add_epi16(change[c], words[c] ^ inversion, change[c], four);
    }
  }
  int16_t* hidden = update.weights.hidden + first * wordBits;
  uint32_t* visible = update.weights.visible + first;
  size_t flips = 0;
#pragma GCC unroll 8
  for (size_t p = 0; p < P; p++) {
    __mmask32 parts[2];
#pragma GCC unroll 8
    for (size_t half = 0; half < 2; half++) {
      const size_t c = 2 * p + half;
      int16_t* values = hidden + c * wordBits;
      const __mmask32 existing = static_cast<__mmask32>(used >> (32 * half));
      const __m512i before =
          IsLast ? _mm512_maskz_loadu_epi16(existing, values) : _mm512_loadu_si512(values);
      const __m512i moved = _mm512_adds_epi16(before, change[c]);
      const __m512i capped = Saturates ? moved : _mm512_min_epi16(moved, update.upper);
      const __m512i after = _mm512_max_epi16(capped, update.lower);
      if (IsLast) {
        _mm512_mask_storeu_epi16(values, existing, after);
      } else {
        _mm512_storeu_si512(values, after);
      }
      parts[half] = _mm512_cmpge_epi16_mask(after, _mm512_setzero_si512());
    }
    const uint64_t all = _cvtmask64_u64(_mm512_kunpackd(parts[1], parts[0]));
    const uint64_t signs = IsLast ? all & used : all;
    uint64_t before;
    std::memcpy(&before, visible + 2 * p, sizeof before);
    flips += static_cast<size_t>(_mm_popcnt_u64(signs ^ before));
    std::memcpy(visible + 2 * p, &signs, sizeof signs);
  }
  return flips;
}

template <size_t Count, bool Saturates>
size_t updateRow(const NeuronWeights& weights, const NeuronSteps& steps) {
  const RowUpdate update{
      weights,
      steps,
      _mm512_set1_epi16(static_cast<int16_t>(-2 * static_cast<int>(steps.count))),
      _mm512_set1_epi16(static_cast<int16_t>(weights.bound)),
      _mm512_set1_epi16(static_cast<int16_t>(-weights.bound)),
  };
  constexpr uint64_t all = ~uint64_t{0};
  const size_t columns = weights.columns;
  const size_t fullWords = columns / 64 * 2;
  size_t flips = 0;
  size_t w = 0;
  for (; w + 8 <= fullWords; w += 8) flips += updatePairs<Count, 4, false, Saturates>(update, w, all);
  for (; w < fullWords; w += 2) flips += updatePairs<Count, 1, false, Saturates>(update, w, all);
  const size_t rest = columns - w * wordBits;
  if (rest > 0) flips += updatePairs<Count, 1, true, Saturates>(update, w, _bzhi_u64(all, static_cast<unsigned>(rest)));
  return flips;
}

template <bool Saturates>
size_t updateRowOf(const NeuronWeights& weights, const NeuronSteps& steps) {
  switch (steps.count) {
    case 1: return updateRow<1, Saturates>(weights, steps);
    case 2: return updateRow<2, Saturates>(weights, steps);
    case 3: return updateRow<3, Saturates>(weights, steps);
    default: return updateRow<0, Saturates>(weights, steps);
  }
}

size_t applySteps(const NeuronWeights& weights, const NeuronSteps& steps) {
  if (steps.count > maximumVectorSteps) return scalarOperations.applySteps(weights, steps);
  return weights.bound == INT16_MAX ? updateRowOf<true>(weights, steps) : updateRowOf<false>(weights, steps);
}

/** What decides over steps towards zero, with what is the same in all parts of a row. */
struct RowRefusals {
  /** 32 lanes of random words. */
  __m512i lanes[2];
  /** The table of limits. */
  __m512i limits[2];
  __m512i offset;
  __m128i shift;
};

/** The next random words of 32 columns, 15 bits each; the lanes go on by one step of xorshift. */
inline __m512i nextWords(__m512i& lanes) {
  lanes = _mm512_xor_si512(lanes, _mm512_slli_epi32(lanes, 13));
  lanes = _mm512_xor_si512(lanes, _mm512_srli_epi32(lanes, 17));
  lanes = _mm512_xor_si512(lanes, _mm512_slli_epi32(lanes, 5));
  return _mm512_and_si512(lanes, _mm512_set1_epi16(largestWord));
}

/** Which of 32 weights keep their places: those that a change takes towards zero, and whose word is above the limit of their depth. */
inline __mmask32 refused(RowRefusals& refusals, size_t half, __m512i before, __m512i change) {
  const __m512i words = nextWords(refusals.lanes[half]);
  const __m512i beyond = _mm512_subs_epu16(_mm512_abs_epi16(before), refusals.offset);
  const __m512i last = _mm512_set1_epi16(limitCount - 1);
  const __m512i entry = _mm512_min_epu16(_mm512_srl_epi16(beyond, refusals.shift), last);
  const __m512i limit = _mm512_permutex2var_epi16(refusals.limits[0], entry, refusals.limits[1]);
  const __mmask32 isTowards = _mm512_movepi16_mask(_mm512_xor_si512(before, change));
  return _mm512_mask_cmpgt_epi16_mask(isTowards, words, limit);
}

/** `updatePairs` for one pair of words, with refusals. */
template <bool IsLast>
inline size_t updateConsolidatedPair(const RowUpdate& update, RowRefusals& refusals, size_t first, __mmask64 used) {
  const __m512i four = _mm512_set1_epi16(4);
  __m512i change[2] = {update.base, update.base};
  for (size_t i = 0; i < update.steps.count; i++) {
    const uint32_t* words = update.steps.steps[i].input + first;
    const uint32_t inversion = update.steps.steps[i].inversion;
#pragma GCC unroll 2
    for (size_t c = 0; c < 2; c++) change[c] = _mm512_mask_add_epi16(change[c], words[c] ^ inversion, change[c], four);
  }
  __mmask32 parts[2];
#pragma GCC unroll 2
  for (size_t c = 0; c < 2; c++) {
    int16_t* values = update.weights.hidden + (first + c) * wordBits;
    const __mmask32 existing = static_cast<__mmask32>(used >> (32 * c));
    const __m512i before = IsLast ? _mm512_maskz_loadu_epi16(existing, values) : _mm512_loadu_si512(values);
    const __mmask32 taken = _knot_mask32(refused(refusals, c, before, change[c]));
    const __m512i moved = _mm512_mask_adds_epi16(before, taken, before, change[c]);
    const __m512i after = _mm512_max_epi16(_mm512_min_epi16(moved, update.upper), update.lower);
    if (IsLast) {
      _mm512_mask_storeu_epi16(values, existing, after);
    } else {
      _mm512_storeu_si512(values, after);
    }
    parts[c] = _mm512_cmpge_epi16_mask(after, _mm512_setzero_si512());
  }
  const uint64_t all = _cvtmask64_u64(_mm512_kunpackd(parts[1], parts[0]));
  const uint64_t signs = IsLast ? all & used : all;
  uint64_t before;
  std::memcpy(&before, update.weights.visible + first, sizeof before);
  std::memcpy(update.weights.visible + first, &signs, sizeof signs);
  return static_cast<size_t>(_mm_popcnt_u64(signs ^ before));
}

size_t applyConsolidatedSteps(const NeuronWeights& weights, const NeuronSteps& steps, const Refusals& from) {
  if (steps.count > maximumVectorSteps) return scalarOperations.applyConsolidatedSteps(weights, steps, from);
  const RowUpdate update{
      weights,
      steps,
      _mm512_set1_epi16(static_cast<int16_t>(-2 * static_cast<int>(steps.count))),
      _mm512_set1_epi16(static_cast<int16_t>(weights.bound)),
      _mm512_set1_epi16(static_cast<int16_t>(-weights.bound)),
  };
  RowRefusals refusals;
  const __m512i index = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (size_t half = 0; half < 2; half++) {
    const __m512i turns = _mm512_add_epi32(index, _mm512_set1_epi32(static_cast<int>(16 * half)));
    const __m512i turned = _mm512_rolv_epi32(broadcast(from.row), turns);
    refusals.lanes[half] = _mm512_xor_si512(turned, _mm512_loadu_si512(from.lanes + 16 * half));
    refusals.limits[half] = _mm512_loadu_si512(from.limits + 32 * half);
  }
  refusals.offset = _mm512_set1_epi16(static_cast<int16_t>(from.offset));
  refusals.shift = _mm_cvtsi32_si128(static_cast<int>(from.shift));
  constexpr uint64_t all = ~uint64_t{0};
  const size_t fullWords = weights.columns / 64 * 2;
  size_t flips = 0;
  size_t w = 0;
  for (; w < fullWords; w += 2) flips += updateConsolidatedPair<false>(update, refusals, w, all);
  const size_t rest = weights.columns - w * wordBits;
  if (rest > 0) {
    flips += updateConsolidatedPair<true>(update, refusals, w, _bzhi_u64(all, static_cast<unsigned>(rest)));
  }
  return flips;
}

}  // namespace

const Operations avx512Operations = {
    "avx512",  32,           true,          productAvx512, packSigns16, packSigns32,
    packGates, findTriggers, selectNeurons, applySteps,    applyTernarySteps<packSigns16>,
    applyConsolidatedSteps,
};

}  // namespace xnorlab
