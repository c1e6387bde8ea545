// The bodies of the float operations, in terms of the vectors of an instruction set: included by one file for each.
//
// Lanes has: Vector, width, rows (of a tile: 2 · rows vectors of sums must fit into registers), zero, load, store, all,
// product, and fused(a, b, c) = a·b + c with one rounding.
#pragma once

#include <cmath>
#include <cstring>

#include "float-operations.h"
#include "scratch.h"

namespace xnorlab {
namespace {

/** A row of `left` is read along its columns, with rows `stride` apart. */
struct LeftRows {
  const float* values;
  size_t stride;
};

/** Two vectors of columns of `right`, one row of them after the other. */
template <typename Lanes>
constexpr size_t panelColumns = 2 * Lanes::width;

/**
 * Where the sums of a tile go. A whole tile of a product that is not turned round is written by vectors, anything else by way of
 * `sums`.
 */
struct Sink {
  float* out;
  /** nullptr where nothing is added. */
  const float* addend;
  /** From one row of the tile to the next. */
  size_t stride;
  float scale;
};

/**
 * out[r, c] = scale · Σ_k left[r, k] · panel[k, c] + addend[r, c], added up from k = 0 on with one rounding each.
 */
template <typename Lanes, size_t rows>
void multiplyTile(LeftRows left, const float* panel, size_t depth, const Sink& sink) {
  constexpr size_t width = Lanes::width;
  typename Lanes::Vector tile[rows][2];
  for (size_t r = 0; r < rows; r++) tile[r][0] = tile[r][1] = Lanes::zero();
  for (size_t k = 0; k < depth; k++, panel += 2 * width) {
    const auto first = Lanes::load(panel), second = Lanes::load(panel + width);
    for (size_t r = 0; r < rows; r++) {
      const auto factor = Lanes::all(left.values[r * left.stride + k]);
      tile[r][0] = Lanes::fused(factor, first, tile[r][0]);
      tile[r][1] = Lanes::fused(factor, second, tile[r][1]);
    }
  }
  const auto scale = Lanes::all(sink.scale);
  for (size_t r = 0; r < rows; r++) {
    float* const out = sink.out + r * sink.stride;
    for (size_t half = 0; half < 2; half++) {
      const auto sum = tile[r][half];
      const auto result = sink.addend ? Lanes::fused(scale, sum, Lanes::load(sink.addend + r * sink.stride + half * width))
                                      : Lanes::product(scale, sum);
      Lanes::store(out + half * width, result);
    }
  }
}

/** multiplyTile for what is left of a matrix: `rows` of 1 to `most`. */
template <typename Lanes, size_t most>
void multiplyLastRows(size_t rows, LeftRows left, const float* panel, size_t depth, const Sink& sink) {
  if (rows == most) return multiplyTile<Lanes, most>(left, panel, depth, sink);
  if constexpr (most > 1) multiplyLastRows<Lanes, most - 1>(rows, left, panel, depth, sink);
}

/** Copies a matrix [rows, columns] whose rows are `stride` apart to a panel, filled up with zeros. */
template <size_t width>
void packRows(const float* values, size_t stride, size_t rows, size_t columns, float* panel) {
  for (size_t row = 0; row < rows; row++, values += stride, panel += width) {
    if (columns == width) {
      std::memcpy(panel, values, width * sizeof(float));
    } else {
      for (size_t c = 0; c < width; c++) panel[c] = c < columns ? values[c] : 0;
    }
  }
}

/** The same for a matrix [columns, rows] that is to be transposed. */
inline void packColumns(const float* values, size_t stride, size_t rows, size_t columns, size_t width, float* panel) {
  constexpr size_t block = 16;
  for (size_t first = 0; first < rows; first += block) {
    const size_t end = first + block < rows ? first + block : rows;
    for (size_t column = 0; column < width; column++) {
      for (size_t row = first; row < end; row++) {
        panel[row * width + column] = column < columns ? values[column * stride + row] : 0;
      }
    }
  }
}

/**
 * One of the matrices is cut into panels, for each of which all rows of the other are gone through. Where `right` is
 * transposed that other is `right`, so that the larger matrix of a layer, its weights, is always read as it lies.
 */
template <typename Lanes>
bool multiply(const FloatProduct& product, Scratch& scratch) {
  constexpr size_t width = panelColumns<Lanes>;
  constexpr size_t rowsOfTile = Lanes::rows;
  const bool isTurned = product.transposed == Transposed::right;
  const bool isCopied = product.transposed == Transposed::left;
  const size_t depth = product.depth;
  const size_t lines = isTurned ? product.columns : product.rows;
  const size_t columns = isTurned ? product.rows : product.columns;
  auto* memory = static_cast<float*>(
      scratch.reserve((depth * width + width * rowsOfTile + (isCopied ? lines * depth : 0)) * sizeof(float)));
  if (!memory) return false;
  float* const sums = memory;
  float* const panel = sums + width * rowsOfTile;
  const float* left = isTurned ? product.right : product.left;
  if (isCopied) {
    float* const copy = panel + depth * width;
    packColumns(product.left, lines, lines, depth, depth, copy);
    left = copy;
  }
  for (size_t first = 0; first < columns; first += width) {
    const size_t used = columns - first < width ? columns - first : width;
    if (isTurned) {
      packColumns(product.left + first * depth, depth, depth, used, width, panel);
    } else {
      packRows<width>(product.right + first, product.columns, depth, used, panel);
    }
    for (size_t line = 0; line < lines; line += rowsOfTile) {
      const size_t height = lines - line < rowsOfTile ? lines - line : rowsOfTile;
      const LeftRows rows{left + line * depth, depth};
      if (!isTurned && used == width) {
        const size_t at = line * columns + first;
        const float* const addend = product.addend ? product.addend + at : nullptr;
        const Sink sink{product.out + at, addend, columns, product.scale};
        multiplyLastRows<Lanes, rowsOfTile>(height, rows, panel, depth, sink);
        continue;
      }
      multiplyLastRows<Lanes, rowsOfTile>(height, rows, panel, depth, Sink{sums, nullptr, width, 1});
      for (size_t r = 0; r < height; r++) {
        for (size_t c = 0; c < used; c++) {
          const size_t i = isTurned ? (first + c) * lines + line + r : (line + r) * columns + first + c;
          const float sum = sums[r * width + c];
          product.out[i] = product.addend ? std::fma(product.scale, sum, product.addend[i]) : product.scale * sum;
        }
      }
    }
  }
  return true;
}

/** Written so that the compiler makes vectors of it; it may not fuse any of the operations. */
inline void adamStep(const AdamStep& step) {
  float* const __restrict values = step.values;
  const float* const __restrict gradient = step.gradient;
  float* const __restrict mean = step.mean;
  float* const __restrict meanSquare = step.meanSquare;
  const double rate = step.rate, rootScale = step.rootScale, epsilon = step.epsilon, bound = step.bound;
  const double beta1 = step.beta1, beta2 = step.beta2, newShare1 = 1 - beta1, newShare2 = 1 - beta2;
  for (size_t i = 0; i < step.length; i++) {
    const double w = values[i];
    const double g = std::fabs(w) <= bound ? static_cast<double>(gradient[i]) : 0.0;
    const double m = beta1 * mean[i] + newShare1 * g;
    const double s = beta2 * meanSquare[i] + newShare2 * g * g;
    mean[i] = static_cast<float>(m);
    meanSquare[i] = static_cast<float>(s);
    const double next = w - (rate * m) / (std::sqrt(s) * rootScale + epsilon);
    const double isInside = std::fabs(next) <= bound ? 1.0 : 0.0;
    const double side = next > 0 ? 1.0 : -1.0;
    values[i] = static_cast<float>(next * isInside + (1 - isInside) * side * bound);
  }
  if (float* const __restrict signs = step.signs) {
    for (size_t i = 0; i < step.length; i++) signs[i] = values[i] >= 0 ? 1.0f : -1.0f;
  }
}

/** out[i] = of(left[i], right[i]), with `right` repeated. */
template <typename Left, typename Out, typename Of>
inline void map(const Left* left, size_t length, Repeated right, Out* out, Of of) {
  if (right.length == 1) {
    const float value = *right.values;
    for (size_t i = 0; i < length; i++) out[i] = of(left[i], value);
    return;
  }
  for (size_t row = 0; row < length; row += right.length) {
    for (size_t c = 0; c < right.length; c++) out[row + c] = of(left[row + c], right.values[c]);
  }
}

inline void combine(Combination operation, const float* left, size_t length, Repeated right, float* out) {
  switch (operation) {
    case Combination::add:
      return map(left, length, right, out, [](float a, float b) { return a + b; });
    case Combination::subtract:
      return map(left, length, right, out, [](float a, float b) { return a - b; });
    case Combination::multiply:
      return map(left, length, right, out, [](float a, float b) { return a * b; });
    case Combination::divide:
      return map(left, length, right, out, [](float a, float b) { return a / b; });
    case Combination::minimum:
      return map(left, length, right, out, [](float a, float b) { return a < b ? a : b; });
    case Combination::maximum:
      return map(left, length, right, out, [](float a, float b) { return a > b ? a : b; });
  }
}

inline void compare(Comparison operation, const float* left, size_t length, Repeated right, uint8_t* out) {
  switch (operation) {
    case Comparison::greater:
      return map(left, length, right, out, [](float a, float b) { return static_cast<uint8_t>(a > b); });
    case Comparison::greaterOrEqual:
      return map(left, length, right, out, [](float a, float b) { return static_cast<uint8_t>(a >= b); });
    case Comparison::lessOrEqual:
      return map(left, length, right, out, [](float a, float b) { return static_cast<uint8_t>(a <= b); });
  }
}

inline void choose(const uint8_t* condition, size_t length, Repeated yes, Repeated no, float* out) {
  // First the one, then the other over it: each may be repeated in its own way.
  map(condition, length, yes, out, [](uint8_t, float value) { return value; });
  if (no.length == 1) {
    const float other = *no.values;
    for (size_t i = 0; i < length; i++) out[i] = condition[i] ? out[i] : other;
    return;
  }
  for (size_t row = 0; row < length; row += no.length) {
    for (size_t c = 0; c < no.length; c++) out[row + c] = condition[row + c] ? out[row + c] : no.values[c];
  }
}

inline void meanOverRows(const float* values, size_t rows, size_t columns, double* sums, float* out) {
  for (size_t c = 0; c < columns; c++) sums[c] = 0;
  for (size_t row = 0; row < rows; row++, values += columns) {
    for (size_t c = 0; c < columns; c++) sums[c] += values[c];
  }
  for (size_t c = 0; c < columns; c++) out[c] = static_cast<float>(sums[c] / static_cast<double>(rows));
}

}  // namespace
}  // namespace xnorlab
