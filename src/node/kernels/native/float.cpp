// The functions of float rules that JavaScript gets, their plain version, and which version goes with which instruction set.
#include "float.h"

#include <cmath>
#include <cstring>

#include "float-bodies.h"
#include "instance.h"

namespace xnorlab {
namespace {

/** One number at a time. Processors of x86 that lack the fused multiply-add have it computed by the C library. */
struct Lanes {
  using Narrow = Lanes;
  using Vector = float;
  static constexpr size_t width = 1;
  static constexpr size_t rows = 4;
  static Vector zero() { return 0; }
  static Vector load(const float* values) { return *values; }
  static void store(float* values, Vector vector) { *values = vector; }
  static Vector all(float value) { return value; }
  static Vector product(Vector a, Vector b) { return a * b; }
  static Vector fused(Vector a, Vector b, Vector c) { return std::fma(a, b, c); }
  static uint32_t equal(Vector a, Vector b) { return a == b; }
};

const FloatOperations& floatOperationsOf(const Arguments& from) {
  return floatOperationsNamed(from.instance().operations.name);
}

constexpr int64_t maximumSize = 1 << 30;

/** Up to here all integers are floats. */
constexpr size_t exactSums = 1 << 24;

/**
 * A product of matrices of ±1 by the binary kernels. Its sums are integers, which are exact in any order, so that the result is
 * that of the float kernels.
 * @returns false when it is no such product, or out of memory
 */
bool multiplyUnits(Instance& instance, const FloatProduct& product) {
  const auto& [left, right, out, addend, rows, columns, depth, transposed, scale] = product;
  if (transposed != Transposed::right || addend || rows * columns * depth == 0 || depth > exactSums) return false;
  const size_t rowWords = rowWordsFor(depth);
  auto* const words =
      static_cast<uint32_t*>(instance.products.reserve(((rows + columns) * rowWords + rows * columns) * sizeof(uint32_t)));
  if (!words) return false;
  uint32_t* const rightWords = words + rows * rowWords;
  auto* const sums = reinterpret_cast<int32_t*>(rightWords + columns * rowWords);
  const FloatOperations& pack = floatOperationsNamed(instance.operations.name);
  if (!pack.packUnits(left, rows, depth, words) || !pack.packUnits(right, columns, depth, rightWords)) return false;
  const Product task{{words, rows, depth, rowWords}, {rightWords, columns, depth, rowWords}, sums, nullptr};
  if (!instance.operations.product(task, {0, rows}, {0, columns}, instance.scratch[0])) return false;
  for (size_t i = 0; i < rows * columns; i++) out[i] = scale * static_cast<float>(sums[i]);
  return true;
}

napi_value callMultiply(napi_env env, napi_callback_info info) {
  Arguments from(env, info);
  const auto left = from.float32s("left"), right = from.float32s("right"), out = from.float32s("out");
  const auto addend = from.float32s("addend");
  const size_t rows = from.size("rows", 0, maximumSize), columns = from.size("columns", 0, maximumSize);
  const size_t depth = from.size("depth", 0, maximumSize);
  const auto transposed = static_cast<Transposed>(from.integer("transposed", 0, 2));
  const double scale = from.real("scale");
  from.checkLength("left", left.length, rows * depth);
  from.checkLength("right", right.length, depth * columns);
  from.checkLength("out", out.length, rows * columns);
  if (addend.length > 0) from.checkLength("addend", addend.length, rows * columns);
  if (!from.ok()) return nullptr;
  const FloatProduct product{left.data, right.data, out.data, addend.length > 0 ? addend.data : nullptr,
                             rows,      columns,    depth,    transposed,
                             static_cast<float>(scale)};
  if (multiplyUnits(from.instance(), product)) return nullptr;
  if (!floatOperationsOf(from).multiply(product, from.instance().scratch[0])) from.failMemory();
  return nullptr;
}

napi_value callAdamStep(napi_env env, napi_callback_info info) {
  Arguments from(env, info);
  const auto values = from.float32s("values"), gradient = from.float32s("gradient"), mean = from.float32s("mean");
  const auto meanSquare = from.float32s("meanSquare"), signs = from.float32s("signs");
  const double rate = from.real("rate"), rootScale = from.real("rootScale"), beta1 = from.real("beta1");
  const double beta2 = from.real("beta2"), epsilon = from.real("epsilon"), bound = from.real("bound");
  from.checkLength("gradient", gradient.length, values.length);
  from.checkLength("mean", mean.length, values.length);
  from.checkLength("meanSquare", meanSquare.length, values.length);
  if (signs.length > 0) from.checkLength("signs", signs.length, values.length);
  if (!from.ok()) return nullptr;
  floatOperationsOf(from).adamStep({values.data, gradient.data, mean.data, meanSquare.data,
                                    signs.length > 0 ? signs.data : nullptr, values.length, rate, rootScale, beta1,
                                    beta2, epsilon, bound});
  return nullptr;
}

/** An operand that is repeated: at least one entry, and a divisor of `length`. */
Repeated repeated(Arguments& from, const char* name, size_t length) {
  const auto entries = from.float32s(name);
  if (from.ok() && (entries.length == 0 || length % entries.length != 0)) {
    from.failEntries(name, "a divisor of the other operand's entries", entries.length);
  }
  return {entries.data, entries.length};
}

/**
 * An operation on each entry of `left` and its partner of `right`, which is repeated.
 * @param last - of the operators
 * @param outOf - reads an `out` of the kind that it fills
 */
template <typename Operator, typename Out>
napi_value callPairwise(Arguments from, Operator last, Span<Out> (Arguments::*outOf)(const char*),
                        void (*FloatOperations::*work)(Operator, const float*, size_t, Repeated, Out*)) {
  const auto chosen = static_cast<Operator>(from.integer("operator", 0, static_cast<int64_t>(last)));
  const auto left = from.float32s("left");
  const Repeated right = repeated(from, "right", left.length);
  const auto out = (from.*outOf)("out");
  from.checkLength("out", out.length, left.length);
  if (from.ok()) (floatOperationsOf(from).*work)(chosen, left.data, left.length, right, out.data);
  return nullptr;
}

napi_value callCombine(napi_env env, napi_callback_info info) {
  return callPairwise(Arguments(env, info), Combination::maximum, &Arguments::float32s, &FloatOperations::combine);
}

napi_value callCompare(napi_env env, napi_callback_info info) {
  return callPairwise(Arguments(env, info), Comparison::lessOrEqual, &Arguments::bytes, &FloatOperations::compare);
}

napi_value callChoose(napi_env env, napi_callback_info info) {
  Arguments from(env, info);
  const auto condition = from.bytes("condition");
  const Repeated yes = repeated(from, "yes", condition.length), no = repeated(from, "no", condition.length);
  const auto out = from.float32s("out");
  from.checkLength("out", out.length, condition.length);
  if (!from.ok()) return nullptr;
  floatOperationsOf(from).choose(condition.data, condition.length, yes, no, out.data);
  return nullptr;
}

napi_value callMeanOverRows(napi_env env, napi_callback_info info) {
  Arguments from(env, info);
  const auto values = from.float32s("values"), out = from.float32s("out");
  if (from.ok() && (out.length == 0 || values.length == 0 || values.length % out.length != 0)) {
    from.failEntries("out", "a divisor of the entries of values", out.length);
  }
  if (!from.ok()) return nullptr;
  auto* const sums = static_cast<double*>(from.instance().scratch[0].reserve(out.length * sizeof(double)));
  if (!sums) {
    from.failMemory();
    return nullptr;
  }
  floatOperationsOf(from).meanOverRows(values.data, values.length / out.length, out.length, sums, out.data);
  return nullptr;
}

napi_value callGather(napi_env env, napi_callback_info info) {
  Arguments from(env, info);
  const auto values = from.float32s("values");
  const auto places = from.int32s("places");
  const size_t size = from.size("size", 1, maximumSize), width = from.size("width", 1, maximumSize);
  const auto out = from.float32s("out");
  if (from.ok() && values.length % (size * width) != 0) {
    from.failEntries("values", "a multiple of size times width", values.length);
  }
  if (!from.ok()) return nullptr;
  const size_t outer = values.length / (size * width);
  from.checkLength("out", out.length, outer * places.length * width);
  if (!from.ok()) return nullptr;
  const uint32_t* const listed = from.indices("places", places, places.length, size, 0);
  if (!from.ok()) return nullptr;
  floatOperationsOf(from).gather({values.data, listed, places.length, outer, size, width, out.data});
  return nullptr;
}

napi_value callSumRuns(napi_env env, napi_callback_info info) {
  Arguments from(env, info);
  const auto values = from.float32s("values");
  const size_t width = from.size("width", 1, maximumSize);
  const auto out = from.float32s("out");
  if (from.ok() && (out.length == 0 || out.length % width != 0 || values.length % out.length != 0)) {
    from.failEntries("out", "a multiple of the width, and a divisor of the entries of values", out.length);
  }
  if (!from.ok()) return nullptr;
  floatOperationsOf(from).sumRuns(values.data, out.length / width, values.length / out.length, width, out.data);
  return nullptr;
}

napi_value callStandardize(napi_env env, napi_callback_info info) {
  Arguments from(env, info);
  const auto bytes = from.bytes("values");
  const auto floats = from.float32s("values");
  const auto rows = from.uint32s("rows");
  const auto mean = from.float64s("mean"), scale = from.float64s("scale");
  const auto out = from.float32s("out");
  const size_t columns = mean.length, length = bytes.length + floats.length;
  if (from.ok() && (columns == 0 || length % columns != 0)) {
    from.failEntries("mean", "a divisor of the entries of values", columns);
  }
  from.checkLength("scale", scale.length, columns);
  from.checkLength("out", out.length, rows.length * columns);
  if (!from.ok()) return nullptr;
  const uint32_t* const listed = from.indices("rows", rows, rows.length, length / columns, 0);
  if (!from.ok()) return nullptr;
  floatOperationsOf(from).standardize({bytes.length > 0 ? bytes.data : nullptr, floats.data, listed, rows.length, columns,
                                       mean.data, scale.data, out.data});
  return nullptr;
}

}  // namespace

const FloatOperations scalarFloatOperations = {"scalar",  multiply<Lanes>, packUnits<Lanes>, adamStep,    combine,
                                               compare, choose,          meanOverRows, gather, sumRuns, standardize};

const FloatOperations& floatOperationsNamed(const char* name) {
#if defined(__x86_64__)
  if (std::strcmp(name, avx512FloatOperations.name) == 0) return avx512FloatOperations;
  if (std::strcmp(name, avx2FloatOperations.name) == 0) return avx2FloatOperations;
#elif defined(__aarch64__)
  if (std::strcmp(name, neonFloatOperations.name) == 0) return neonFloatOperations;
#endif
  return scalarFloatOperations;
}

const NamedFunction floatFunctions[9] = {
    {"multiply", callMultiply}, {"adamStep", callAdamStep}, {"combine", callCombine},
    {"compare", callCompare},   {"choose", callChoose},     {"meanOverRows", callMeanOverRows},
    {"gather", callGather},     {"sumRuns", callSumRuns},   {"standardize", callStandardize},
};

}  // namespace xnorlab
