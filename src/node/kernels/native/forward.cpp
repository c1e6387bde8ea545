// The bodies of gatherRows, product, ternaryProduct, packSigns, packReached and packMajority.
#include <atomic>
#include <cstring>

#include "instance.h"
#include "majority.h"
#include "signatures.h"

namespace xnorlab {
namespace {

/** Below this many bits a product is done before another thread has woken up. */
constexpr size_t smallProduct = 8 << 20;

/** The product of a task, on all threads where they pay. @returns false when out of memory */
bool multiply(Instance& instance, const Product& task) {
  const size_t samples = task.inputs.rows, neurons = task.weights.rows;
  std::atomic<bool> hasMemory{true};
  const auto compute = [&](Range ofSamples, Range ofNeurons, size_t thread) {
    if (!instance.operations.product(task, ofSamples, ofNeurons, instance.scratch[thread])) hasMemory = false;
  };
  const size_t blocks = neurons / instance.operations.neuronBlock;
  const double bits = static_cast<double>(samples) * neurons * task.inputs.columns;
  if (blocks >= instance.threads) {
    instance.split(instance.multiplications, bits, smallProduct, neurons, instance.operations.neuronBlock,
                   [&](Range part, size_t thread) { compute({0, samples}, part, thread); });
  } else {
    instance.split(instance.multiplications, bits, smallProduct, samples, 20,
                   [&](Range part, size_t thread) { compute(part, {0, neurons}, thread); });
  }
  return hasMemory;
}

/** Samples of a ternary product at a time: so many that the weights are worth reading, and products stay in the cache. */
constexpr size_t ternarySamples = 128;

/**
 * A matrix of −1, 0 and +1 as half the sum of one or two matrices of ±1, on top of each other: the first has +1 where it is 0, the second −1.
 * Without zeros it is the first alone.
 */
struct Halves {
  BitRows signs;
  /** As in the rows of `signs`; nullptr where there are no zeros. */
  const uint32_t* zeros;
  size_t count() const { return zeros ? 2 : 1; }
  size_t words(size_t rows) const { return zeros ? 2 * rows * signs.rowWords : 0; }

  /** `rows` rows from `first` on, twice where there are zeros; `memory` has room for words(rows). */
  BitRows from(size_t first, size_t rows, uint32_t* memory) const {
    if (!zeros) return {signs.row(first), rows, signs.columns, signs.rowWords};
    const size_t length = rows * signs.rowWords;
    const uint32_t* ofSigns = signs.row(first);
    const uint32_t* ofZeros = zeros + first * signs.rowWords;
    for (size_t i = 0; i < length; i++) memory[i] = ofSigns[i] | ofZeros[i];
    for (size_t i = 0; i < length; i++) memory[length + i] = ofSigns[i] & ~ofZeros[i];
    return {memory, 2 * rows, signs.columns, signs.rowWords};
  }
};

/** ½·(a + b) for a + b even, without overflow. */
int32_t mean(int32_t a, int32_t b) { return (a & b) + ((a ^ b) >> 1); }

/** rows[i] ← the mean of row i and of the row `rows` below it, each of `columns`: the products of both halves of a sample. */
void meanOfRows(int32_t* products, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows * columns; i++) products[i] = mean(products[i], products[rows * columns + i]);
}

}  // namespace

int64_t gatherRows(Instance&, const GatherRowsCall& call) {
  const auto& [source, rows, out] = call;
  const size_t rowWords = source.rowWords;
  // Rows of a shuffled data set are all over the memory: ask for some rows ahead. Overlapping operands are an error
  // of the caller, but stay within their memory with memmove.
  constexpr size_t ahead = 8;
  constexpr size_t lineWords = 64 / sizeof(uint32_t);
  for (size_t i = 0; i < rows.count; i++) {
    if (i + ahead < rows.count) {
      const uint32_t* row = source.row(rows[i + ahead]);
      for (size_t word = 0; word < rowWords; word += lineWords) __builtin_prefetch(row + word);
    }
    std::memmove(out.row(i), source.row(rows[i]), rowWords * sizeof(uint32_t));
  }
  return 0;
}

int64_t product(Instance& instance, const ProductCall& call) {
  const auto& [inputs, weights, out, signs] = call;
  const size_t samples = inputs.rows, neurons = weights.rows;
  const bool isPacking = signs.words && instance.operations.productPacksSigns;
  if (isPacking) {
    for (size_t b = 1; b <= samples; b++) std::memset(signs.row(b) - 2, 0, 2 * sizeof(uint32_t));
  }
  if (!multiply(instance, {inputs, weights, out.values, isPacking ? signs.words : nullptr})) return outOfMemory;
  if (signs.words && !isPacking) {
    for (size_t b = 0; b < samples; b++) instance.operations.packSigns32(out.row(b), neurons, signs.row(b));
  }
  return 0;
}

int64_t ternaryProduct(Instance& instance, const TernaryProductCall& call) {
  const auto& [inputs, weights, out, inputZeros, weightZeros] = call;
  const Halves ofInputs{inputs, inputZeros.words}, ofWeights{weights, weightZeros.words};
  const size_t chunk = inputs.rows < ternarySamples ? inputs.rows : ternarySamples;
  const size_t neurons = weights.rows, products = ofInputs.count() * chunk * ofWeights.count() * neurons;
  // A word more than is needed: of nothing there is no memory.
  auto* weightWords = static_cast<uint32_t*>(instance.transposed.reserve((ofWeights.words(neurons) + 1) * sizeof(uint32_t)));
  auto* memory = static_cast<int32_t*>(instance.products.reserve((products + ofInputs.words(chunk) + 1) * sizeof(int32_t)));
  if (!weightWords || !memory) return outOfMemory;
  const BitRows allWeights = ofWeights.from(0, neurons, weightWords);
  for (size_t first = 0; first < inputs.rows; first += chunk) {
    const size_t samples = inputs.rows - first < chunk ? inputs.rows - first : chunk;
    const BitRows shown = ofInputs.from(first, samples, reinterpret_cast<uint32_t*>(memory + products));
    if (!multiply(instance, {shown, allWeights, memory, nullptr})) return outOfMemory;
    if (inputZeros.words) meanOfRows(memory, samples, allWeights.rows);
    for (size_t b = 0; b < samples; b++) {
      const int32_t* row = memory + b * allWeights.rows;
      int32_t* outRow = out.row(first + b);
      if (!weightZeros.words) std::memcpy(outRow, row, neurons * sizeof(int32_t));
      for (size_t k = 0; weightZeros.words && k < neurons; k++) outRow[k] = mean(row[k], row[neurons + k]);
    }
  }
  return 0;
}

int64_t packSigns(Instance& instance, const PackSignsCall& call) {
  const auto& [values, out] = call;
  for (size_t r = 0; r < values.rows; r++) {
    if (values.shorts) {
      instance.operations.packSigns16(values.shorts + r * values.columns, values.columns, out.row(r));
    } else {
      instance.operations.packSigns32(values.ints + r * values.columns, values.columns, out.row(r));
    }
  }
  return 0;
}

int64_t packReached(Instance& instance, const PackReachedCall& call) {
  const auto& [values, thresholds, out] = call;
  const size_t columns = values.columns;
  auto* reached = static_cast<int32_t*>(instance.scratch[0].reserve(columns * sizeof(int32_t)));
  if (!reached) return outOfMemory;
  for (size_t r = 0; r < values.rows; r++) {
    // A difference could overflow.
    for (size_t c = 0; c < columns; c++) reached[c] = -static_cast<int32_t>(values.row(r)[c] < thresholds.values[c]);
    instance.operations.packSigns32(reached, columns, out.row(r));
  }
  return 0;
}

int64_t packMajority(Instance&, const PackMajorityCall& call) {
  const auto& [activations, groupSize, out] = call;
  for (size_t r = 0; r < activations.rows; r++) {
    packRowMajority(activations.row(r), activations.columns, groupSize, out.row(r));
  }
  return 0;
}

}  // namespace xnorlab
