// Float operations with NEON.
#include <arm_neon.h>

#include "float-bodies.h"

namespace xnorlab {
namespace {

struct Lanes {
  using Narrow = Lanes;
  using Vector = float32x4_t;
  static constexpr size_t width = 4;
  static constexpr size_t rows = 12;
  static Vector zero() { return vdupq_n_f32(0); }
  static Vector load(const float* values) { return vld1q_f32(values); }
  static void store(float* values, Vector vector) { vst1q_f32(values, vector); }
  static Vector all(float value) { return vdupq_n_f32(value); }
  static Vector product(Vector a, Vector b) { return vmulq_f32(a, b); }
  static Vector fused(Vector a, Vector b, Vector c) { return vfmaq_f32(c, a, b); }
  static uint32_t equal(Vector a, Vector b) {
    constexpr uint32_t bits[4] = {1, 2, 4, 8};
    return vaddvq_u32(vandq_u32(vceqq_f32(a, b), vld1q_u32(bits)));
  }
};

}  // namespace

const FloatOperations neonFloatOperations = {"neon", multiply<Lanes>, packUnits<Lanes>, adamStep, combine, compare, choose, meanOverRows, gather, sumRuns, standardize};

}  // namespace xnorlab
