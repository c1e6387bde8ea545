// Shared by the AVX2 files.
#pragma once

#include <immintrin.h>

#include "operations.h"

namespace xnorlab {

/** −1 in the first `count` of 8 lanes, else 0. */
static inline __m256i firstLanes(size_t count) {
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count < 8 ? count : 8)), lane);
}

bool productAvx2(const Product& product, Range samples, Range neurons, Scratch& scratch);

}  // namespace xnorlab
