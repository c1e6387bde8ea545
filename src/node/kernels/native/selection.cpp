// findTriggers, selectNeurons and selectRivals: arguments, then the work.
#include <cstring>

#include "arguments.h"
#include "instance.h"

namespace xnorlab {
namespace {

/** Below this many pre-activations a selection is done before another thread has woken up. */
constexpr size_t smallSelection = 128 << 10;

constexpr int64_t maximumMargin = (int64_t{1} << 53) - 1;

/** A StepList, with room for `needed` steps. */
StepOutput readSteps(Arguments& arguments, size_t needed) {
  const auto samples = arguments.uint32s("steps.samples");
  const auto neurons = arguments.uint32s("steps.neurons");
  const auto directions = arguments.int8s("steps.directions");
  arguments.checkCapacity("steps.samples", samples.length, needed);
  arguments.checkCapacity("steps.neurons", neurons.length, needed);
  arguments.checkCapacity("steps.directions", directions.length, needed);
  return {samples.data, neurons.data, directions.data};
}

void moveSteps(const StepOutput& steps, size_t from, size_t to, size_t count) {
  if (from == to) return;
  std::memmove(steps.samples + to, steps.samples + from, count * sizeof(uint32_t));
  std::memmove(steps.neurons + to, steps.neurons + from, count * sizeof(uint32_t));
  std::memmove(steps.directions + to, steps.directions + from, count * sizeof(int8_t));
}

}  // namespace

/**
 * (logits.values, rows, classes, labels, margin, triggers.indices, counts). Sets counts[0] to the number of triggers
 * and returns that of misclassified samples.
 */
napi_value findTriggers(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const auto logits = arguments.int32s("logits.values");
  const size_t rows = arguments.size("logits.rows");
  const size_t classes = arguments.columns("logits.columns", 2);
  const auto labels = arguments.int32s("labels");
  const int64_t margin = arguments.integer("margin", 0, maximumMargin);
  const auto triggers = arguments.uint32s("triggers.indices");
  const auto counts = arguments.uint32s("counts");
  arguments.checkLength("logits.values", logits.length, rows * classes);
  arguments.checkLength("labels", labels.length, rows);
  arguments.checkCapacity("triggers.indices", triggers.length, rows);
  arguments.checkLength("counts", counts.length, 1);
  Instance& instance = arguments.instance();
  const uint32_t* checked = arguments.indices("labels", labels.data, rows, classes, instance.lists[0]);
  if (!arguments.ok()) return nullptr;

  const auto count =
      instance.operations.findTriggers({logits.data, classes, checked}, {0, rows}, margin, triggers.data);
  counts.data[0] = static_cast<uint32_t>(count.listed);
  return arguments.number(count.wrong);
}

/**
 * (preActivations.values, rows, neurons, samples.indices, samples.count, desired.words, desired.rows, desiredRows,
 * groupSize, steps.samples, steps.neurons, steps.directions). Returns the number of steps.
 */
napi_value selectNeurons(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const auto preActivations = arguments.int32s("preActivations.values");
  const size_t rows = arguments.size("preActivations.rows");
  const size_t neurons = arguments.columns("preActivations.columns");
  const auto samples = arguments.uint32s("samples.indices");
  const size_t count = arguments.size("samples.count");
  const auto desired = arguments.uint32s("desired.words");
  const size_t targets = arguments.size("desired.rows");
  const auto desiredRows = arguments.int32s("desiredRows");
  const size_t groupSize = arguments.size("groupSize", 1);
  if (!arguments.ok()) return nullptr;
  const size_t groups = neurons / groupSize;
  const size_t rowWords = (neurons + 63) / 64 * 2;
  const StepOutput steps = readSteps(arguments, count * groups);
  if (neurons % groupSize != 0) {
    arguments.failNumber("groupSize", "a divisor of the number of neurons", static_cast<int64_t>(groupSize));
  }
  arguments.checkLength("preActivations.values", preActivations.length, rows * neurons);
  arguments.checkCapacity("samples.indices", samples.length, count);
  arguments.checkLength("desired.words", desired.length, targets * rowWords);
  arguments.checkLength("desiredRows", desiredRows.length, rows);
  Instance& instance = arguments.instance();
  const uint32_t* listed = arguments.indices("samples.indices", samples.data, count, rows, instance.lists[0]);
  const uint32_t* target = arguments.indices("desiredRows", desiredRows.data, rows, targets, instance.lists[1]);
  if (!arguments.ok()) return nullptr;

  const Selection selection{preActivations.data, neurons, groupSize};
  const auto select = [&](Range part) {
    size_t end = part.begin * groups;
    for (size_t i = part.begin; i < part.end; i++) {
      const uint32_t* row = desired.data + target[listed[i]] * rowWords;
      end += instance.operations.selectNeurons(selection, listed[i], row, steps.from(end));
    }
    return end - part.begin * groups;
  };
  if (instance.threads == 1 || count * neurons < smallSelection) return arguments.number(select({0, count}));

  // Every part appends where its steps would start if no group were without a wrong neuron; then the gaps are closed.
  auto* found = static_cast<uint32_t*>(instance.scratch[0].reserve((count + 1) * sizeof(uint32_t)));
  if (!found) {
    arguments.failMemory();
    return nullptr;
  }
  std::memset(found, 0, (count + 1) * sizeof(uint32_t));
  instance.split(count, 8, [&](Range part, size_t) { found[part.begin] = static_cast<uint32_t>(select(part)); });
  size_t total = 0;
  for (size_t i = 0; i < count; i++) {
    if (found[i] > 0) moveSteps(steps, i * groups, total, found[i]);
    total += found[i];
  }
  return arguments.number(total);
}

/**
 * (logits.values, rows, classes, labels, samples.indices, samples.count, steps.samples, steps.neurons,
 * steps.directions). Returns the number of steps.
 */
napi_value selectRivals(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const auto logits = arguments.int32s("logits.values");
  const size_t rows = arguments.size("logits.rows");
  const size_t classes = arguments.columns("logits.columns", 2);
  const auto labels = arguments.int32s("labels");
  const auto samples = arguments.uint32s("samples.indices");
  const size_t count = arguments.size("samples.count");
  const StepOutput steps = readSteps(arguments, 2 * count);
  arguments.checkLength("logits.values", logits.length, rows * classes);
  arguments.checkLength("labels", labels.length, rows);
  arguments.checkCapacity("samples.indices", samples.length, count);
  Instance& instance = arguments.instance();
  const uint32_t* ofLabel = arguments.indices("labels", labels.data, rows, classes, instance.lists[0]);
  const uint32_t* listed = arguments.indices("samples.indices", samples.data, count, rows, instance.lists[1]);
  if (!arguments.ok()) return nullptr;

  for (size_t i = 0; i < count; i++) {
    const uint32_t b = listed[i];
    const uint32_t label = ofLabel[b];
    const int32_t* row = logits.data + b * classes;
    uint32_t rival = label == 0 ? 1 : 0;
    for (uint32_t c = rival + 1; c < classes; c++) rival = c != label && row[c] > row[rival] ? c : rival;
    steps.samples[2 * i] = steps.samples[2 * i + 1] = b;
    steps.neurons[2 * i] = label;
    steps.neurons[2 * i + 1] = rival;
    steps.directions[2 * i] = 1;
    steps.directions[2 * i + 1] = -1;
  }
  return arguments.number(2 * count);
}

}  // namespace xnorlab
