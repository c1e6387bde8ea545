// Binary matrix product with AVX-512 VPOPCNTDQ.
//
//     out[b, k] = N − 2·Σ_w popcount(inputs[b][w] XOR weights[k][w])                       (definition: scalar.cpp)
//
// Layout. One vector holds the same 32-bit word of 16 neurons, so that the 16 counts are lanes of one accumulator and
// there are no horizontal sums. The weights are transposed into that layout on the fly, two vectors (32 neurons) at a
// time: N = 784 takes 3 KB of them, which stay in L1 while all samples pass. Input words are broadcast.
//
// Fewer counts. XOR, count and add are three instructions for each word, two of which can start in each cycle. Both
// operands are therefore stored as running XORs, A_j = a_0 ^ … ^ a_j and W_j = w_0 ^ … ^ w_j. Then with
// x_j = a_j ^ w_j, the XOR of the two stored words is the parity P_j = x_0 ^ … ^ x_j, and a full adder over
// (P_{j−1}, x_j, x_{j+1}) needs nothing but three parities:
//
//     sum   = P_{j−1} ^ x_j ^ x_{j+1} = P_{j+1}
//     carry = P_j ? ~P_{j+1} : P_{j−1}                     (if the first two differ the third decides, else the first)
//
// so that Σ_w popcount(x_w) = popcount(last P) + 2·Σ popcount(carries): five instructions for two words (two XOR, one
// ternary logic, one count, one add) in place of six.
#include <immintrin.h>

#include <cstring>

#include "avx512.h"
#include "operations.h"
#include "scratch.h"

namespace xnorlab {
namespace {

constexpr size_t lanes = 16;
/** Vectors of neurons, and samples, whose accumulators are in registers together. */
constexpr size_t groups = 2;
constexpr size_t tileSamples = 5;
/** Input words prepared at a time, so that they stay in L2 while the neurons pass. */
constexpr size_t chunkWords = 64 * 1024;

/** P_j ? ~P_{j+1} : P_{j−1}, for the operands in the order P_j, P_{j+1}, P_{j−1}. */
constexpr int carryTable = 0x3a;

/**
 * Replaces t[i][j] by t[j][i]. Pairs of rows are interleaved by words, double words, then 128-bit lanes.
 */
void transpose(__m512i t[lanes]) {
  __m512i u[lanes];
  for (size_t i = 0; i < lanes; i += 2) {
    u[i] = _mm512_unpacklo_epi32(t[i], t[i + 1]);
    u[i + 1] = _mm512_unpackhi_epi32(t[i], t[i + 1]);
  }
  for (size_t i = 0; i < lanes; i += 4) {
    t[i] = _mm512_unpacklo_epi64(u[i], u[i + 2]);
    t[i + 1] = _mm512_unpackhi_epi64(u[i], u[i + 2]);
    t[i + 2] = _mm512_unpacklo_epi64(u[i + 1], u[i + 3]);
    t[i + 3] = _mm512_unpackhi_epi64(u[i + 1], u[i + 3]);
  }
  // Lane l of t[4·r + c] now holds word 4·l + c of rows 4·r … 4·r + 3.
  for (size_t c = 0; c < 4; c++) {
    u[c] = _mm512_shuffle_i32x4(t[c], t[4 + c], 0x88);
    u[4 + c] = _mm512_shuffle_i32x4(t[c], t[4 + c], 0xdd);
    u[8 + c] = _mm512_shuffle_i32x4(t[8 + c], t[12 + c], 0x88);
    u[12 + c] = _mm512_shuffle_i32x4(t[8 + c], t[12 + c], 0xdd);
  }
  for (size_t c = 0; c < 4; c++) {
    t[c] = _mm512_shuffle_i32x4(u[c], u[8 + c], 0x88);
    t[8 + c] = _mm512_shuffle_i32x4(u[c], u[8 + c], 0xdd);
    t[4 + c] = _mm512_shuffle_i32x4(u[4 + c], u[12 + c], 0x88);
    t[12 + c] = _mm512_shuffle_i32x4(u[4 + c], u[12 + c], 0xdd);
  }
}

/** Writes the running XORs of up to 16 neurons to panel[w · stride], for each used word w. */
void transposeNeurons(const BitRows& weights, Range neurons, __m512i* panel, size_t stride) {
  const size_t words = weights.usedWords();
  __m512i running = _mm512_setzero_si512();
  for (size_t first = 0; first < words; first += lanes) {
    const size_t width = words - first < lanes ? words - first : lanes;
    const __mmask16 used = lowMask16(width);
    __m512i t[lanes];
    for (size_t i = 0; i < lanes; i++) {
      t[i] = i < neurons.size() ? _mm512_maskz_loadu_epi32(used, weights.row(neurons.begin + i) + first)
                                : _mm512_setzero_si512();
    }
    transpose(t);
    for (size_t w = 0; w < width; w++) {
      running = _mm512_xor_si512(running, t[w]);
      _mm512_store_si512(panel + (first + w) * stride, running);
    }
  }
}

/** Writes the running XORs of a tile's samples to out[w · count + s]. */
void interleaveSamples(const BitRows& inputs, size_t first, size_t count, uint32_t* out) {
  const size_t words = inputs.usedWords();
  for (size_t s = 0; s < count; s++) {
    const uint32_t* row = inputs.row(first + s);
    uint32_t running = 0;
    for (size_t w = 0; w < words; w++) out[w * count + s] = running ^= row[w];
  }
}

/**
 * Where a tile's results go: `stride` entries from sample to sample, the lanes of `masks` from each vector; their signs, if
 * they are wanted, with `signStride` words from sample to sample.
 */
struct TileOutput {
  int32_t* values;
  size_t stride;
  uint32_t* signs;
  size_t signStride;
  __mmask16 masks[groups];
  int32_t columns;
};

/**
 * Two words of one sample and 16 neurons:
 *
 *     half = weights0 ^ input0
 *     sum = weights1 ^ input1
 *     carries += popcount(half ? ~sum : parity)
 *     parity = sum
 *
 * Written as assembly because g++ 12 keeps half of a tile's accumulators in memory when given these lines.
 */
inline void addPair(__m512i weights0, __m512i weights1, const uint32_t& input0, const uint32_t& input1, __m512i& parity,
                    __m512i& carries) {
  __m512i half, sum;
  asm("vpxord %[input0]%{1to16%}, %[weights0], %[half]\n\t"
      "vpxord %[input1]%{1to16%}, %[weights1], %[sum]\n\t"
      "vpternlogd %[table], %[parity], %[sum], %[half]\n\t"
      "vpopcntd %[half], %[half]\n\t"
      "vpaddd %[half], %[carries], %[carries]\n\t"
      "vmovdqa64 %[sum], %[parity]"
      : [parity] "+v"(parity), [carries] "+v"(carries), [half] "=&v"(half), [sum] "=&v"(sum)
      : [weights0] "v"(weights0), [weights1] "v"(weights1), [input0] "m"(input0), [input1] "m"(input1),
        [table] "i"(carryTable));
}

/** S samples by G vectors of neurons; `panel` holds the vectors word by word, `inputs` the samples word by word. */
template <size_t S, size_t G>
void computeTile(const uint32_t* inputs, const __m512i* panel, size_t words, const TileOutput& out) {
  __m512i parity[S][G];
  __m512i carries[S][G];
  const bool isOdd = words % 2;
#pragma GCC unroll 8
  for (size_t s = 0; s < S; s++) {
#pragma GCC unroll 8
    for (size_t g = 0; g < G; g++) {
      parity[s][g] = isOdd ? _mm512_xor_si512(panel[g], broadcast(inputs[s])) : _mm512_setzero_si512();
      carries[s][g] = _mm512_setzero_si512();
    }
  }
  inputs += words % 2 * S;
  panel += words % 2 * G;
  for (size_t pairs = words / 2; pairs > 0; pairs--, inputs += 2 * S, panel += 2 * G) {
#pragma GCC unroll 8
    for (size_t s = 0; s < S; s++) {
#pragma GCC unroll 8
      for (size_t g = 0; g < G; g++) {
        addPair(panel[g], panel[G + g], inputs[s], inputs[S + s], parity[s][g], carries[s][g]);
      }
    }
  }
  const __m512i columns = _mm512_set1_epi32(out.columns);
  // Copied, because what is stored below could be `out` as far as the compiler knows.
  const __mmask16 masks[groups] = {out.masks[0], out.masks[1]};
#pragma GCC unroll 8
  for (size_t s = 0; s < S; s++) {
#pragma GCC unroll 8
    for (size_t g = 0; g < G; g++) {
      const __m512i ones = _mm512_popcnt_epi32(parity[s][g]);
      const __m512i differing = _mm512_add_epi32(ones, _mm512_slli_epi32(carries[s][g], 1));
      const __m512i result = _mm512_sub_epi32(columns, _mm512_slli_epi32(differing, 1));
      _mm512_mask_storeu_epi32(out.values + s * out.stride + g * lanes, masks[g], result);
      const __mmask16 positive = _mm512_mask_cmpge_epi32_mask(masks[g], result, _mm512_setzero_si512());
      auto* signs = reinterpret_cast<char*>(out.signs + s * out.signStride);
      if (out.signs) std::memcpy(signs + g * sizeof positive, &positive, sizeof positive);
    }
  }
}

template <size_t G>
void computeTileOf(size_t samples, const uint32_t* inputs, const __m512i* panel, size_t words, const TileOutput& out) {
  switch (samples) {
    case 1: return computeTile<1, G>(inputs, panel, words, out);
    case 2: return computeTile<2, G>(inputs, panel, words, out);
    case 3: return computeTile<3, G>(inputs, panel, words, out);
    case 4: return computeTile<4, G>(inputs, panel, words, out);
    default: return computeTile<tileSamples, G>(inputs, panel, words, out);
  }
}

}  // namespace

bool productAvx512(const Product& product, Range samples, Range neurons, Scratch& scratch) {
  const size_t words = product.inputs.usedWords();
  const size_t panelBytes = words * groups * sizeof(__m512i);
  const size_t chunkTiles = chunkWords / (tileSamples * words);
  const size_t chunkSamples = tileSamples * (chunkTiles > 0 ? chunkTiles : 1);
  const size_t chunk = samples.size() < chunkSamples ? samples.size() : chunkSamples;
  auto* memory = static_cast<char*>(scratch.reserve(panelBytes + words * chunk * sizeof(uint32_t)));
  if (!memory) return false;
  auto* panel = reinterpret_cast<__m512i*>(memory);
  auto* inputs = reinterpret_cast<uint32_t*>(memory + panelBytes);

  for (size_t first = samples.begin; first < samples.end; first += chunkSamples) {
    const size_t count = samples.end - first < chunkSamples ? samples.end - first : chunkSamples;
    for (size_t b = 0; b < count; b += tileSamples) {
      const size_t tile = count - b < tileSamples ? count - b : tileSamples;
      interleaveSamples(product.inputs, first + b, tile, inputs + b * words);
    }
    for (size_t k = neurons.begin; k < neurons.end; k += groups * lanes) {
      const size_t width = neurons.end - k < groups * lanes ? neurons.end - k : groups * lanes;
      const bool both = width > lanes;
      const size_t stride = both ? groups : 1;
      transposeNeurons(product.weights, {k, k + (both ? lanes : width)}, panel, stride);
      if (both) transposeNeurons(product.weights, {k + lanes, k + width}, panel + 1, stride);
      TileOutput out;
      out.stride = product.weights.rows;
      out.signStride = product.signWords();
      out.masks[0] = lowMask16(both ? lanes : width);
      out.masks[1] = both ? lowMask16(width - lanes) : 0;
      out.columns = static_cast<int32_t>(product.inputs.columns);
      for (size_t b = 0; b < count; b += tileSamples) {
        const size_t tile = count - b < tileSamples ? count - b : tileSamples;
        out.values = product.out + (first + b) * out.stride + k;
        out.signs = product.signs ? product.signs + (first + b) * out.signStride + k / 32 : nullptr;
        if (both) {
          computeTileOf<2>(tile, inputs + b * words, panel, words, out);
        } else {
          computeTileOf<1>(tile, inputs + b * words, panel, words, out);
        }
      }
    }
  }
  return true;
}

}  // namespace xnorlab
