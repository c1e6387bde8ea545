import { columnMask, rowBytesFor } from './packed-rows';

// Windows of maps (../../windows.ts). Runs of bits are copied, 64 at a time.

const WORD_COLUMNS: i32 = 64;

/** Up to 2^20 positions vote. */
const PLANES: i32 = 21;

/** What a row is written with, from its beginning on: where, the word that is not full, and how full it is. */
let target: usize = 0;
let word: u64 = 0;
let filled: i32 = 0;

function begin(row: usize): void {
  target = row;
  word = 0;
  filled = 0;
}

/** Appends `count` bits in [1, 64]; those above are 0. */
@inline
function append(bits: u64, count: i32): void {
  word |= bits << filled;
  filled += count;
  if (filled < WORD_COLUMNS) return;
  store<u64>(target, word);
  target += 8;
  filled -= WORD_COLUMNS;
  word = filled > 0 ? bits >>> (count - filled) : 0;
}

/** Writes what is left, and 0 bits up to the end of the word. */
function finish(): void {
  if (filled > 0) store<u64>(target, word);
}

/** Appends bits of a row, from bit `first` on. */
function copyBits(row: usize, first: i32, count: i32): void {
  for (; count > 0; first += WORD_COLUMNS, count -= WORD_COLUMNS) {
    const taken = min(count, WORD_COLUMNS);
    const at = row + ((<usize>first >> 6) << 3);
    const offset = first & 63;
    let bits = load<u64>(at) >>> offset;
    if (offset + taken > WORD_COLUMNS) bits |= load<u64>(at + 8) << (WORD_COLUMNS - offset);
    append(bits & columnMask(taken), taken);
  }
}

function appendSame(bits: u64, count: i32): void {
  for (; count > 0; count -= WORD_COLUMNS) {
    const taken = min(count, WORD_COLUMNS);
    append(bits & columnMask(taken), taken);
  }
}

/** How many of `size` positions from `first` on are before a map of `length`, and before its end. */
@inline
function before(first: i32, size: i32): i32 {
  return min(max(-first, 0), size);
}

@inline
function beforeEnd(first: i32, size: i32, length: i32): i32 {
  return max(min(length - first, size), before(first, size));
}

/** out[b·P·Q + i·Q + j] = window (i, j) of map b. */
export function patches(
  height: i32,
  width: i32,
  channels: i32,
  size: i32,
  stride: i32,
  padding: i32,
  paddingSign: i32,
  outHeight: i32,
  outWidth: i32,
  maps: usize,
  count: i32,
  out: usize,
): void {
  const mapBytes = rowBytesFor(height * width * channels);
  const patchBytes = rowBytesFor(size * size * channels);
  const outside: u64 = paddingSign >= 0 ? ~(<u64>0) : 0;
  for (let b = 0; b < count; b++) {
    for (let i = 0; i < outHeight; i++) {
      const top = i * stride - padding;
      const firstRow = before(top, size);
      const endRow = beforeEnd(top, size, height);
      for (let j = 0; j < outWidth; j++) {
        const left = j * stride - padding;
        const firstColumn = before(left, size);
        const endColumn = beforeEnd(left, size, width);
        begin(out);
        appendSame(outside, firstRow * size * channels);
        for (let v = firstRow; v < endRow; v++) {
          appendSame(outside, firstColumn * channels);
          copyBits(maps, ((top + v) * width + left + firstColumn) * channels, (endColumn - firstColumn) * channels);
          appendSame(outside, (size - endColumn) * channels);
        }
        appendSame(outside, (size - endRow) * size * channels);
        finish();
        out += patchBytes;
      }
    }
    maps += mapBytes;
  }
}

/** Bit i of the number of votes of 64 channels is in plane i. */
const planes = memory.data(168);

@inline
function addVotes(bits: u64): void {
  for (let at = planes; bits != 0; at += 8) {
    const plane = load<u64>(at);
    store<u64>(at, plane ^ bits);
    bits &= plane;
  }
}

/** The channels with at least `wanted` votes. */
function reaching(wanted: i32): u64 {
  let more: u64 = 0;
  let same: u64 = ~(<u64>0);
  for (let i = PLANES - 1; i >= 0; i--) {
    const plane = load<u64>(planes + (<usize>i << 3));
    if ((wanted >> i) & 1) same &= plane;
    else {
      more |= same & plane;
      same &= ~plane;
    }
  }
  return more | same;
}

/** out[b, (i·Q + j)·Z + c] = 1 where channel c is 1 at `votes` positions of window (i, j) or more. */
export function pool(
  height: i32,
  width: i32,
  channels: i32,
  size: i32,
  stride: i32,
  padding: i32,
  paddingSign: i32,
  outHeight: i32,
  outWidth: i32,
  positions: usize,
  votes: i32,
  out: usize,
  count: i32,
): void {
  const rowBytes = rowBytesFor(channels);
  const outBytes = rowBytesFor(outHeight * outWidth * channels);
  for (let b = 0; b < count; b++) {
    begin(out);
    for (let i = 0; i < outHeight; i++) {
      const top = i * stride - padding;
      const firstRow = before(top, size);
      const endRow = beforeEnd(top, size, height);
      for (let j = 0; j < outWidth; j++) {
        const left = j * stride - padding;
        const firstColumn = before(left, size);
        const endColumn = beforeEnd(left, size, width);
        const voters = (endRow - firstRow) * (endColumn - firstColumn);
        const wanted = paddingSign >= 0 ? votes - (size * size - voters) : votes;
        for (let first = 0; first < channels; first += WORD_COLUMNS) {
          const taken = min(channels - first, WORD_COLUMNS);
          let bits: u64 = 0;
          if (wanted <= 0) bits = ~(<u64>0);
          else if (wanted <= voters) {
            memory.fill(planes, 0, 168);
            for (let v = firstRow; v < endRow; v++) {
              let at = positions + <usize>((top + v) * width + left + firstColumn) * rowBytes + (<usize>first >> 3);
              for (let u = firstColumn; u < endColumn; u++) {
                addVotes(load<u64>(at));
                at += rowBytes;
              }
            }
            bits = reaching(wanted);
          }
          append(bits & columnMask(taken), taken);
        }
      }
    }
    finish();
    positions += <usize>(height * width) * rowBytes;
    out += outBytes;
  }
}
