// The inner loops of the kernel contract (../kernels.ts), one table of them for each instruction set.
//
// Everything here is about plain memory: every pointer, length and index has been checked (signatures.h) before the
// bodies of the operations call one of these, and split the work over threads. `scalarOperations` (scalar.cpp) is the definition in
// C++; the other tables differ from it in speed only.
//
// Bits are packed as in BitMatrix: column c of a row is bit c % 32 of its word c / 32, rows are padded with 0 bits to
// a multiple of 64. Rows are aligned to 4 bytes only, so vectors are loaded unaligned.
#pragma once

#include <cstddef>
#include <cstdint>

namespace xnorlab {

class Scratch;

/** Indices [begin, end). */
struct Range {
  size_t begin;
  size_t end;
  size_t size() const { return end - begin; }
};

/** Number of words of a packed row. */
static inline size_t rowWordsFor(size_t columns) { return (columns + 63) / 64 * 2; }

/** A packed matrix of ±1. */
struct BitRows {
  const uint32_t* words;
  size_t rows;
  size_t columns;
  size_t rowWords;
  const uint32_t* row(size_t r) const { return words + r * rowWords; }
  /** Words of a row that hold columns, without the padding to 64 bits. */
  size_t usedWords() const { return (columns + 31) / 32; }
};

/** out[b, k] = columns − 2·popcount(inputs[b] XOR weights[k]), row-major with weights.rows columns. */
struct Product {
  BitRows inputs;
  BitRows weights;
  int32_t* out;
  /** Where the signs of `out` go, packed as usual; nullptr where they are not wanted. */
  uint32_t* signs;
  size_t signWords() const { return rowWordsFor(weights.rows); }
};

/** Pre-activations of one sample; groups of `groupSize` neurons. */
struct Selection {
  const int32_t* row;
  size_t neurons;
  size_t groupSize;
};

/** Where steps are appended, one array for each field; there is room. */
struct StepOutput {
  uint32_t* samples;
  uint32_t* neurons;
  int8_t* directions;
  StepOutput from(size_t first) const { return {samples + first, neurons + first, directions + first}; }
};

/** Logits [B, classes] and their labels. */
struct Logits {
  const int32_t* values;
  size_t classes;
  const uint32_t* labels;
};

/** How many samples are misclassified, and how many are listed. */
struct TriggerCount {
  size_t wrong;
  size_t listed;
};

/**
 * One step of a neuron. A step away from an input is a step towards its opposite: XOR the input's words with
 * `inversion`, which is 0 for direction +1 and all ones for −1.
 */
struct NeuronStep {
  const uint32_t* input;
  uint32_t inversion;
};

/** All steps of one neuron. */
struct NeuronSteps {
  const NeuronStep* steps;
  size_t count;
};

/** One neuron's weights. `columns` hidden weights and as many visible bits (with their padding). */
struct NeuronWeights {
  int16_t* hidden;
  uint32_t* visible;
  size_t columns;
  int32_t bound;
};

/** Where the inputs of steps are 0; `zeros` is nullptr where none is. */
struct InputZeros {
  /** The matrix that the steps' inputs are rows of. */
  const uint32_t* inputs;
  const uint32_t* zeros;
  const uint32_t* rowOf(const uint32_t* input) const { return zeros + (input - inputs); }
};

/** What decides which steps of one neuron towards zero are taken (src/kernels/consolidation.ts). */
struct Refusals {
  /** 32 words of the call, and one of the neuron. */
  const uint32_t* lanes;
  uint32_t row;
  /** `limitCount` entries. */
  const int16_t* limits;
  uint32_t offset;
  uint32_t shift;
  /** What lane i begins with: the row's word, rotated, says in what it differs from others. */
  uint32_t lane(uint32_t i) const { return lanes[i] ^ (row << i | (i > 0 ? row >> (32 - i) : 0)); }
};

constexpr size_t laneCount = 32;
constexpr uint32_t limitCount = 64;
constexpr int16_t largestWord = 32767;

/** Above this many steps of one neuron their 16-bit sums could overflow; only `scalarOperations` takes more. */
constexpr size_t maximumVectorSteps = 16383;

/** Bits that an index in [0, count) takes, for count in [1, 2^16]. */
static inline unsigned bitsFor(uint32_t count) {
  return count > 1 ? 32 - static_cast<unsigned>(__builtin_clz(count - 1)) : 0;
}

/** What an instruction set offers. */
struct Operations {
  const char* name;

  /** Neurons that the product computes together: a task gets a multiple of them. */
  size_t neuronBlock;

  /** Whether the product writes signs where they are wanted; their padding to 64 bits is 0 before. */
  bool productPacksSigns;

  /** Computes the outputs of `samples` × `neurons`. @returns false when out of memory */
  bool (*product)(const Product& product, Range samples, Range neurons, Scratch& scratch);

  /** out row ← signs of `columns` values, padding included. */
  void (*packSigns16)(const int16_t* values, size_t columns, uint32_t* out);
  void (*packSigns32)(const int32_t* values, size_t columns, uint32_t* out);

  /** out row ← bit 1 where |value| ≤ limit, for `columns` values, padding included. */
  void (*packGates)(const int32_t* values, size_t columns, int32_t limit, uint32_t* out);

  /** Appends the triggering samples of a range to `listed`. */
  TriggerCount (*findTriggers)(const Logits& logits, Range samples, int64_t margin, uint32_t* listed);

  /** Appends the steps of one sample. @returns their number, at most one for each group */
  size_t (*selectNeurons)(const Selection& selection, uint32_t sample, const uint32_t* desired, StepOutput out);

  /** hidden ← clip(hidden + 2·Σ direction·input); visible ← sign(hidden). @returns how many signs changed */
  size_t (*applySteps)(const NeuronWeights& weights, const NeuronSteps& steps);

  /**
   * `applySteps` where inputs and weights may be 0; also marks where weights are 0, unless `weightZeros` is nullptr. Any number of steps.
   * @returns how many weights changed among −1, 0 and +1
   */
  size_t (*applyTernarySteps)(const NeuronWeights& weights, uint32_t* weightZeros, const NeuronSteps& steps,
                              const InputZeros& zeros);

  /** `applySteps` where steps towards zero may be refused. Any number of steps. @returns how many signs changed */
  size_t (*applyConsolidatedSteps)(const NeuronWeights& weights, const NeuronSteps& steps, const Refusals& refusals);
};

extern const Operations scalarOperations;
extern const Operations avx512Operations;
extern const Operations avx2Operations;
extern const Operations neonOperations;

/** The table of that name if this processor can run it, else nullptr. `index` counts them, fastest first. */
const Operations* operationsNamed(const char* name);
const Operations* operationsAt(size_t index);

}  // namespace xnorlab
