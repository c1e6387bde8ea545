// The bodies of findTriggers, selectNeurons, drawNeurons and selectRivals.
#include <cstring>

#include "instance.h"
#include "signatures.h"

namespace xnorlab {
namespace {

/** Below this many pre-activations a selection is done before another thread has woken up. */
constexpr size_t smallSelection = 32 << 10;

void moveSteps(const StepOutput& steps, size_t from, size_t to, size_t count) {
  if (from == to) return;
  std::memmove(steps.samples + to, steps.samples + from, count * sizeof(uint32_t));
  std::memmove(steps.neurons + to, steps.neurons + from, count * sizeof(uint32_t));
  std::memmove(steps.directions + to, steps.directions + from, count * sizeof(int8_t));
}

/** out ← the pre-activations of a sample, 0 where nothing is desired: neither right nor wrong. */
void maskUndesired(const int32_t* row, const uint32_t* zeros, size_t neurons, int32_t* out) {
  for (size_t k = 0; k < neurons; k++) out[k] = zeros[k / 32] >> (k % 32) & 1 ? 0 : row[k];
}

}  // namespace

int64_t findTriggers(Instance& instance, const FindTriggersCall& call) {
  const auto& [logits, labels, margin, triggers, count] = call;
  const Logits labelled{logits.values, logits.columns, labels.entries};
  const auto found = instance.operations.findTriggers(labelled, {0, logits.rows}, margin, triggers);
  *count = static_cast<uint32_t>(found.listed);
  return static_cast<int64_t>(found.wrong);
}

int64_t selectNeurons(Instance& instance, const SelectNeuronsCall& call) {
  const StepOutput& steps = call.steps;
  const size_t neurons = call.preActivations.columns, groups = neurons / call.groupSize, count = call.samples.count;
  const bool hasZeros = call.desiredZeros.words != nullptr;
  if (hasZeros) {
    for (size_t thread = 0; thread < instance.threads; thread++) {
      if (!instance.scratch[thread].reserve(neurons * sizeof(int32_t))) return outOfMemory;
    }
  }
  const auto select = [&](Range part, size_t thread) {
    size_t end = part.begin * groups;
    for (size_t i = part.begin; i < part.end; i++) {
      const uint32_t b = call.samples[i];
      const uint32_t desired = call.desiredRows[b];
      const int32_t* row = call.preActivations.row(b);
      if (hasZeros) {
        auto* masked = static_cast<int32_t*>(instance.scratch[thread].memory());
        maskUndesired(row, call.desiredZeros.row(desired), neurons, masked);
        row = masked;
      }
      const Selection selection{row, neurons, call.groupSize};
      end += instance.operations.selectNeurons(selection, b, call.desired.row(desired), steps.from(end));
    }
    return static_cast<uint32_t>(end - part.begin * groups);
  };
  if (!instance.mayShare(count * neurons, smallSelection)) return select({0, count}, 0);

  // Every part appends where its steps would start if no group were without a wrong neuron; then the gaps are closed.
  auto* found = static_cast<uint32_t*>(instance.found.reserve((count + 1) * sizeof(uint32_t)));
  if (!found) return outOfMemory;
  std::memset(found, 0, (count + 1) * sizeof(uint32_t));
  const double preActivations = static_cast<double>(count) * neurons;
  instance.split(instance.selections, preActivations, smallSelection, count, 8,
                 [&](Range part, size_t thread) { found[part.begin] = select(part, thread); });
  size_t total = 0;
  for (size_t i = 0; i < count; i++) {
    if (found[i] > 0) moveSteps(steps, i * groups, total, found[i]);
    total += found[i];
  }
  return static_cast<int64_t>(total);
}

int64_t drawNeurons(Instance&, const DrawNeuronsCall& call) {
  const size_t neurons = call.preActivations.columns, groupSize = call.groupSize;
  const uint32_t* draw = call.draws.entries;
  size_t count = 0;
  for (size_t i = 0; i < call.samples.count; i++) {
    const uint32_t b = call.samples[i];
    const int32_t* row = call.preActivations.row(b);
    const uint32_t* desired = call.desired.row(call.desiredRows[b]);
    const auto isPositive = [&](size_t k) { return (desired[k / 32] >> (k % 32) & 1) != 0; };
    const auto isWrong = [&](size_t k) { return isPositive(k) ? row[k] < 0 : row[k] > 0; };
    for (size_t start = 0; start < neurons; start += groupSize, draw++) {
      uint64_t wrong = 0;
      for (size_t k = start; k < start + groupSize; k++) wrong += isWrong(k);
      if (wrong == 0) continue;
      uint64_t before = *draw * wrong >> 32;
      size_t drawn = start;
      for (; before > 0 || !isWrong(drawn); drawn++) before -= isWrong(drawn);
      call.steps.samples[count] = b;
      call.steps.neurons[count] = static_cast<uint32_t>(drawn);
      call.steps.directions[count] = isPositive(drawn) ? 1 : -1;
      count++;
    }
  }
  return static_cast<int64_t>(count);
}

int64_t selectRivals(Instance&, const SelectRivalsCall& call) {
  const auto& [logits, labels, samples, steps] = call;
  for (size_t i = 0; i < samples.count; i++) {
    const uint32_t b = samples[i];
    const uint32_t label = labels[b];
    const int32_t* row = logits.row(b);
    uint32_t rival = label == 0 ? 1 : 0;
    for (uint32_t c = rival + 1; c < logits.columns; c++) rival = c != label && row[c] > row[rival] ? c : rival;
    steps.samples[2 * i] = steps.samples[2 * i + 1] = b;
    steps.neurons[2 * i] = label;
    steps.neurons[2 * i + 1] = rival;
    steps.directions[2 * i] = 1;
    steps.directions[2 * i + 1] = -1;
  }
  return static_cast<int64_t>(2 * samples.count);
}

}  // namespace xnorlab
