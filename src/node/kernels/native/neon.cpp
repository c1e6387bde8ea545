// The product with NEON (arm64). Tested under an emulator, not measured: kept small, and everything but the product is
// scalar.cpp's.
//
// Row by row: 128 bits of both rows are XORed, counted by byte, and the counts summed in 16-bit lanes.
#include <arm_neon.h>

#include "consolidated-steps.h"
#include "operations.h"
#include "scalar.h"
#include "ternary-steps.h"

namespace xnorlab {
namespace {

/** Vectors whose counts, at most 16 for each 16-bit lane, are summed before a lane could overflow. */
constexpr size_t vectorsInLanes = 4095;

int32_t differing(const uint32_t* a, const uint32_t* b, size_t rowWords) {
  int32_t total = 0;
  size_t w = 0;
  while (w + 4 <= rowWords) {
    uint16x8_t counts = vdupq_n_u16(0);
    for (size_t i = 0; i < vectorsInLanes && w + 4 <= rowWords; i++, w += 4) {
      const uint8x16_t bits = vreinterpretq_u8_u32(veorq_u32(vld1q_u32(a + w), vld1q_u32(b + w)));
      counts = vpadalq_u8(counts, vcntq_u8(bits));
    }
    total += static_cast<int32_t>(vaddlvq_u16(counts));
  }
  for (; w < rowWords; w++) total += popcount(a[w] ^ b[w]);
  return total;
}

bool product(const Product& product, Range samples, Range neurons, Scratch&) {
  const size_t rowWords = product.inputs.rowWords;
  const int32_t columns = static_cast<int32_t>(product.inputs.columns);
  for (size_t b = samples.begin; b < samples.end; b++) {
    for (size_t k = neurons.begin; k < neurons.end; k++) {
      const int32_t count = differing(product.inputs.row(b), product.weights.row(k), rowWords);
      product.out[b * product.weights.rows + k] = columns - 2 * count;
    }
  }
  return true;
}

void packSigns16(const int16_t* values, size_t columns, uint32_t* out) {
  scalarOperations.packSigns16(values, columns, out);
}

void packSigns32(const int32_t* values, size_t columns, uint32_t* out) {
  scalarOperations.packSigns32(values, columns, out);
}

void packGates(const int32_t* values, size_t columns, int32_t limit, uint32_t* out) {
  scalarOperations.packGates(values, columns, limit, out);
}

TriggerCount findTriggers(const Logits& logits, Range samples, int64_t margin, uint32_t* listed) {
  return scalarOperations.findTriggers(logits, samples, margin, listed);
}

size_t selectNeurons(const Selection& selection, uint32_t sample, const uint32_t* desired, StepOutput out) {
  return scalarOperations.selectNeurons(selection, sample, desired, out);
}

size_t applySteps(const NeuronWeights& weights, const NeuronSteps& steps) {
  return scalarOperations.applySteps(weights, steps);
}

}  // namespace

const Operations neonOperations = {
    "neon",    1,            false,         product,    packSigns16, packSigns32,
    packGates, findTriggers, selectNeurons, applySteps, applyTernarySteps<packSigns16>,
    applyConsolidatedSteps<packSigns16>,
};

}  // namespace xnorlab
