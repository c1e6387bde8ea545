// Float operations with AVX2 and fused multiply-add.
#include <immintrin.h>

#include "float-bodies.h"

namespace xnorlab {
namespace {

struct Lanes {
  using Narrow = Lanes;
  using Vector = __m256;
  static constexpr size_t width = 8;
  static constexpr size_t rows = 6;
  static Vector zero() { return _mm256_setzero_ps(); }
  static Vector load(const float* values) { return _mm256_loadu_ps(values); }
  static void store(float* values, Vector vector) { _mm256_storeu_ps(values, vector); }
  static Vector all(float value) { return _mm256_set1_ps(value); }
  static Vector product(Vector a, Vector b) { return _mm256_mul_ps(a, b); }
  static Vector fused(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }
  static uint32_t equal(Vector a, Vector b) {
    return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_EQ_OQ)));
  }
};

}  // namespace

const FloatOperations avx2FloatOperations = {"avx2", multiply<Lanes>, packUnits<Lanes>, adamStep, combine, compare, choose, meanOverRows, gather, sumRuns, standardize};

}  // namespace xnorlab
