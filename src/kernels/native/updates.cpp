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

constexpr uint32_t none = UINT32_MAX;

/** The steps in the order of their neurons: for each neuron a chain of steps, newest first. */
class Chains {
 public:
  /** @returns false when out of memory */
  bool reserve(Scratch& memory, size_t neurons, size_t steps) {
    const size_t stepBytes = (steps + 1) * sizeof(Link);
    auto* bytes = static_cast<char*>(memory.reserve(stepBytes + neurons * sizeof(uint32_t)));
    if (!bytes) return false;
    links_ = reinterpret_cast<Link*>(bytes);
    heads_ = reinterpret_cast<uint32_t*>(bytes + stepBytes);
    std::memset(heads_, 0xff, neurons * sizeof(uint32_t));
    return true;
  }

  void append(uint32_t position, uint32_t neuron, const NeuronStep& step) {
    links_[position] = {step.input, step.inversion, heads_[neuron]};
    heads_[neuron] = position;
  }

  /** Writes a neuron's steps to `steps`. @returns their number */
  size_t list(size_t neuron, NeuronStep* steps) const {
    size_t count = 0;
    for (uint32_t i = heads_[neuron]; i != none; i = links_[i].next) {
      steps[count++] = {links_[i].input, links_[i].inversion};
    }
    return count;
  }

 private:
  struct Link {
    const uint32_t* input;
    uint32_t inversion;
    uint32_t next;
  };
  Link* links_ = nullptr;
  uint32_t* heads_ = nullptr;
};

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

  Chains chains;
  if (!chains.reserve(instance.chains, neurons, count)) {
    arguments.failMemory();
    return nullptr;
  }
  for (size_t i = 0; i < count; i++) {
    const int8_t direction = directions.data[i];
    if (direction != 1 && direction != -1) {
      arguments.failNumber("steps.directions", "entries +1 or -1", direction);
      return nullptr;
    }
    const uint32_t inversion = direction < 0 ? 0xffffffff : 0;
    chains.append(static_cast<uint32_t>(i), ofNeuron[i], {inputs.data + ofSample[i] * rowWords, inversion});
  }
  for (Scratch& scratch : instance.scratch) {
    if (!scratch.reserve((count + 1) * sizeof(NeuronStep))) {
      arguments.failMemory();
      return nullptr;
    }
  }

  std::atomic<size_t> flips{0};
  const auto update = [&](Range part, size_t thread) {
    auto* ofRow = static_cast<NeuronStep*>(instance.scratch[thread].memory());
    size_t changed = 0;
    for (size_t k = part.begin; k < part.end; k++) {
      const size_t steps = chains.list(k, ofRow);
      if (steps == 0) continue;
      const NeuronWeights weights{hidden.data + k * columns, visible.data + k * rowWords, columns, bound};
      changed += instance.operations.applySteps(weights, {ofRow, steps});
    }
    flips += changed;
  };
  if (count * columns < smallUpdate) {
    update({0, neurons}, 0);
  } else {
    instance.split(neurons, 1, update);
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
