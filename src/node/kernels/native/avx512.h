// Shared by the AVX-512 files; compiled for AVX-512 F, BW, VL, DQ and VPOPCNTDQ.
#pragma once

#include <immintrin.h>

#include "operations.h"

namespace xnorlab {

/** The lowest `count` of 16 lanes. */
static inline __mmask16 lowMask16(size_t count) {
  return static_cast<__mmask16>(_bzhi_u32(0xffff, static_cast<unsigned>(count)));
}

/** The lowest `count` of 32 lanes. */
static inline __mmask32 lowMask32(size_t count) { return _bzhi_u32(0xffffffff, static_cast<unsigned>(count)); }

static inline __m512i broadcast(uint32_t word) { return _mm512_set1_epi32(static_cast<int>(word)); }

bool productAvx512(const Product& product, Range samples, Range neurons, Scratch& scratch);

}  // namespace xnorlab
