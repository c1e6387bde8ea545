// Float operations with AVX-512.
#include <immintrin.h>

#include "float-bodies.h"

namespace xnorlab {
namespace {

/** Half a vector: processors that do a whole one in two goes do this one in one. */
struct HalfLanes {
  using Narrow = HalfLanes;
  using Vector = __m256;
  static constexpr size_t width = 8;
  static constexpr size_t rows = 12;
  static Vector zero() { return _mm256_setzero_ps(); }
  static Vector load(const float* values) { return _mm256_loadu_ps(values); }
  static void store(float* values, Vector vector) { _mm256_storeu_ps(values, vector); }
  static Vector all(float value) { return _mm256_set1_ps(value); }
  static Vector product(Vector a, Vector b) { return _mm256_mul_ps(a, b); }
  static Vector fused(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }
};

struct Lanes {
  using Narrow = HalfLanes;
  using Vector = __m512;
  static constexpr size_t width = 16;
  static constexpr size_t rows = 12;
  static Vector zero() { return _mm512_setzero_ps(); }
  static Vector load(const float* values) { return _mm512_loadu_ps(values); }
  static void store(float* values, Vector vector) { _mm512_storeu_ps(values, vector); }
  static Vector all(float value) { return _mm512_set1_ps(value); }
  static Vector product(Vector a, Vector b) { return _mm512_mul_ps(a, b); }
  static Vector fused(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }
  static uint32_t equal(Vector a, Vector b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }
};

}  // namespace

const FloatOperations avx512FloatOperations = {"avx512",  multiply<Lanes>, packUnits<Lanes>, adamStep,    combine,
                                               compare, choose,          meanOverRows, gather, sumRuns, standardize};

}  // namespace xnorlab
