import type { RandomStream } from '../../src/core/random.js';

/** Numbers at which readers break, if they do. */
const NUMBERS = [0, 1, 2, 7, 8, 127, 128, 255, 256, 32767, 65535, 2 ** 24, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];

/** Texts that take the place of numbers and words. */
const TEXTS = [
  ...[
    '-1',
    '0',
    '1e9',
    '1e400',
    'NaN',
    'Infinity',
    '4294967296',
    '9007199254740993',
    '0.5',
    '""',
    'null',
    'true',
  ],
  ...[
    '[]',
    '{}',
    ',',
    '\n',
    "'",
    '"',
    ':',
    '__proto__',
    'constructor',
    '\u0000',
    '\ufffd',
    '<<',
    '*a',
    '&a',
    '?',
  ],
];

/** A place in bytes. */
function place(bytes: Uint8Array, random: RandomStream): number {
  // Headers stand at the beginning.
  const reach = random.below(2) === 0 ? Math.min(bytes.length, 200) : bytes.length;
  return reach === 0 ? 0 : random.below(reach);
}

function spliced(bytes: Uint8Array, start: number, end: number, by: Uint8Array): Uint8Array {
  const result = new Uint8Array(start + by.length + bytes.length - end);
  result.set(bytes.subarray(0, start));
  result.set(by, start);
  result.set(bytes.subarray(end), start + by.length);
  return result;
}

function piece(bytes: Uint8Array, random: RandomStream): [start: number, end: number] {
  const start = place(bytes, random);
  const length = 1 + random.below(1 + random.below(64));
  return [start, Math.min(bytes.length, start + length)];
}

type Mutation = (bytes: Uint8Array, random: RandomStream, other: Uint8Array) => Uint8Array;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const MUTATIONS: readonly Mutation[] = [
  // A bit.
  (bytes, random) => {
    const copy = bytes.slice();
    if (copy.length > 0) copy[place(copy, random)] ^= 1 << random.below(8);
    return copy;
  },
  // A byte.
  (bytes, random) => {
    const copy = bytes.slice();
    if (copy.length > 0) copy[place(copy, random)] = NUMBERS[random.below(8)];
    return copy;
  },
  // An integer of two, four or eight bytes, of either order.
  (bytes, random) => {
    const copy = bytes.slice();
    const size = [2, 4, 8][random.below(3)];
    if (copy.length < size) return copy;
    const at = Math.min(place(copy, random), copy.length - size);
    const view = new DataView(copy.buffer);
    const [value, isLittle] = [NUMBERS[random.below(NUMBERS.length)], random.below(2) === 0];
    if (size === 2) view.setUint16(at, value, isLittle);
    else if (size === 4) view.setUint32(at, value, isLittle);
    else view.setBigUint64(at, BigInt(value) * (random.below(4) === 0 ? 0x100000001n : 1n), isLittle);
    return copy;
  },
  // What is left out.
  (bytes, random) => spliced(bytes, ...piece(bytes, random), new Uint8Array(0)),
  // What is there twice, or many times.
  (bytes, random) => {
    const [start, end] = piece(bytes, random);
    const times = random.below(8) === 0 ? 1 + random.below(200) : 1;
    const again = new Uint8Array((end - start) * times);
    for (let i = 0; i < times; i++) again.set(bytes.subarray(start, end), i * (end - start));
    return spliced(bytes, start, start, again);
  },
  // An end too early.
  (bytes, random) => bytes.slice(0, random.below(bytes.length + 1)),
  // Noise.
  (bytes, random) => {
    const noise = Uint8Array.from({ length: 1 + random.below(16) }, () => random.below(256));
    return spliced(bytes, ...piece(bytes, random), noise);
  },
  // A part of another file.
  (bytes, random, other) => {
    const [start, end] = piece(other, random);
    const at = place(bytes, random);
    return spliced(
      bytes,
      at,
      random.below(2) === 0 ? at : Math.min(bytes.length, at + end - start),
      other.slice(start, end),
    );
  },
  // A text.
  (bytes, random) => {
    const at = place(bytes, random);
    return spliced(bytes, at, at, encode(TEXTS[random.below(TEXTS.length)]));
  },
  // Another number in the place of one that is written out.
  (bytes, random) => {
    const digits: number[] = [];
    for (let i = 0; i < bytes.length && digits.length < 500; i++)
      if (bytes[i] >= 0x30 && bytes[i] <= 0x39) digits.push(i);
    if (digits.length === 0) return bytes.slice();
    const start = digits[random.below(digits.length)];
    let end = start;
    while (end < bytes.length && bytes[end] >= 0x30 && bytes[end] <= 0x39) end++;
    return spliced(bytes, start, end, encode(TEXTS[random.below(TEXTS.length)]));
  },
];

/** The most that a mutated file grows to. */
const MOST_BYTES = 2 ** 17;

/** One of the files of a corpus with up to four changes. */
export function mutated(corpus: readonly Uint8Array[], random: RandomStream): Uint8Array {
  let bytes = corpus[random.below(corpus.length)];
  for (let i = random.below(5); i > 0; i--) {
    const other = corpus[random.below(corpus.length)];
    bytes = MUTATIONS[random.below(MUTATIONS.length)](bytes, random, other).subarray(0, MOST_BYTES);
  }
  return bytes.slice();
}
