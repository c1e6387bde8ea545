// The bodies of applySteps, applyTernarySteps and applyConsolidatedSteps.
#include <atomic>
#include <cstring>

#include "gaps.h"
#include "instance.h"
#include "signatures.h"

namespace xnorlab {
namespace {

/**
 * Below this many weights (each as often as it is stepped) one thread does it all. Threads get about the same neurons each time, as
 * hidden weights that one core has changed must travel to the core that changes them next.
 */
constexpr size_t smallUpdate = 128 << 10;

/** The steps in the order of their neurons, and the neurons that have any. */
class StepsByNeuron {
 public:
  /** @returns false when out of memory */
  bool reserve(Scratch& memory, size_t neurons, size_t steps) {
    const size_t stepBytes = (steps + 1) * sizeof(NeuronStep);
    const size_t endBytes = neurons * sizeof(uint32_t);
    auto* bytes = static_cast<char*>(memory.reserve(stepBytes + 2 * endBytes));
    if (!bytes) return false;
    steps_ = reinterpret_cast<NeuronStep*>(bytes);
    ends_ = reinterpret_cast<uint32_t*>(bytes + stepBytes);
    touched_ = reinterpret_cast<uint32_t*>(bytes + stepBytes + endBytes);
    std::memset(ends_, 0, endBytes);
    neurons_ = neurons;
    return true;
  }

  /** First every step is counted, then the places are found, then every step is put into its place. */
  void count(uint32_t neuron) { ends_[neuron]++; }

  void findPlaces() {
    uint32_t end = 0;
    for (size_t k = 0; k < neurons_; k++) {
      touched_[touchedCount_] = static_cast<uint32_t>(k);
      touchedCount_ += ends_[k] > 0;
      const uint32_t start = end;
      end += ends_[k];
      ends_[k] = start;
    }
  }

  void put(uint32_t neuron, const NeuronStep& step) { steps_[ends_[neuron]++] = step; }

  /** How many neurons have steps, and which is the i-th of them. */
  size_t touchedCount() const { return touchedCount_; }
  size_t touched(size_t i) const { return touched_[i]; }

  NeuronSteps of(size_t neuron) const {
    const uint32_t start = neuron > 0 ? ends_[neuron - 1] : 0;
    return {steps_ + start, ends_[neuron] - start};
  }

 private:
  NeuronStep* steps_ = nullptr;
  /** Where the steps of each neuron end; where the next is put until all are. */
  uint32_t* ends_ = nullptr;
  uint32_t* touched_ = nullptr;
  size_t neurons_ = 0;
  size_t touchedCount_ = 0;
};

/** Asks for a row of hidden weights that is written next. */
void prefetch(const int16_t* row, size_t columns) {
  constexpr size_t lineEntries = 64 / sizeof(int16_t);
  for (size_t c = 0; c < columns; c += lineEntries) __builtin_prefetch(row + c, 1);
}

/**
 * Applies steps neuron by neuron: updateNeuron(weights, k, steps), which returns how many weights of neuron k changed.
 * @returns the sum, or outOfMemory
 */
template <typename Call, typename UpdateNeuron>
int64_t updateNeurons(Instance& instance, const Call& call, UpdateNeuron updateNeuron) {
  const auto& hidden = call.hidden;
  const auto& visible = call.visible;
  const auto& inputs = call.inputs;
  const auto& list = call.steps;
  const int32_t bound = static_cast<int32_t>(call.bound);
  StepsByNeuron steps;
  if (!steps.reserve(instance.steps, hidden.rows, list.count)) return outOfMemory;
  for (size_t i = 0; i < list.count; i++) steps.count(list.neurons[i]);
  steps.findPlaces();
  for (size_t i = 0; i < list.count; i++) {
    const uint32_t inversion = list.directions[i] < 0 ? 0xffffffff : 0;
    steps.put(list.neurons[i], {inputs.row(list.samples[i]), inversion});
  }

  std::atomic<size_t> flips{0};
  const auto update = [&](Range part, size_t) {
    size_t changed = 0;
    for (size_t i = part.begin; i < part.end; i++) {
      const size_t k = steps.touched(i);
      if (i + 1 < part.end) prefetch(hidden.row(steps.touched(i + 1)), hidden.columns);
      const NeuronWeights weights{hidden.row(k), visible.row(k), hidden.columns, bound};
      changed += updateNeuron(weights, k, steps.of(k));
    }
    flips += changed;
  };
  const double weights = static_cast<double>(list.count) * hidden.columns;
  instance.split(instance.updates, weights, smallUpdate, steps.touchedCount(), 1, update);
  return static_cast<int64_t>(flips);
}

}  // namespace

int64_t applySteps(Instance& instance, const ApplyStepsCall& call) {
  return updateNeurons(instance, call, [&](const NeuronWeights& weights, size_t, const NeuronSteps& steps) {
    return instance.operations.applySteps(weights, steps);
  });
}

int64_t applyTernarySteps(Instance& instance, const ApplyTernaryStepsCall& call) {
  const InputZeros inputZeros{call.inputs.words, call.inputZeros.words};
  return updateNeurons(instance, call, [&](const NeuronWeights& weights, size_t k, const NeuronSteps& steps) {
    uint32_t* zeros = call.zeros.words ? call.zeros.row(k) : nullptr;
    return instance.operations.applyTernarySteps(weights, zeros, steps, inputZeros);
  });
}

int64_t applyConsolidatedSteps(Instance& instance, const ApplyConsolidatedStepsCall& call) {
  const Consolidation& consolidation = call.consolidation;
  const size_t length = laneCount + call.hidden.rows;
  auto* words = static_cast<uint32_t*>(instance.words.reserve(length * sizeof(uint32_t)));
  if (!words) return outOfMemory;
  // All draws are made before the work is divided.
  Xoroshiro random(consolidation.state);
  for (size_t i = 0; i < length; i++) words[i] = random.next();
  random.store(consolidation.state);
  return updateNeurons(instance, call, [&](const NeuronWeights& weights, size_t k, const NeuronSteps& steps) {
    const Refusals refusals{words, words[laneCount + k], consolidation.limits, consolidation.offset, consolidation.shift};
    return instance.operations.applyConsolidatedSteps(weights, steps, refusals);
  });
}

}  // namespace xnorlab
