// The bodies of packGates and backProduct.
//
// The product over open gates is made of two whole products with the transposed weights. With the gates g as ±1,
//
//     Σ_{g_k = +1} d_k·w_kn = ½·(Σ_k d_k·w_kn + Σ_k (g_k·d_k)·w_kn)
//
// so that every instruction set uses its fast product, in which two words cost one count of bits: as many counts as one
// masked product would take.
#include <atomic>
#include <cstring>

#include "instance.h"
#include "signatures.h"
#include "transpose.h"

namespace xnorlab {
namespace {

/** Listed samples at a time: their products stay in the L2 cache until they are added. */
constexpr size_t chunkSamples = 64;

/** Below this many bits a product is done before another thread has woken up. */
constexpr size_t smallProduct = 8 << 20;

/** Columns that are transposed together. */
constexpr size_t columnBlock = 64;

/** The operands of a backward product: desired activations and gates [B, K], transposed weights [N, K], out [B, N]. */
struct BackProduct {
  const uint32_t* desired;
  const uint32_t* gates;
  BitRows transposed;
  int32_t* out;
};

/** Writes d of `count` samples, then g·d of the same; bits past the last column stay 0. */
void writeFactors(const BackProduct& task, const uint32_t* listed, size_t count, uint32_t* factors) {
  const size_t rowWords = task.transposed.rowWords;
  for (size_t i = 0; i < count; i++) {
    const uint32_t* desired = task.desired + listed[i] * rowWords;
    const uint32_t* gates = task.gates + listed[i] * rowWords;
    uint32_t* whole = factors + i * rowWords;
    uint32_t* turned = factors + (count + i) * rowWords;
    for (size_t w = 0; w < rowWords; w++) {
      const size_t first = w * 32;
      const size_t columns = task.transposed.columns;
      const size_t used = columns <= first ? 0 : columns - first;
      const uint32_t mask = used >= 32 ? 0xffffffff : (1u << used) - 1;
      whole[w] = desired[w];
      turned[w] = ~(desired[w] ^ gates[w]) & mask;
    }
  }
}

/** ½·(a + b) for a + b even, without overflow. */
int32_t mean(int32_t a, int32_t b) { return (a & b) + ((a ^ b) >> 1); }

/** out[listed[i]] ← half the sum of the two products of sample i. */
void addProducts(const BackProduct& task, const uint32_t* listed, size_t count, const int32_t* products) {
  const size_t columns = task.transposed.rows;
  for (size_t i = 0; i < count; i++) {
    const int32_t* whole = products + i * columns;
    const int32_t* turned = products + (count + i) * columns;
    int32_t* out = task.out + listed[i] * columns;
    for (size_t n = 0; n < columns; n++) out[n] = mean(whole[n], turned[n]);
  }
}

/** @returns false when out of memory */
bool multiply(Instance& instance, const BackProduct& task, const uint32_t* listed, size_t count) {
  const BitRows& weights = task.transposed;
  const size_t chunk = count < chunkSamples ? count : chunkSamples;
  const size_t factorBytes = 2 * chunk * weights.rowWords * sizeof(uint32_t);
  const size_t productBytes = 2 * chunk * weights.rows * sizeof(int32_t);
  auto* memory = static_cast<char*>(instance.products.reserve(factorBytes + productBytes));
  if (!memory) return false;
  auto* factors = reinterpret_cast<uint32_t*>(memory);
  auto* products = reinterpret_cast<int32_t*>(memory + factorBytes);
  std::atomic<bool> hasMemory{true};
  for (size_t first = 0; first < count; first += chunk) {
    const size_t samples = count - first < chunk ? count - first : chunk;
    writeFactors(task, listed + first, samples, factors);
    const Product product{{factors, 2 * samples, weights.columns, weights.rowWords}, weights, products, nullptr};
    const auto compute = [&](Range part, size_t thread) {
      if (!instance.operations.product(product, {0, 2 * samples}, part, instance.scratch[thread])) hasMemory = false;
    };
    const double bits = 2.0 * static_cast<double>(samples) * weights.rows * weights.columns;
    instance.split(instance.multiplications, bits, smallProduct, weights.rows, instance.operations.neuronBlock, compute);
    if (!hasMemory) return false;
    addProducts(task, listed + first, samples, products);
  }
  return true;
}

}  // namespace

int64_t packGates(Instance& instance, const PackGatesCall& call) {
  const auto& [preActivations, limit, gates] = call;
  for (size_t b = 0; b < preActivations.rows; b++) {
    const int32_t largest = static_cast<int32_t>(limit);
    instance.operations.packGates(preActivations.row(b), preActivations.columns, largest, gates.row(b));
  }
  return 0;
}

int64_t backProduct(Instance& instance, const BackProductCall& call) {
  const auto& [desired, gates, weights, samples, out] = call;
  const size_t neurons = weights.rows, columns = weights.columns;
  if (samples.count == 0) return 0;
  void* memory = instance.transposed.reserve(columns * desired.rowWords * sizeof(uint32_t));
  if (!memory) return outOfMemory;
  auto* transposed = static_cast<uint32_t*>(memory);
  const auto transpose = [&, &matrix = weights](Range part, size_t) { transposeBits(matrix, part, transposed); };
  const double bits = static_cast<double>(neurons) * columns;
  instance.split(instance.transpositions, bits, smallProduct, columns, columnBlock, transpose);
  const BackProduct task{desired.words, gates.words, {transposed, columns, neurons, desired.rowWords}, out.values};
  return multiply(instance, task, samples.entries, samples.count) ? 0 : outOfMemory;
}

}  // namespace xnorlab
