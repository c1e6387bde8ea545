// Transposition of a packed matrix.
#pragma once

#include "operations.h"

namespace xnorlab {

/**
 * out[n, k] = matrix[k, n] for the columns n in `columns`; `out` has matrix.columns rows of matrix.rows columns, packed
 * as usual with their padding. `columns.begin` is a multiple of 64.
 */
void transposeBits(const BitRows& matrix, Range columns, uint32_t* out);

}  // namespace xnorlab
