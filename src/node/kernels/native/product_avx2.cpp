// Binary matrix product with AVX2, which has no vector popcount.
//
//     out[b, k] = N − 2·Σ_w popcount(inputs[b][w] XOR weights[k][w])                       (definition: scalar.cpp)
//
// Layout and running XORs as in product_avx512.cpp, with 8 neurons in a vector: for two words one carry is counted in
// place of two words, which halves the expensive part. A byte is counted by looking up its two nibbles; the counts of
// up to 31 bytes are summed in bytes, then widened to 32 bits.
#include <immintrin.h>

#include "operations.h"
#include "scratch.h"

namespace xnorlab {

bool productAvx2(const Product& product, Range samples, Range neurons, Scratch& scratch);

namespace {

constexpr size_t lanes = 8;
constexpr size_t tileSamples = 4;
/** Input words prepared at a time, so that they stay in L2 while the neurons pass. */
constexpr size_t chunkWords = 64 * 1024;
/** Pairs of words whose counts, at most 8 for each byte, still fit into a byte. */
constexpr size_t pairsInBytes = 31;

/** Number of 1 bits of each byte. */
inline __m256i countBytes(__m256i bits) {
  const __m256i ofNibble = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,  //
                                            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i low = _mm256_set1_epi8(0x0f);
  const __m256i lows = _mm256_shuffle_epi8(ofNibble, _mm256_and_si256(bits, low));
  const __m256i highs = _mm256_shuffle_epi8(ofNibble, _mm256_and_si256(_mm256_srli_epi32(bits, 4), low));
  return _mm256_add_epi8(lows, highs);
}

/** Sums the four bytes of each lane. */
inline __m256i sumBytes(__m256i bytes) {
  const __m256i pairs = _mm256_maddubs_epi16(bytes, _mm256_set1_epi8(1));
  return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

inline __m256i broadcast(uint32_t word) { return _mm256_set1_epi32(static_cast<int>(word)); }

/** Writes the running XORs of up to 8 neurons to panel, lane by lane; lanes without a neuron are 0. */
void interleaveNeurons(const BitRows& weights, Range neurons, uint32_t* panel) {
  const size_t words = weights.usedWords();
  for (size_t lane = 0; lane < lanes; lane++) {
    uint32_t running = 0;
    const bool exists = lane < neurons.size();
    const uint32_t* row = exists ? weights.row(neurons.begin + lane) : nullptr;
    for (size_t w = 0; w < words; w++) panel[w * lanes + lane] = running ^= exists ? row[w] : 0;
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

/** Where a tile's results go: `stride` entries from sample to sample, the first `width` lanes. */
struct TileOutput {
  int32_t* values;
  size_t stride;
  size_t width;
  int32_t columns;
};

template <size_t S>
void computeTile(const uint32_t* inputs, const __m256i* panel, size_t words, const TileOutput& out) {
  const bool isOdd = words % 2;
  __m256i parity[S];
  __m256i carries[S];
  for (size_t s = 0; s < S; s++) {
    parity[s] = isOdd ? _mm256_xor_si256(panel[0], broadcast(inputs[s])) : _mm256_setzero_si256();
    carries[s] = _mm256_setzero_si256();
  }
  for (size_t w = isOdd; w < words;) {
    const size_t end = words - w < 2 * pairsInBytes ? words : w + 2 * pairsInBytes;
    __m256i bytes[S];
    for (size_t s = 0; s < S; s++) bytes[s] = _mm256_setzero_si256();
    for (; w < end; w += 2) {
      for (size_t s = 0; s < S; s++) {
        const __m256i half = _mm256_xor_si256(panel[w], broadcast(inputs[w * S + s]));
        const __m256i sum = _mm256_xor_si256(panel[w + 1], broadcast(inputs[(w + 1) * S + s]));
        const __m256i carry = _mm256_or_si256(_mm256_andnot_si256(sum, half), _mm256_andnot_si256(half, parity[s]));
        bytes[s] = _mm256_add_epi8(bytes[s], countBytes(carry));
        parity[s] = sum;
      }
    }
    for (size_t s = 0; s < S; s++) carries[s] = _mm256_add_epi32(carries[s], sumBytes(bytes[s]));
  }
  for (size_t s = 0; s < S; s++) {
    const __m256i ones = sumBytes(countBytes(parity[s]));
    const __m256i differing = _mm256_add_epi32(ones, _mm256_slli_epi32(carries[s], 1));
    const __m256i result = _mm256_sub_epi32(broadcast(static_cast<uint32_t>(out.columns)),
                                            _mm256_slli_epi32(differing, 1));
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i exists = _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(out.width)), lane);
    _mm256_maskstore_epi32(out.values + s * out.stride, exists, result);
  }
}

void computeTileOf(size_t samples, const uint32_t* inputs, const __m256i* panel, size_t words, const TileOutput& out) {
  switch (samples) {
    case 1: return computeTile<1>(inputs, panel, words, out);
    case 2: return computeTile<2>(inputs, panel, words, out);
    case 3: return computeTile<3>(inputs, panel, words, out);
    default: return computeTile<tileSamples>(inputs, panel, words, out);
  }
}

}  // namespace

bool productAvx2(const Product& product, Range samples, Range neurons, Scratch& scratch) {
  const size_t words = product.inputs.usedWords();
  const size_t panelBytes = words * sizeof(__m256i);
  const size_t chunkTiles = chunkWords / (tileSamples * words);
  const size_t chunkSamples = tileSamples * (chunkTiles > 0 ? chunkTiles : 1);
  const size_t chunk = samples.size() < chunkSamples ? samples.size() : chunkSamples;
  auto* memory = static_cast<char*>(scratch.reserve(panelBytes + words * chunk * sizeof(uint32_t)));
  if (!memory) return false;
  auto* panel = reinterpret_cast<__m256i*>(memory);
  auto* inputs = reinterpret_cast<uint32_t*>(memory + panelBytes);

  for (size_t first = samples.begin; first < samples.end; first += chunkSamples) {
    const size_t count = samples.end - first < chunkSamples ? samples.end - first : chunkSamples;
    for (size_t b = 0; b < count; b += tileSamples) {
      const size_t tile = count - b < tileSamples ? count - b : tileSamples;
      interleaveSamples(product.inputs, first + b, tile, inputs + b * words);
    }
    for (size_t k = neurons.begin; k < neurons.end; k += lanes) {
      const size_t width = neurons.end - k < lanes ? neurons.end - k : lanes;
      interleaveNeurons(product.weights, {k, k + width}, reinterpret_cast<uint32_t*>(panel));
      TileOutput out{nullptr, product.weights.rows, width, static_cast<int32_t>(product.inputs.columns)};
      for (size_t b = 0; b < count; b += tileSamples) {
        const size_t tile = count - b < tileSamples ? count - b : tileSamples;
        out.values = product.out + (first + b) * out.stride + k;
        computeTileOf(tile, inputs + b * words, panel, words, out);
      }
    }
  }
  return true;
}

}  // namespace xnorlab
