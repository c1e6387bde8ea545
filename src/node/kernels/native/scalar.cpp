// The operations in portable C++: the definition that the vector versions are measured against, and what runs on
// processors without them. Written to be clear first; loops without branches where that costs no clarity.
#include <algorithm>
#include <cstring>

#include "consolidated-steps.h"
#include "gaps.h"
#include "operations.h"
#include "scalar.h"
#include "ternary-steps.h"

namespace xnorlab {
namespace {

uint64_t word64(const uint32_t* words) {
  uint64_t both;
  std::memcpy(&both, words, sizeof both);
  return both;
}

int32_t clip(int64_t value, int32_t bound) {
  return static_cast<int32_t>(std::max<int64_t>(-bound, std::min<int64_t>(bound, value)));
}

/** +1 or −1. */
int32_t bitSign(const uint32_t* row, size_t column) { return (row[column / 32] >> (column % 32) & 1) ? 1 : -1; }

bool product(const Product& product, Range samples, Range neurons, Scratch&) {
  const size_t rowWords = product.inputs.rowWords;
  for (size_t b = samples.begin; b < samples.end; b++) {
    const uint32_t* input = product.inputs.row(b);
    for (size_t k = neurons.begin; k < neurons.end; k++) {
      const uint32_t* weights = product.weights.row(k);
      int32_t differing = 0;
      for (size_t w = 0; w < rowWords; w += 2) differing += popcount(word64(input + w) ^ word64(weights + w));
      product.out[b * product.weights.rows + k] = static_cast<int32_t>(product.inputs.columns) - 2 * differing;
    }
  }
  return true;
}

template <typename Value>
void packSigns(const Value* values, size_t columns, uint32_t* out) {
  const size_t rowWords = (columns + 63) / 64 * 2;
  for (size_t w = 0; w < rowWords; w++) {
    const size_t first = std::min(w * 32, columns);
    const size_t end = std::min(first + 32, columns);
    uint32_t word = 0;
    for (size_t c = first; c < end; c++) word |= static_cast<uint32_t>(values[c] >= 0) << (c - first);
    out[w] = word;
  }
}

void packGates(const int32_t* values, size_t columns, int32_t limit, uint32_t* out) {
  const size_t rowWords = (columns + 63) / 64 * 2;
  for (size_t w = 0; w < rowWords; w++) {
    const size_t first = std::min(w * 32, columns);
    const size_t end = std::min(first + 32, columns);
    uint32_t word = 0;
    for (size_t c = first; c < end; c++) {
      word |= static_cast<uint32_t>((values[c] <= limit) & (values[c] >= -limit)) << (c - first);
    }
    out[w] = word;
  }
}

/**
 * Sample b is misclassified when a class before the label has at least the label's logit, or one after it has more;
 * otherwise the label's class leads, by its logit minus the largest other.
 */
TriggerCount findTriggers(const Logits& logits, Range samples, int64_t margin, uint32_t* listed) {
  TriggerCount count{0, 0};
  for (size_t b = samples.begin; b < samples.end; b++) {
    const int32_t* row = logits.values + b * logits.classes;
    const size_t label = logits.labels[b];
    int64_t before = INT64_MIN;
    int64_t after = INT64_MIN;
    for (size_t c = 0; c < label; c++) before = std::max<int64_t>(before, row[c]);
    for (size_t c = label + 1; c < logits.classes; c++) after = std::max<int64_t>(after, row[c]);
    const bool wrong = before >= row[label] || after > row[label];
    const bool triggers = wrong || row[label] - std::max(before, after) < margin;
    listed[count.listed] = static_cast<uint32_t>(b);
    count.listed += triggers;
    count.wrong += wrong;
  }
  return count;
}

size_t selectNeurons(const Selection& selection, uint32_t sample, const uint32_t* desired, StepOutput out) {
  const int32_t* row = selection.row;
  size_t count = 0;
  for (size_t start = 0; start < selection.neurons; start += selection.groupSize) {
    size_t selected = 0;
    int64_t selectedStability = INT64_MIN;
    for (size_t k = start; k < start + selection.groupSize; k++) {
      const int64_t stability = static_cast<int64_t>(row[k]) * bitSign(desired, k);
      const bool better = stability < 0 && stability > selectedStability;
      selected = better ? k : selected;
      selectedStability = better ? stability : selectedStability;
    }
    out.samples[count] = sample;
    out.neurons[count] = static_cast<uint32_t>(selected);
    out.directions[count] = static_cast<int8_t>(bitSign(desired, selected));
    count += selectedStability != INT64_MIN;
  }
  return count;
}

size_t applySteps(const NeuronWeights& weights, const NeuronSteps& steps) {
  size_t flips = 0;
  const size_t rowWords = (weights.columns + 63) / 64 * 2;
  for (size_t w = 0; w < rowWords; w++) {
    const size_t first = std::min(w * 32, weights.columns);
    const size_t width = std::min<size_t>(32, weights.columns - first);
    int32_t ones[32] = {};
    for (size_t i = 0; i < steps.count; i++) {
      const uint32_t bits = steps.steps[i].input[w] ^ steps.steps[i].inversion;
      for (size_t c = 0; c < 32; c++) ones[c] += bits >> c & 1;
    }
    uint32_t visible = 0;
    for (size_t c = 0; c < width; c++) {
      const int64_t sum = 2 * static_cast<int64_t>(ones[c]) - static_cast<int64_t>(steps.count);
      const int32_t h = clip(weights.hidden[first + c] + 2 * sum, weights.bound);
      weights.hidden[first + c] = static_cast<int16_t>(h);
      visible |= static_cast<uint32_t>(h >= 0) << c;
    }
    flips += static_cast<size_t>(popcount(visible ^ weights.visible[w]));
    weights.visible[w] = visible;
  }
  return flips;
}

}  // namespace

const Operations scalarOperations = {
    "scalar",  1,          false, product,      packSigns<int16_t>, packSigns<int32_t>,
    packGates, findTriggers, selectNeurons, applySteps, applyTernarySteps<packSigns<int16_t>>,
    applyConsolidatedSteps<packSigns<int16_t>>,
};

}  // namespace xnorlab
