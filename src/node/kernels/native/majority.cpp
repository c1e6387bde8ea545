#include "majority.h"

#include <algorithm>

#include "scalar.h"

namespace xnorlab {
namespace {

/** Number of 1 bits in [begin, end) of a row. */
size_t countBits(const uint32_t* row, size_t begin, size_t end) {
  size_t count = 0;
  for (size_t bit = begin; bit < end;) {
    const size_t width = std::min(end - bit, 32 - bit % 32);
    const uint64_t mask = (uint64_t{1} << width) - 1;
    count += static_cast<size_t>(popcount(row[bit / 32] >> (bit % 32) & mask));
    bit += width;
  }
  return count;
}

}  // namespace

void packRowMajority(const uint32_t* row, size_t columns, size_t groupSize, uint32_t* out) {
  const size_t groups = columns / groupSize;
  const size_t outWords = (groups + 63) / 64 * 2;
  for (size_t w = 0; w < outWords; w++) {
    uint32_t word = 0;
    for (size_t j = w * 32; j < std::min(w * 32 + 32, groups); j++) {
      const size_t ones = countBits(row, j * groupSize, (j + 1) * groupSize);
      word |= static_cast<uint32_t>(2 * ones >= groupSize) << (j % 32);
    }
    out[w] = word;
  }
}

}  // namespace xnorlab
