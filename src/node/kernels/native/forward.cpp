// The bodies of gatherRows, product, ternaryProduct, packSigns and packMajority.
#include <atomic>
#include <cstring>

#include "instance.h"
#include "majority.h"
#include "signatures.h"

namespace xnorlab {
namespace {

/** Below this many bits a product is done before another thread has woken up. */
constexpr size_t smallProduct = 8 << 20;

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
  const Product task{inputs, weights, out.values, isPacking ? signs.words : nullptr};
  if (isPacking) {
    for (size_t b = 1; b <= samples; b++) std::memset(signs.row(b) - 2, 0, 2 * sizeof(uint32_t));
  }
  std::atomic<bool> hasMemory{true};
  const auto compute = [&](Range ofSamples, Range ofNeurons, size_t thread) {
    if (!instance.operations.product(task, ofSamples, ofNeurons, instance.scratch[thread])) hasMemory = false;
  };
  const size_t blocks = neurons / instance.operations.neuronBlock;
  const double bits = static_cast<double>(samples) * neurons * inputs.columns;
  if (bits < smallProduct) {
    compute({0, samples}, {0, neurons}, 0);
  } else if (blocks >= instance.threads) {
    instance.split(instance.multiplications, bits, neurons, instance.operations.neuronBlock,
                   [&](Range part, size_t thread) { compute({0, samples}, part, thread); });
  } else {
    instance.split(instance.multiplications, bits, samples, 20,
                   [&](Range part, size_t thread) { compute(part, {0, neurons}, thread); });
  }
  if (!hasMemory) return outOfMemory;
  if (signs.words && !isPacking) {
    for (size_t b = 0; b < samples; b++) instance.operations.packSigns32(out.row(b), neurons, signs.row(b));
  }
  return 0;
}

int64_t ternaryProduct(Instance& instance, const TernaryProductCall& call) {
  const auto& [inputs, weights, out, inputZeros, weightZeros] = call;
  const TernaryProduct task{inputs, weights, inputZeros.words, weightZeros.words, out.values};
  const auto compute = [&](Range ofSamples) { instance.operations.ternaryProduct(task, ofSamples, {0, task.weights.rows}); };
  const double bits = static_cast<double>(inputs.rows) * weights.rows * inputs.columns;
  if (bits < smallProduct / 2) {
    compute({0, inputs.rows});
  } else {
    instance.split(instance.ternaryMultiplications, bits, inputs.rows, 4, [&](Range part, size_t) { compute(part); });
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

int64_t packMajority(Instance&, const PackMajorityCall& call) {
  const auto& [activations, groupSize, out] = call;
  for (size_t r = 0; r < activations.rows; r++) {
    packRowMajority(activations.row(r), activations.columns, groupSize, out.row(r));
  }
  return 0;
}

}  // namespace xnorlab
