// The bodies of patches and pool: windows of maps (src/kernels/windows.ts).
//
// What lies side by side in a window lies side by side in the map, so runs of bits are copied, 64 at a time. On vectors nothing would be
// won: the product behind it takes several times as long.
#include <algorithm>
#include <cstring>

#include "instance.h"
#include "signatures.h"

namespace xnorlab {
namespace {

/** Below this many bits another thread would not have woken up. */
constexpr size_t smallWindows = 2 << 20;

constexpr size_t wordColumns = 64;

uint64_t load(const uint32_t* words) {
  uint64_t word;
  std::memcpy(&word, words, sizeof word);
  return word;
}

uint64_t lowest(size_t count) { return count >= wordColumns ? ~uint64_t{0} : (uint64_t{1} << count) - 1; }

/** `count` bits in [1, 64] of a row, from bit `begin` on. */
uint64_t bitsAt(const uint32_t* row, size_t begin, size_t count) {
  const uint32_t* words = row + begin / wordColumns * 2;
  const size_t offset = begin % wordColumns;
  uint64_t bits = load(words) >> offset;
  if (offset + count > wordColumns) bits |= load(words + 2) << (wordColumns - offset);
  return bits & lowest(count);
}

/** Writes a row from its beginning on. */
class RowWriter {
 public:
  explicit RowWriter(uint32_t* row) : row_(row) {}

  /** Appends `count` bits in [1, 64]; those above are 0. */
  void append(uint64_t bits, size_t count) {
    word_ |= bits << filled_;
    filled_ += count;
    if (filled_ < wordColumns) return;
    store();
    filled_ -= wordColumns;
    word_ = filled_ > 0 ? bits >> (count - filled_) : 0;
  }

  void copy(const uint32_t* from, size_t begin, size_t count) {
    if (filled_ == 0 && begin % wordColumns == 0) {
      // Channels that fill words stay where they are in them.
      const size_t words = count / wordColumns * 2;
      for (size_t w = 0; w < words; w += 2) std::memcpy(row_ + w, from + begin / wordColumns * 2 + w, sizeof word_);
      row_ += words;
      begin += words / 2 * wordColumns;
      count %= wordColumns;
    }
    for (; count > wordColumns; begin += wordColumns, count -= wordColumns) {
      append(bitsAt(from, begin, wordColumns), wordColumns);
    }
    if (count > 0) append(bitsAt(from, begin, count), count);
  }

  void fill(bool isOne, size_t count) {
    const uint64_t bits = isOne ? ~uint64_t{0} : 0;
    for (; count > wordColumns; count -= wordColumns) append(bits, wordColumns);
    if (count > 0) append(bits & lowest(count), count);
  }

  /** Writes what is left, and 0 bits up to the end of the word. */
  void finish() {
    if (filled_ > 0) store();
  }

 private:
  void store() {
    std::memcpy(row_, &word_, sizeof word_);
    row_ += 2;
  }

  uint32_t* row_;
  uint64_t word_ = 0;
  size_t filled_ = 0;
};

/** The positions [begin, end) of a window that are on the map, in one direction. */
Range inside(int64_t first, size_t size, size_t length) {
  const int64_t begin = std::clamp<int64_t>(-first, 0, static_cast<int64_t>(size));
  const int64_t end = std::clamp<int64_t>(static_cast<int64_t>(length) - first, begin, static_cast<int64_t>(size));
  return {static_cast<size_t>(begin), static_cast<size_t>(end)};
}

void cutPatch(const Windows& windows, const uint32_t* map, int64_t top, int64_t left, uint32_t* out) {
  const size_t channels = windows.channels, size = windows.size;
  const Range rows = inside(top, size, windows.height), columns = inside(left, size, windows.width);
  const bool isOne = windows.isPaddedWithOnes;
  RowWriter writer(out);
  writer.fill(isOne, rows.begin * size * channels);
  for (size_t v = rows.begin; v < rows.end; v++) {
    writer.fill(isOne, columns.begin * channels);
    if (columns.size() > 0) {
      const size_t position = static_cast<size_t>(top + static_cast<int64_t>(v)) * windows.width +
                              static_cast<size_t>(left + static_cast<int64_t>(columns.begin));
      writer.copy(map, position * channels, columns.size() * channels);
    }
    writer.fill(isOne, (size - columns.end) * channels);
  }
  writer.fill(isOne, (size - rows.end) * size * channels);
  writer.finish();
}

/** Votes of 64 channels at up to 2^20 positions: bit i of their number is in plane i. */
class Votes {
 public:
  void add(uint64_t bits) {
    for (size_t i = 0; bits != 0; i++) {
      const uint64_t carried = planes_[i] & bits;
      planes_[i] ^= bits;
      bits = carried;
    }
  }

  /** The channels with at least `wanted` votes. */
  uint64_t reach(uint64_t wanted) const {
    uint64_t more = 0, same = ~uint64_t{0};
    for (size_t i = planes; i-- > 0;) {
      if (wanted >> i & 1) {
        same &= planes_[i];
      } else {
        more |= same & planes_[i];
        same &= ~planes_[i];
      }
    }
    return more | same;
  }

 private:
  static constexpr size_t planes = 21;
  uint64_t planes_[planes] = {};
};

/** The channels of word `w` with enough votes among the positions of a window that are on the map. */
uint64_t poolWord(const Windows& windows, const BitRows& positions, size_t firstRow, int64_t top, int64_t left, size_t w, int64_t votes) {
  const Range rows = inside(top, windows.size, windows.height), columns = inside(left, windows.size, windows.width);
  const size_t voters = rows.size() * columns.size();
  const int64_t outside = static_cast<int64_t>(windows.size * windows.size - voters);
  const int64_t wanted = votes - (windows.isPaddedWithOnes ? outside : 0);
  if (wanted <= 0) return ~uint64_t{0};
  if (wanted > static_cast<int64_t>(voters)) return 0;
  const bool isOr = wanted == 1;
  uint64_t any = 0;
  Votes counted;
  for (size_t v = rows.begin; v < rows.end; v++) {
    const size_t row = firstRow + static_cast<size_t>(top + static_cast<int64_t>(v)) * windows.width +
                       static_cast<size_t>(left + static_cast<int64_t>(columns.begin));
    for (size_t u = 0; u < columns.size(); u++) {
      const uint64_t bits = load(positions.row(row + u) + 2 * w);
      if (isOr) {
        any |= bits;
      } else {
        counted.add(bits);
      }
    }
  }
  return isOr ? any : counted.reach(static_cast<uint64_t>(wanted));
}

}  // namespace

int64_t patches(Instance& instance, const PatchesCall& call) {
  const auto& [windows, maps, out] = call;
  const size_t count = windows.outHeight * windows.outWidth;
  const auto cut = [&, &windows = windows, &maps = maps, &out = out](Range samples, size_t) {
    for (size_t b = samples.begin; b < samples.end; b++) {
      for (size_t i = 0; i < windows.outHeight; i++) {
        for (size_t j = 0; j < windows.outWidth; j++) {
          const size_t row = b * count + i * windows.outWidth + j;
          cutPatch(windows, maps.row(b), windows.first(i), windows.first(j), out.row(row));
        }
      }
    }
  };
  const double bits = static_cast<double>(out.rows) * static_cast<double>(out.columns);
  instance.split(instance.cuttings, bits, smallWindows, maps.rows, 1, cut);
  return 0;
}

int64_t pool(Instance& instance, const PoolCall& call) {
  const auto& [windows, positions, votes, out] = call;
  const size_t mapPositions = windows.height * windows.width;
  const auto vote = [&, &windows = windows, &positions = positions, &votes = votes, &out = out](Range samples, size_t) {
    for (size_t b = samples.begin; b < samples.end; b++) {
      RowWriter writer(out.row(b));
      for (size_t i = 0; i < windows.outHeight; i++) {
        for (size_t j = 0; j < windows.outWidth; j++) {
          for (size_t w = 0; w * wordColumns < windows.channels; w++) {
            const size_t left = std::min(wordColumns, windows.channels - w * wordColumns);
            const uint64_t word = poolWord(windows, positions, b * mapPositions, windows.first(i), windows.first(j), w, votes);
            writer.append(word & lowest(left), left);
          }
        }
      }
      writer.finish();
    }
  };
  const double bits = static_cast<double>(positions.rows) * static_cast<double>(positions.columns);
  instance.split(instance.poolings, bits, smallWindows, out.rows, 1, vote);
  return 0;
}

}  // namespace xnorlab
