// The bodies of the float operations, in terms of the vectors of an instruction set: included by one file for each.
//
// Lanes has: Vector, width, rows (of a tile: 2 · rows vectors of sums must fit into registers), zero, load, store, all,
// product, fused(a, b, c) = a·b + c with one rounding, and equal(a, b), a bit for each lane, the first one lowest. Narrow is Lanes of
// as many rows for what fills a vector by half, where a processor is faster with them.
#pragma once

#include <cmath>
#include <cstring>

#include "float-operations.h"
#include "operations.h"
#include "scratch.h"

namespace xnorlab {
namespace {

/** A row of `left` is read along its columns, with rows `stride` apart. */
struct LeftRows {
  const float* values;
  size_t stride;
};

/** Vectors of columns in a panel: one row of them lies after the other. One is enough for what is left of some matrices. */
constexpr size_t panelVectors = 2;

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
template <typename Lanes, size_t rows, size_t vectors>
void multiplyTile(LeftRows left, const float* panel, size_t depth, const Sink& sink) {
  constexpr size_t width = Lanes::width;
  typename Lanes::Vector tile[rows][vectors];
  for (auto& sums : tile) {
    for (auto& sum : sums) sum = Lanes::zero();
  }
  for (size_t k = 0; k < depth; k++, panel += vectors * width) {
    typename Lanes::Vector columns[vectors];
    for (size_t v = 0; v < vectors; v++) columns[v] = Lanes::load(panel + v * width);
    for (size_t r = 0; r < rows; r++) {
      const auto factor = Lanes::all(left.values[r * left.stride + k]);
      for (size_t v = 0; v < vectors; v++) tile[r][v] = Lanes::fused(factor, columns[v], tile[r][v]);
    }
  }
  const auto scale = Lanes::all(sink.scale);
  for (size_t r = 0; r < rows; r++) {
    float* const out = sink.out + r * sink.stride;
    for (size_t v = 0; v < vectors; v++) {
      const auto sum = tile[r][v];
      const auto result = sink.addend ? Lanes::fused(scale, sum, Lanes::load(sink.addend + r * sink.stride + v * width))
                                      : Lanes::product(scale, sum);
      Lanes::store(out + v * width, result);
    }
  }
}

/** multiplyTile for what is left of a matrix: `rows` of 1 to `most`. */
template <typename Lanes, size_t vectors, size_t most = Lanes::rows>
void multiplyLastRows(size_t rows, LeftRows left, const float* panel, size_t depth, const Sink& sink) {
  if (rows == most) return multiplyTile<Lanes, most, vectors>(left, panel, depth, sink);
  if constexpr (most > 1) multiplyLastRows<Lanes, vectors, most - 1>(rows, left, panel, depth, sink);
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

/** A product once it is known which of its matrices is cut into panels. */
struct PanelProduct {
  const FloatProduct& of;
  bool isTurned;
  /** All rows of the matrix that is not cut. */
  const float* left;
  size_t lines;
  /** Room for a tile. */
  float* sums;
};

/** The columns of a panel: `used` of them from `first` on, at most `vectors` vectors. */
struct PanelColumns {
  size_t first;
  size_t used;
  float* values;
};

template <typename Lanes, size_t vectors>
void packPanel(const PanelProduct& product, const PanelColumns& panel) {
  constexpr size_t width = vectors * Lanes::width;
  const size_t depth = product.of.depth;
  if (product.isTurned) {
    packColumns(product.of.left + panel.first * depth, depth, depth, panel.used, width, panel.values);
  } else {
    packRows<width>(product.of.right + panel.first, product.of.columns, depth, panel.used, panel.values);
  }
}

/** The tile of a panel from row `line` on. */
template <typename Lanes, size_t vectors>
void multiplyLines(const PanelProduct& product, const PanelColumns& panel, size_t line) {
  constexpr size_t width = vectors * Lanes::width;
  const auto& [of, isTurned, left, lines, sums] = product;
  const auto& [first, used, values] = panel;
  const size_t depth = of.depth, columns = of.columns;
  const size_t height = lines - line < Lanes::rows ? lines - line : Lanes::rows;
  const LeftRows rows{left + line * depth, depth};
  if (!isTurned && used == width) {
    const size_t at = line * columns + first;
    const Sink sink{of.out + at, of.addend ? of.addend + at : nullptr, columns, of.scale};
    return multiplyLastRows<Lanes, vectors>(height, rows, values, depth, sink);
  }
  multiplyLastRows<Lanes, vectors>(height, rows, values, depth, Sink{sums, nullptr, width, 1});
  for (size_t r = 0; r < height; r++) {
    for (size_t c = 0; c < used; c++) {
      const size_t i = isTurned ? (first + c) * lines + line + r : (line + r) * columns + first + c;
      const float sum = sums[r * width + c];
      of.out[i] = of.addend ? std::fma(of.scale, sum, of.addend[i]) : of.scale * sum;
    }
  }
}

/** Vectors that hold the columns of a panel. */
template <typename Lanes, size_t count>
struct Vectors {
  using Of = Lanes;
  static constexpr size_t number = count;
};

/** Calls a function for as few vectors as hold the columns of a panel. */
template <typename Lanes, typename Work>
void forPanel(const PanelColumns& panel, Work work) {
  using Narrow = typename Lanes::Narrow;
  static_assert(Narrow::rows == Lanes::rows);
  if (panel.used <= Narrow::width) return work(Vectors<Narrow, 1>());
  if (panel.used <= Lanes::width) return work(Vectors<Lanes, 1>());
  return work(Vectors<Lanes, panelVectors>());
}

/**
 * One of the matrices is cut into panels, for each of which all rows of the other are gone through. Where `right` is
 * transposed that other is `right`, so that the larger matrix of a layer, its weights, is always read as it lies. Where `left` is,
 * the sums are those of a gradient, many and short: all panels are cut first, and `out` is gone through once.
 */
template <typename Lanes>
bool multiply(const FloatProduct& product, Scratch& scratch) {
  constexpr size_t width = panelVectors * Lanes::width;
  const bool isTurned = product.transposed == Transposed::right;
  const bool isGradient = product.transposed == Transposed::left;
  const size_t depth = product.depth;
  const size_t lines = isTurned ? product.columns : product.rows;
  const size_t columns = isTurned ? product.rows : product.columns;
  const size_t panels = isGradient ? (columns + width - 1) / width : 1;
  const size_t copied = isGradient ? lines * depth : 0;
  auto* const sums = static_cast<float*>(
      scratch.reserve((width * Lanes::rows + panels * depth * width + copied) * sizeof(float)));
  if (!sums) return false;
  float* const values = sums + width * Lanes::rows;
  const float* left = isTurned ? product.right : product.left;
  if (isGradient) {
    float* const copy = values + panels * depth * width;
    packColumns(product.left, lines, lines, depth, depth, copy);
    left = copy;
  }
  const PanelProduct parts{product, isTurned, left, lines, sums};
  const auto panelAt = [&](size_t first) {
    const size_t used = columns - first < width ? columns - first : width;
    return PanelColumns{first, used, isGradient ? values + first * depth : values};
  };
  const auto pack = [&](const PanelColumns& panel) {
    forPanel<Lanes>(panel, [&](auto by) {
      packPanel<typename decltype(by)::Of, decltype(by)::number>(parts, panel);
    });
  };
  const auto multiplyAt = [&](const PanelColumns& panel, size_t line) {
    forPanel<Lanes>(panel, [&](auto by) {
      multiplyLines<typename decltype(by)::Of, decltype(by)::number>(parts, panel, line);
    });
  };
  if (isGradient) {
    for (size_t first = 0; first < columns; first += width) pack(panelAt(first));
    for (size_t line = 0; line < lines; line += Lanes::rows) {
      for (size_t first = 0; first < columns; first += width) multiplyAt(panelAt(first), line);
    }
    return true;
  }
  for (size_t first = 0; first < columns; first += width) {
    const PanelColumns panel = panelAt(first);
    pack(panel);
    for (size_t line = 0; line < lines; line += Lanes::rows) multiplyAt(panel, line);
  }
  return true;
}

/** Packs rows of ±1 as BitRows does. @returns false, with anything in `words`, when an entry is neither +1 nor −1 */
template <typename Lanes>
bool packUnits(const float* values, size_t rows, size_t columns, uint32_t* words) {
  const auto plus = Lanes::all(1), minus = Lanes::all(-1);
  const size_t rowWords = rowWordsFor(columns);
  for (size_t row = 0; row < rows; row++, values += columns, words += rowWords) {
    size_t column = 0;
    for (; column + 32 <= columns; column += 32) {
      uint32_t pluses = 0, units = 0;
      for (size_t i = 0; i < 32; i += Lanes::width) {
        const auto entries = Lanes::load(values + column + i);
        const uint32_t arePlus = Lanes::equal(entries, plus);
        pluses |= arePlus << i;
        units |= (arePlus | Lanes::equal(entries, minus)) << i;
      }
      if (~units != 0) return false;
      words[column / 32] = pluses;
    }
    for (size_t word = column / 32; word < rowWords; word++) words[word] = 0;
    for (; column < columns; column++) {
      if (values[column] != 1 && values[column] != -1) return false;
      words[column / 32] |= static_cast<uint32_t>(values[column] == 1) << column % 32;
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

/** So many numbers are copied and added up at once. */
constexpr size_t runBlock = 8;

inline void gather(const Gathering& of) {
  const size_t width = of.width;
  float* out = of.out;
  const float* values = of.values;
  for (size_t a = 0; a < of.outer; a++, values += of.size * width) {
    for (size_t i = 0; i < of.count; i++, out += width) {
      const float* const from = values + of.places[i] * width;
      size_t c = 0;
      // Of a length that is known, a copy is a few instructions and no call.
      for (; c + runBlock <= width; c += runBlock) std::memcpy(out + c, from + c, runBlock * sizeof(float));
      for (; c < width; c++) out[c] = from[c];
    }
  }
}

inline void sumRuns(const float* values, size_t rows, size_t run, size_t width, float* out) {
  for (size_t row = 0; row < rows; row++, values += run * width, out += width) {
    size_t c = 0;
    for (; c + runBlock <= width; c += runBlock) {
      double sums[runBlock] = {};
      for (size_t i = 0; i < run; i++) {
        for (size_t lane = 0; lane < runBlock; lane++) sums[lane] += values[i * width + c + lane];
      }
      for (size_t lane = 0; lane < runBlock; lane++) out[c + lane] = static_cast<float>(sums[lane]);
    }
    for (; c < width; c++) {
      double sum = 0;
      for (size_t i = 0; i < run; i++) sum += values[i * width + c];
      out[c] = static_cast<float>(sum);
    }
  }
}

template <typename Value>
inline void standardizeRows(const Value* values, const Standardization& of) {
  const double* const __restrict mean = of.mean;
  const double* const __restrict scale = of.scale;
  float* __restrict out = of.out;
  for (size_t i = 0; i < of.count; i++, out += of.columns) {
    const Value* const __restrict row = values + of.rows[i] * of.columns;
    for (size_t c = 0; c < of.columns; c++) out[c] = static_cast<float>((row[c] - mean[c]) * scale[c]);
  }
}

inline void standardize(const Standardization& rows) {
  if (rows.bytes) return standardizeRows(rows.bytes, rows);
  standardizeRows(rows.floats, rows);
}

}  // namespace
}  // namespace xnorlab
