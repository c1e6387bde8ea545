#include "transpose.h"

#include <algorithm>
#include <cstring>

namespace xnorlab {
namespace {

constexpr size_t blockBits = 64;

/** Bit c of t[r] ↔ bit r of t[c]: blocks of 32, 16, … 1 bits beside the diagonal change places. */
void transposeBlock(uint64_t t[blockBits]) {
  uint64_t low = 0x00000000ffffffff;
  for (size_t half = blockBits / 2; half > 0; half /= 2, low ^= low << half) {
    for (size_t start = 0; start < blockBits; start += 2 * half) {
      for (size_t r = start; r < start + half; r++) {
        const uint64_t swapped = (t[r] >> half ^ t[r + half]) & low;
        t[r] ^= swapped << half;
        t[r + half] ^= swapped;
      }
    }
  }
}

}  // namespace

void transposeBits(const BitRows& matrix, Range columns, uint32_t* out) {
  const size_t outWords = (matrix.rows + 63) / 64 * 2;
  for (size_t column = columns.begin; column < columns.end; column += blockBits) {
    const size_t width = std::min(columns.end - column, blockBits);
    for (size_t row = 0; row < matrix.rows; row += blockBits) {
      const size_t height = std::min(matrix.rows - row, blockBits);
      uint64_t block[blockBits] = {};
      for (size_t r = 0; r < height; r++) std::memcpy(&block[r], matrix.row(row + r) + column / 32, sizeof block[r]);
      transposeBlock(block);
      for (size_t c = 0; c < width; c++) {
        std::memcpy(out + (column + c) * outWords + row / 32, &block[c], sizeof block[c]);
      }
    }
  }
}

}  // namespace xnorlab
