// applySteps and reinforce: arguments, then the work.
#include <atomic>
#include <cstring>

#include "arguments.h"
#include "gaps.h"
#include "instance.h"

namespace xnorlab {
namespace {

/**
 * Below this many weights (each as often as it is stepped) one thread does it all. Hidden weights that one core has
 * changed must travel to the core that changes them next, which is always the caller's for reinforcement: with the
 * 525 × 784 weights of a layer in its cache, a second thread costs more than it does.
 */
constexpr size_t smallUpdate = 2 << 20;

constexpr int32_t maximumBound = 32767;

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

int32_t readBound(Arguments& arguments) {
  const int32_t bound = static_cast<int32_t>(arguments.integer("bound", 1, maximumBound));
  if (arguments.ok() && bound % 2 == 0) arguments.failNumber("bound", "an odd integer", bound);
  return bound;
}

}  // namespace

/**
 * (hidden.values, neurons, columns, visible.words, inputs.words, inputs.rows, steps.samples, steps.neurons,
 * steps.directions, steps.count, bound). Returns the number of visible weights that changed sign.
 */
napi_value applySteps(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const auto hidden = arguments.int16s("hidden.values");
  const size_t neurons = arguments.size("hidden.rows");
  const size_t columns = arguments.columns("hidden.columns");
  const auto visible = arguments.uint32s("visible.words");
  const auto inputs = arguments.uint32s("inputs.words");
  const size_t samples = arguments.size("inputs.rows");
  const auto stepSamples = arguments.uint32s("steps.samples");
  const auto stepNeurons = arguments.uint32s("steps.neurons");
  const auto directions = arguments.int8s("steps.directions");
  const size_t count = arguments.size("steps.count");
  const int32_t bound = readBound(arguments);
  const size_t rowWords = (columns + 63) / 64 * 2;
  arguments.checkLength("hidden.values", hidden.length, neurons * columns);
  arguments.checkLength("visible.words", visible.length, neurons * rowWords);
  arguments.checkLength("inputs.words", inputs.length, samples * rowWords);
  arguments.checkCapacity("steps.samples", stepSamples.length, count);
  arguments.checkCapacity("steps.neurons", stepNeurons.length, count);
  arguments.checkCapacity("steps.directions", directions.length, count);
  Instance& instance = arguments.instance();
  const uint32_t* ofSample = arguments.indices("steps.samples", stepSamples.data, count, samples, instance.lists[0]);
  const uint32_t* ofNeuron = arguments.indices("steps.neurons", stepNeurons.data, count, neurons, instance.lists[1]);
  if (!arguments.ok()) return nullptr;

  StepsByNeuron steps;
  if (!steps.reserve(instance.steps, neurons, count)) {
    arguments.failMemory();
    return nullptr;
  }
  for (size_t i = 0; i < count; i++) steps.count(ofNeuron[i]);
  steps.findPlaces();
  for (size_t i = 0; i < count; i++) {
    const int8_t direction = directions.data[i];
    if (direction != 1 && direction != -1) {
      arguments.failNumber("steps.directions", "entries +1 or -1", direction);
      return nullptr;
    }
    const uint32_t inversion = direction < 0 ? 0xffffffff : 0;
    steps.put(ofNeuron[i], {inputs.data + ofSample[i] * rowWords, inversion});
  }

  std::atomic<size_t> flips{0};
  const auto update = [&](Range part, size_t) {
    size_t changed = 0;
    for (size_t i = part.begin; i < part.end; i++) {
      const size_t k = steps.touched(i);
      if (i + 1 < part.end) prefetch(hidden.data + steps.touched(i + 1) * columns, columns);
      const NeuronWeights weights{hidden.data + k * columns, visible.data + k * rowWords, columns, bound};
      changed += instance.operations.applySteps(weights, steps.of(k));
    }
    flips += changed;
  };
  if (count * columns < smallUpdate) {
    update({0, steps.touchedCount()}, 0);
  } else {
    instance.split(steps.touchedCount(), 1, update);
  }
  return arguments.number(flips);
}

/** (hidden.values, state, thresholds, guide, bound). Returns the number of positions hit. */
napi_value reinforce(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const auto hidden = arguments.int16s("hidden.values");
  const auto state = arguments.int32s("gaps.state");
  const auto thresholds = arguments.uint32s("gaps.thresholds");
  const auto guide = arguments.uint32s("gaps.guide");
  const int32_t bound = readBound(arguments);
  arguments.checkLength("gaps.state", state.length, 4);
  arguments.checkCapacity("gaps.thresholds", thresholds.length, 1);
  arguments.checkLength("gaps.guide", guide.length, guideLength);
  if (!arguments.ok()) return nullptr;

  GapStream gaps(state.data, thresholds.data, thresholds.length, guide.data);
  const size_t hits = reinforce(hidden.data, hidden.length, gaps, bound);
  gaps.random.store(state.data);
  return arguments.number(hits);
}

}  // namespace xnorlab
