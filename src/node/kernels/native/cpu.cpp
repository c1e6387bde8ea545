// Which of the compiled instruction sets this processor and its operating system run.
#include <cstring>

#include "operations.h"

namespace xnorlab {
namespace {

bool always() { return true; }

#if defined(__x86_64__)
bool hasAvx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

bool hasAvx2() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
         __builtin_cpu_supports("popcnt");
}
#endif

struct Candidate {
  const Operations& operations;
  bool (*runs)();
};

/** Fastest first. */
const Candidate candidates[] = {
#if defined(__x86_64__)
    {avx512Operations, hasAvx512},
    {avx2Operations, hasAvx2},
#elif defined(__aarch64__)
    {neonOperations, always},
#endif
    {scalarOperations, always},
};

}  // namespace

const Operations* operationsNamed(const char* name) {
  for (const Candidate& candidate : candidates) {
    if (std::strcmp(candidate.operations.name, name) == 0) return candidate.runs() ? &candidate.operations : nullptr;
  }
  return nullptr;
}

const Operations* operationsAt(size_t index) {
  for (const Candidate& candidate : candidates) {
    if (candidate.runs() && index-- == 0) return &candidate.operations;
  }
  return nullptr;
}

}  // namespace xnorlab
