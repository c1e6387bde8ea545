// Binary matrix product with AVX2, which has no vector popcount.
//
//     out[b, k] = N − 2·Σ popcount(inputs[b] XOR weights[k])                               (definition: scalar.cpp)
//
// Counting by table. Four columns of a sample, x, are a table of 16 counts, T[w] = popcount(x ^ w), which one shuffle
// looks up for the same four columns w of 32 neurons at once. A count is at most 4 and an entry is a byte, so a table
// serves two samples, a and b:
//
//     T[w] = popcount(a ^ w) + 16·popcount(b ^ w)
//
// There are 256 such tables, one for each pair of nibbles: 4 KB of constants, found by their offsets. One shuffle thus
// compares 4 columns × 32 neurons × 2 samples.
//
// Taking the two samples apart. The sum t of three entries is at most 12 + 16·12 and fits a byte. Two sums are kept:
//
//     both += t                                       = Σ a + 16·Σ b, modulo 256
//     second += mean(t & 0xf0, t' & 0xf0) >> 3        = Σ b, for every two sums t and t'
//
// where the mean of two multiples of 16 is exact and its shift carries nothing into the next byte. After a run of 10
// such steps, 240 columns, both sums of a sample are below 256: Σ a = both − 16·second, modulo 256. They are added to
// counts of 16 bits and begin anew.
//
// A step is 17 instructions for 6 shuffles, which the registers of 2 vectors of neurons hold without spilling. Measured
// and found slower or no faster: more vectors or samples in registers, a sum taken apart without the mean, tables of the
// inputs written out in memory.
#include <immintrin.h>

#include <algorithm>
#include <cstring>

#include "avx2.h"
#include "operations.h"
#include "scratch.h"

namespace xnorlab {
namespace {

/** Neurons of a vector, one in each byte, and vectors whose sums are in registers together. */
constexpr size_t lanes = 32;
constexpr size_t groups = 2;

/** Nibbles of a step, which are whole bytes, and steps whose counts fit into a byte: 4·6·10 < 256. */
constexpr size_t stepNibbles = 6;
constexpr size_t runSteps = 10;

/** Steps whose weights are spread at a time: 61 KB of them, which stay in L2, and counts that fit into 16 bits. */
constexpr size_t windowSteps = 16 * runSteps;

/** Samples whose counts stay in L1 while the weights of a run pass. Even. */
constexpr size_t chunkSamples = 128;

/** Bytes of a row that are spread together. */
constexpr size_t blockBytes = 16;

struct PairTables {
  /** of[a + 16·b][w] = popcount(a ^ w) + 16·popcount(b ^ w) */
  alignas(64) uint8_t of[256][16];
};

constexpr PairTables makePairTables() {
  PairTables tables{};
  for (unsigned pair = 0; pair < 256; pair++) {
    for (unsigned w = 0; w < 16; w++) {
      const int first = __builtin_popcount((pair & 15) ^ w);
      const int second = __builtin_popcount((pair >> 4) ^ w);
      tables.of[pair][w] = static_cast<uint8_t>(first + 16 * second);
    }
  }
  return tables;
}

constexpr PairTables pairTables = makePairTables();

/** The table at an offset in bytes, in both halves of a vector. */
inline __m256i tableAt(uint16_t offset) {
  const auto* table = reinterpret_cast<const __m128i*>(&pairTables.of[0][0] + offset);
  return _mm256_broadcastsi128_si256(_mm_load_si128(table));
}

/** Columns that are worked on together. */
struct Window {
  size_t firstByte;
  size_t steps;
  size_t nibbles() const { return steps * stepNibbles; }
  size_t bytes() const { return nibbles() / 2; }
  /** Offsets of tables for a pair of samples, with room for whole blocks. */
  size_t offsets() const { return (bytes() + blockBytes - 1) / blockBytes * 2 * blockBytes; }
};

/** How many of the 16 bytes from `byte` on belong to a row, whose length is a multiple of 8 bytes: 16, 8 or 0. */
size_t bytesPresent(const BitRows& rows, size_t byte) {
  const size_t rowBytes = rows.rowWords * sizeof(uint32_t);
  return byte >= rowBytes ? 0 : std::min(rowBytes - byte, blockBytes);
}

/** `Present` bytes, then 0. */
template <size_t Present>
inline __m128i load(const char* bytes) {
  const auto* vector = reinterpret_cast<const __m128i*>(bytes);
  if constexpr (Present == 16) return _mm_loadu_si128(vector);
  if constexpr (Present == 8) return _mm_loadl_epi64(vector);
  return _mm_setzero_si128();
}

inline const char* bytesOf(const BitRows& rows, size_t row) { return reinterpret_cast<const char*>(rows.row(row)); }

/** Transposes the 16 × 16 bytes in the lower halves of the vectors, and those in the upper halves. */
inline void transposeBytes(__m256i t[16]) {
  __m256i u[16];
  for (size_t round = 0; round < 2; round++) {
    for (size_t i = 0; i < 8; i++) {
      u[2 * i] = _mm256_unpacklo_epi8(t[i], t[i + 8]);
      u[2 * i + 1] = _mm256_unpackhi_epi8(t[i], t[i + 8]);
    }
    for (size_t i = 0; i < 8; i++) {
      t[2 * i] = _mm256_unpacklo_epi8(u[i], u[i + 8]);
      t[2 * i + 1] = _mm256_unpackhi_epi8(u[i], u[i + 8]);
    }
  }
}

template <size_t Present>
void spreadBlock(const char* const (&rows)[lanes], size_t byte, size_t count, __m256i* panel, size_t stride) {
  const __m256i low = _mm256_set1_epi8(0x0f);
  __m256i t[16];
  for (size_t i = 0; i < 16; i++) t[i] = _mm256_set_m128i(load<Present>(rows[16 + i] + byte), load<Present>(rows[i] + byte));
  transposeBytes(t);
  for (size_t i = 0; i < count; i++) {
    panel[2 * i * stride] = _mm256_and_si256(t[i], low);
    panel[(2 * i + 1) * stride] = _mm256_and_si256(_mm256_srli_epi16(t[i], 4), low);
  }
}

/**
 * Writes each nibble of up to 32 neurons to panel[nibble · stride], one neuron in each byte; bytes without a neuron are
 * those of the last.
 */
void spreadNeurons(const BitRows& weights, Range neurons, const Window& window, __m256i* panel, size_t stride) {
  const char* rows[lanes];
  for (size_t i = 0; i < lanes; i++) rows[i] = bytesOf(weights, std::min(neurons.begin + i, neurons.end - 1));
  for (size_t first = 0; first < window.bytes(); first += blockBytes) {
    const size_t byte = window.firstByte + first;
    const size_t count = std::min(window.bytes() - first, blockBytes);
    __m256i* at = panel + 2 * first * stride;
    switch (bytesPresent(weights, byte)) {
      case 16: spreadBlock<16>(rows, byte, count, at, stride); break;
      case 8: spreadBlock<8>(rows, byte, count, at, stride); break;
      default: spreadBlock<0>(rows, byte, count, at, stride);
    }
  }
}

/** 16 bytes of a row, 0 past its end. */
inline __m128i bytesAt(const BitRows& rows, size_t row, size_t byte) {
  const char* bytes = bytesOf(rows, row) + byte;
  switch (bytesPresent(rows, byte)) {
    case 16: return load<16>(bytes);
    case 8: return load<8>(bytes);
    default: return load<0>(bytes);
  }
}

/** Writes the offsets of the tables of samples a and b, one for each nibble. */
void findTables(const BitRows& inputs, size_t a, size_t b, const Window& window, uint16_t* offsets) {
  constexpr int tableShift = 4;
  const __m128i low = _mm_set1_epi8(0x0f);
  for (size_t first = 0; first < window.bytes(); first += blockBytes) {
    const __m128i of[2] = {bytesAt(inputs, a, window.firstByte + first), bytesAt(inputs, b, window.firstByte + first)};
    const __m128i evens = _mm_or_si128(_mm_and_si128(of[0], low), _mm_slli_epi16(_mm_and_si128(of[1], low), 4));
    const __m128i odds = _mm_or_si128(_mm_and_si128(_mm_srli_epi16(of[0], 4), low), _mm_andnot_si128(low, of[1]));
    const __m128i pairs[2] = {_mm_unpacklo_epi8(evens, odds), _mm_unpackhi_epi8(evens, odds)};
    for (size_t half = 0; half < 2; half++) {
      auto* at = reinterpret_cast<__m256i*>(offsets + 2 * first + half * blockBytes);
      _mm256_storeu_si256(at, _mm256_slli_epi16(_mm256_cvtepu8_epi16(pairs[half]), tableShift));
    }
  }
}

/** Adds three entries of each neuron to `both`. @returns 16 times those of the second sample */
template <size_t G>
inline void addTriple(const uint16_t* tables, const __m256i* panel, __m256i (&both)[G], __m256i (&seconds)[G]) {
  const __m256i high = _mm256_set1_epi8(static_cast<char>(0xf0));
  const __m256i table[3] = {tableAt(tables[0]), tableAt(tables[1]), tableAt(tables[2])};
#pragma GCC unroll 2
  for (size_t g = 0; g < G; g++) {
    __m256i sum = _mm256_shuffle_epi8(table[0], panel[g]);
    sum = _mm256_add_epi8(sum, _mm256_shuffle_epi8(table[1], panel[G + g]));
    sum = _mm256_add_epi8(sum, _mm256_shuffle_epi8(table[2], panel[2 * G + g]));
    both[g] = _mm256_add_epi8(both[g], sum);
    seconds[g] = _mm256_and_si256(sum, high);
  }
}

/** Adds, or writes, 32 bytes to counts of 16 bits, in the order 0–7, 16–23, 8–15, 24–31. */
inline void addBytes(__m256i bytes, bool isFirst, uint16_t* counts) {
  auto* at = reinterpret_cast<__m256i*>(counts);
  __m256i low = _mm256_unpacklo_epi8(bytes, _mm256_setzero_si256());
  __m256i high = _mm256_unpackhi_epi8(bytes, _mm256_setzero_si256());
  if (!isFirst) {
    low = _mm256_add_epi16(low, at[0]);
    high = _mm256_add_epi16(high, at[1]);
  }
  at[0] = low;
  at[1] = high;
}

/** Counts the columns of a run in which a pair of samples differs from each neuron of G vectors. */
template <size_t G>
void countRun(const uint16_t* tables, const __m256i* panel, size_t steps, bool isFirst, uint16_t* counts) {
  __m256i both[G], second[G];
  for (size_t g = 0; g < G; g++) both[g] = second[g] = _mm256_setzero_si256();
  for (; steps > 0; steps--, tables += stepNibbles, panel += stepNibbles * G) {
    __m256i seconds[2][G];
    addTriple<G>(tables, panel, both, seconds[0]);
    addTriple<G>(tables + 3, panel + 3 * G, both, seconds[1]);
    for (size_t g = 0; g < G; g++) {
      const __m256i eighths = _mm256_avg_epu8(seconds[0][g], seconds[1][g]);
      second[g] = _mm256_add_epi8(second[g], _mm256_srli_epi16(eighths, 3));
    }
  }
  const __m256i low = _mm256_set1_epi8(0x0f);
  for (size_t g = 0; g < G; g++) {
    const __m256i sixteenfold = _mm256_andnot_si256(low, _mm256_slli_epi16(second[g], 4));
    addBytes(_mm256_sub_epi8(both[g], sixteenfold), isFirst, counts + g * lanes);
    addBytes(second[g], isFirst, counts + (G + g) * lanes);
  }
}

/** Fills counts[s · G + g] for `samples` samples, and one more where they are odd, and G vectors of neurons. */
template <size_t G>
void countWindow(const uint16_t* tables, const __m256i* panel, const Window& window, size_t samples, uint16_t* counts) {
  for (size_t step = 0; step < window.steps; step += runSteps) {
    const size_t steps = std::min(window.steps - step, runSteps);
    for (size_t s = 0; s < samples; s += 2) {
      countRun<G>(tables + s / 2 * window.offsets() + step * stepNibbles, panel + step * stepNibbles * G, steps, step == 0,
                  counts + s * G * lanes);
    }
  }
}

/** Where the outputs of a block go, with `stride` values or words of signs from sample to sample. */
struct Output {
  int32_t* values;
  size_t stride;
  /** nullptr where they are not wanted. */
  uint32_t* signs;
  size_t signStride;
  /** Neurons of the block. */
  size_t width;
  /** N where the counts are the first of a block; otherwise they are taken from what is there. */
  int32_t columns;
  bool isFirst;
};

/**
 * values ← N − 2·counts, or values − 2·counts, of `width` neurons, at most 32. @returns their signs
 */
inline uint32_t writeVector(const uint16_t* counts, const Output& out, int32_t* values, size_t width) {
  constexpr size_t quarters[4] = {0, 16, 8, 24};
  constexpr size_t size = lanes / 4;
  uint32_t negative = 0;
  for (size_t i = 0; i < 4; i++) {
    const auto* quarter = reinterpret_cast<const __m128i*>(counts + quarters[i]);
    const __m256i twice = _mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_load_si128(quarter)), 1);
    const __m256i columns = _mm256_set1_epi32(out.columns);
    int32_t* at = values + size * i;
    __m256i value;
    if (width >= size * (i + 1)) {
      auto* vector = reinterpret_cast<__m256i*>(at);
      value = _mm256_sub_epi32(out.isFirst ? columns : _mm256_loadu_si256(vector), twice);
      _mm256_storeu_si256(vector, value);
    } else {
      const __m256i exists = firstLanes(width - size * i);
      value = _mm256_sub_epi32(out.isFirst ? columns : _mm256_maskload_epi32(at, exists), twice);
      _mm256_maskstore_epi32(at, exists, value);
    }
    negative |= static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(value))) << (size * i);
    if (width <= size * (i + 1)) break;
  }
  return _bzhi_u32(~negative, static_cast<unsigned>(width));
}

/** Writes the outputs of `samples` samples and G vectors of neurons. */
template <size_t G>
void writeBlock(const uint16_t* counts, size_t samples, const Output& out) {
  for (size_t s = 0; s < samples; s++) {
    for (size_t g = 0; g < G; g++, counts += lanes) {
      int32_t* values = out.values + s * out.stride + g * lanes;
      const uint32_t signs = writeVector(counts, out, values, std::min(out.width - g * lanes, lanes));
      if (out.signs) out.signs[s * out.signStride + g] = signs;
    }
  }
}

/** Memory for the work of one thread. */
struct Memory {
  __m256i* panel;
  uint16_t* counts;
  uint16_t* tables;
};

/** G vectors of neurons, of which at least one of the last exists. */
template <size_t G>
void computeBlock(const BitRows& weights, Range neurons, const Window& window, size_t samples, const Memory& memory,
                  const Output& out) {
  for (size_t g = 0; g < G; g++) {
    const size_t first = neurons.begin + g * lanes;
    spreadNeurons(weights, {first, std::min(first + lanes, neurons.end)}, window, memory.panel + g, G);
  }
  countWindow<G>(memory.tables, memory.panel, window, samples, memory.counts);
  writeBlock<G>(memory.counts, samples, out);
}

bool reserve(Scratch& scratch, const Window& window, size_t samples, Memory& memory) {
  const size_t pairs = (samples + 1) / 2;
  const size_t panelBytes = window.nibbles() * groups * sizeof(__m256i);
  const size_t countBytes = 2 * pairs * groups * lanes * sizeof(uint16_t);
  const size_t tableBytes = pairs * window.offsets() * sizeof(uint16_t);
  auto* bytes = static_cast<char*>(scratch.reserve(panelBytes + countBytes + tableBytes));
  if (!bytes) return false;
  memory.panel = reinterpret_cast<__m256i*>(bytes);
  memory.counts = reinterpret_cast<uint16_t*>(bytes + panelBytes);
  memory.tables = reinterpret_cast<uint16_t*>(bytes + panelBytes + countBytes);
  return true;
}

}  // namespace

bool productAvx2(const Product& product, Range samples, Range neurons, Scratch& scratch) {
  constexpr size_t stepColumns = 4 * stepNibbles;
  const size_t steps = (product.inputs.columns + stepColumns - 1) / stepColumns;
  Memory memory;
  if (!reserve(scratch, {0, std::min(steps, windowSteps)}, std::min(samples.size(), chunkSamples), memory)) return false;

  for (size_t first = samples.begin; first < samples.end; first += chunkSamples) {
    const size_t count = std::min(samples.end - first, chunkSamples);
    for (size_t step = 0; step < steps; step += windowSteps) {
      const Window window{step * stepNibbles / 2, std::min(steps - step, windowSteps)};
      for (size_t s = 0; s < count; s += 2) {
        const size_t second = std::min(s + 1, count - 1);
        findTables(product.inputs, first + s, first + second, window, memory.tables + s / 2 * window.offsets());
      }
      for (size_t k = neurons.begin; k < neurons.end; k += groups * lanes) {
        const Range block{k, std::min(k + groups * lanes, neurons.end)};
        Output out;
        out.stride = product.weights.rows;
        out.values = product.out + first * out.stride + k;
        out.signStride = product.signWords();
        out.signs = product.signs ? product.signs + first * out.signStride + k / 32 : nullptr;
        out.width = block.size();
        out.columns = static_cast<int32_t>(product.inputs.columns);
        out.isFirst = step == 0;
        if (block.size() > lanes) {
          computeBlock<2>(product.weights, block, window, count, memory, out);
        } else {
          computeBlock<1>(product.weights, block, window, count, memory, out);
        }
      }
    }
  }
  return true;
}

}  // namespace xnorlab
