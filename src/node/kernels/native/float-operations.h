// The inner loops of float rules, one table of them for each instruction set. What they compute to the bit is said in
// src/kernels/float-kernels.ts; the tables differ in speed only.
#pragma once

#include <cstddef>
#include <cstdint>

namespace xnorlab {

class Scratch;

/** Which operand of a product is stored the other way round. */
enum class Transposed { none, left, right };

/**
 * out[m, n] = scale · Σ_k left[m, k] · right[k, n] + addend[m, n], of row-major matrices. `left` is [depth, rows] where
 * it is transposed, `right` [columns, depth].
 */
struct FloatProduct {
  const float* left;
  const float* right;
  float* out;
  /** nullptr where nothing is added. May be `out`. */
  const float* addend;
  size_t rows;
  size_t columns;
  size_t depth;
  Transposed transposed;
  float scale;
};

/** A step of Adam for `length` weights; optimizer.ts has the formula. */
struct AdamStep {
  float* values;
  const float* gradient;
  float* mean;
  float* meanSquare;
  /** Where the signs of the new values go; nullptr where they are not wanted. */
  float* signs;
  size_t length;
  double rate;
  double rootScale;
  double beta1;
  double beta2;
  double epsilon;
  double bound;
};

/** In the order of COMBINATIONS and COMPARISONS in float-kernels.ts. */
enum class Combination { add, subtract, multiply, divide, minimum, maximum };
enum class Comparison { greater, greaterOrEqual, lessOrEqual };

/** Entries that are repeated until they are as many as those of the other operand, of whose number theirs is a divisor. */
struct Repeated {
  const float* values;
  size_t length;
};

/** Rows of a matrix that are moved and scaled: out[i, c] = (values[rows[i], c] − mean[c]) · scale[c] in doubles, rounded. */
struct Standardization {
  /** One of these is nullptr. */
  const uint8_t* bytes;
  const float* floats;
  const uint32_t* rows;
  size_t count;
  size_t columns;
  const double* mean;
  const double* scale;
  float* out;
};

/** out[a, i, c] = values[a, places[i], c], of `outer` arrays of `size` runs of `width` numbers. */
struct Gathering {
  const float* values;
  const uint32_t* places;
  size_t count;
  size_t outer;
  size_t size;
  size_t width;
  float* out;
};

/** What an instruction set offers. */
struct FloatOperations {
  const char* name;
  /** @returns false when out of memory */
  bool (*multiply)(const FloatProduct& product, Scratch& scratch);
  /** Packs rows of ±1 as BitRows (operations.h). @returns false when an entry is neither +1 nor −1 */
  bool (*packUnits)(const float* values, size_t rows, size_t columns, uint32_t* words);
  void (*adamStep)(const AdamStep& step);
  void (*combine)(Combination operation, const float* left, size_t length, Repeated right, float* out);
  void (*compare)(Comparison operation, const float* left, size_t length, Repeated right, uint8_t* out);
  void (*choose)(const uint8_t* condition, size_t length, Repeated yes, Repeated no, float* out);
  /** @param sums - room for as many numbers as there are columns */
  void (*meanOverRows)(const float* values, size_t rows, size_t columns, double* sums, float* out);
  void (*gather)(const Gathering& gathering);
  /** out[r, c] = Σ_i values[r, i, c] for `rows` times `run` runs of `width` numbers, in doubles, rounded. */
  void (*sumRuns)(const float* values, size_t rows, size_t run, size_t width, float* out);
  void (*standardize)(const Standardization& rows);
};

extern const FloatOperations scalarFloatOperations;
extern const FloatOperations avx512FloatOperations;
extern const FloatOperations avx2FloatOperations;
extern const FloatOperations neonFloatOperations;

/** The table that goes with the operations of that name. */
const FloatOperations& floatOperationsNamed(const char* name);

}  // namespace xnorlab
