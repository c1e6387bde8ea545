// Votes of groups of neurons.
#pragma once

#include "operations.h"

namespace xnorlab {

/** Bit j of `out` ← whether at least half of group j's `groupSize` bits of `row` are 1; `columns` bits in all. */
void packRowMajority(const uint32_t* row, size_t columns, size_t groupSize, uint32_t* out);

}  // namespace xnorlab
