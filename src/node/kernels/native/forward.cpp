// gatherRows, product, packSigns and packMajority: arguments, then the work.
#include <atomic>
#include <cstring>

#include "arguments.h"
#include "instance.h"
#include "majority.h"

namespace xnorlab {
namespace {

size_t rowWordsFor(size_t columns) { return (columns + 63) / 64 * 2; }

/** Below this many bits a product is done before another thread has woken up. */
constexpr size_t smallProduct = 8 << 20;

}  // namespace

/** (source.words, source.rows, columns, rows, out.words) */
napi_value gatherRows(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const auto source = arguments.uint32s("source.words");
  const size_t sourceRows = arguments.size("source.rows");
  const size_t rowWords = rowWordsFor(arguments.columns("source.columns"));
  const auto rows = arguments.uint32s("rows");
  const auto out = arguments.uint32s("out.words");
  arguments.checkLength("source.words", source.length, sourceRows * rowWords);
  arguments.checkLength("out.words", out.length, rows.length * rowWords);
  const uint32_t* listed = arguments.indices("rows", rows.data, rows.length, sourceRows, arguments.instance().lists[0]);
  if (!arguments.ok()) return nullptr;

  // Rows of a shuffled data set are all over the memory: ask for some rows ahead. Overlapping operands are an error
  // of the caller, but stay within their memory with memmove.
  constexpr size_t ahead = 8;
  constexpr size_t lineWords = 64 / sizeof(uint32_t);
  for (size_t i = 0; i < rows.length; i++) {
    if (i + ahead < rows.length) {
      const uint32_t* row = source.data + listed[i + ahead] * rowWords;
      for (size_t word = 0; word < rowWords; word += lineWords) __builtin_prefetch(row + word);
    }
    std::memmove(out.data + i * rowWords, source.data + listed[i] * rowWords, rowWords * sizeof(uint32_t));
  }
  return nullptr;
}

/** (inputs.words, inputs.rows, weights.words, weights.rows, columns, out.values, signs.words or an empty array) */
napi_value product(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const auto inputs = arguments.uint32s("inputs.words");
  const size_t samples = arguments.size("inputs.rows");
  const auto weights = arguments.uint32s("weights.words");
  const size_t neurons = arguments.size("weights.rows");
  const size_t columns = arguments.columns("inputs.columns");
  const auto out = arguments.int32s("out.values");
  const auto signs = arguments.uint32s("signs.words");
  const size_t rowWords = rowWordsFor(columns);
  const size_t signWords = rowWordsFor(neurons);
  arguments.checkLength("inputs.words", inputs.length, samples * rowWords);
  arguments.checkLength("weights.words", weights.length, neurons * rowWords);
  arguments.checkLength("out.values", out.length, samples * neurons);
  if (signs.length > 0) arguments.checkLength("signs.words", signs.length, samples * signWords);
  if (!arguments.ok()) return nullptr;

  Instance& instance = arguments.instance();
  const bool isPacking = signs.length > 0 && instance.operations.productPacksSigns;
  const Product task{{inputs.data, samples, columns, rowWords},
                     {weights.data, neurons, columns, rowWords},
                     out.data,
                     isPacking ? signs.data : nullptr};
  if (isPacking) {
    for (size_t b = 1; b <= samples; b++) std::memset(signs.data + b * signWords - 2, 0, 2 * sizeof(uint32_t));
  }
  std::atomic<bool> hasMemory{true};
  const auto compute = [&](Range ofSamples, Range ofNeurons, size_t thread) {
    if (!instance.operations.product(task, ofSamples, ofNeurons, instance.scratch[thread])) hasMemory = false;
  };
  const size_t blocks = neurons / instance.operations.neuronBlock;
  if (static_cast<double>(samples) * neurons * columns < smallProduct) {
    compute({0, samples}, {0, neurons}, 0);
  } else if (blocks >= instance.threads) {
    instance.split(neurons, instance.operations.neuronBlock,
                   [&](Range part, size_t thread) { compute({0, samples}, part, thread); });
  } else {
    instance.split(samples, 20, [&](Range part, size_t thread) { compute(part, {0, neurons}, thread); });
  }
  if (!hasMemory) {
    arguments.failMemory();
  } else if (signs.length > 0 && !isPacking) {
    for (size_t b = 0; b < samples; b++) {
      instance.operations.packSigns32(out.data + b * neurons, neurons, signs.data + b * signWords);
    }
  }
  return nullptr;
}

/** (values.values, rows, columns, out.words) */
napi_value packSigns(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const auto values = arguments.integers("values.values");
  const size_t rows = arguments.size("values.rows");
  const size_t columns = arguments.columns("values.columns");
  const auto out = arguments.uint32s("out.words");
  const size_t rowWords = rowWordsFor(columns);
  arguments.checkLength("values.values", values.length, rows * columns);
  arguments.checkLength("out.words", out.length, rows * rowWords);
  if (!arguments.ok()) return nullptr;

  const Operations& operations = arguments.instance().operations;
  for (size_t r = 0; r < rows; r++) {
    uint32_t* row = out.data + r * rowWords;
    if (values.shorts) {
      operations.packSigns16(values.shorts + r * columns, columns, row);
    } else {
      operations.packSigns32(values.ints + r * columns, columns, row);
    }
  }
  return nullptr;
}

/** (activations.words, rows, columns, groupSize, out.words) */
napi_value packMajority(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const auto activations = arguments.uint32s("activations.words");
  const size_t rows = arguments.size("activations.rows");
  const size_t columns = arguments.columns("activations.columns");
  const size_t groupSize = arguments.columns("groupSize");
  const auto out = arguments.uint32s("out.words");
  const size_t rowWords = rowWordsFor(columns);
  const size_t outWords = rowWordsFor(columns / groupSize);
  if (columns % groupSize != 0) {
    arguments.failNumber("groupSize", "a divisor of the number of neurons", static_cast<int64_t>(groupSize));
  }
  arguments.checkLength("activations.words", activations.length, rows * rowWords);
  arguments.checkLength("out.words", out.length, rows * outWords);
  if (!arguments.ok()) return nullptr;

  for (size_t r = 0; r < rows; r++) {
    packRowMajority(activations.data + r * rowWords, columns, groupSize, out.data + r * outWords);
  }
  return nullptr;
}

}  // namespace xnorlab
