import { BernoulliWords } from '../core/bernoulli-words.js';
import { BitMatrix, columnMask } from '../core/bit-matrix.js';
import { checkInteger, checkNumber } from '../core/check.js';
import { ArgumentError } from '../core/errors.js';
import { bytesText, MOST_MATRIX_BYTES } from '../core/matrix-size.js';
import { RandomStream } from '../core/random.js';
import { vector } from '../core/shape.js';
import { createDataset, type SplitSource } from './create-dataset.js';
import type { Dataset, SplitName } from './dataset.js';

/** Settings of Random Prototypes; each has a default. */
export interface PrototypesOptions {
  /** Bits of one sample, at least 1. Default 1000. */
  readonly features?: number | undefined;
  /** Number of prototypes, at least 2. Default 10. */
  readonly classes?: number | undefined;
  /** Probability that a bit of a sample differs from its prototype, in [0, 1], used to 2^−32. Default 0.46. */
  readonly flipProbability?: number | undefined;
  /** At least 1. Default 20,000. */
  readonly trainSamples?: number | undefined;
  /** At least 0; with 0 the set has no validation samples. Default 3,000. */
  readonly validationSamples?: number | undefined;
  /** At least 1. Default 3,000. */
  readonly testSamples?: number | undefined;
  /** An integer in [0, 2^53 − 1]. Default 0. */
  readonly seed?: number | undefined;
}

/** `PrototypesOptions` with every default filled in. */
export type ResolvedPrototypesOptions = { readonly [Key in keyof PrototypesOptions]-?: number };

/** The settings of Colombo et al., "BEP" (arXiv:2512.04189), plus validation samples. */
const DEFAULTS: ResolvedPrototypesOptions = {
  features: 1000,
  classes: 10,
  flipProbability: 0.46,
  trainSamples: 20_000,
  validationSamples: 3_000,
  testSamples: 3_000,
  seed: 0,
};

/** The name of the set. */
export const PROTOTYPES = 'prototypes';

/** So many draws in a row that were all there already: the space of samples is exhausted. */
const MAX_REDRAWS = 1_000;

/** Fills in the defaults. @throws ArgumentError for a setting out of its range */
export function resolvePrototypesOptions(options: PrototypesOptions = {}): ResolvedPrototypesOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const resolved: ResolvedPrototypesOptions = { ...DEFAULTS, ...given };
  checkInteger('features', resolved.features, 1);
  checkInteger('classes', resolved.classes, 2);
  checkNumber('flipProbability', resolved.flipProbability, 0, 1);
  checkInteger('trainSamples', resolved.trainSamples, 1);
  checkInteger('validationSamples', resolved.validationSamples, 0);
  checkInteger('testSamples', resolved.testSamples, 1);
  checkInteger('seed', resolved.seed, 0);
  checkRoom(resolved);
  return resolved;
}

/** Bytes of a row while it is drawn: packed, and as text among those that are there already. */
const bytesOfRow = (features: number): number => (3 * features) / 8 + 128;

/** @throws ArgumentError for a set that takes more than 4 GiB while it is drawn */
function checkRoom({
  features,
  classes,
  trainSamples,
  validationSamples,
  testSamples,
}: ResolvedPrototypesOptions): void {
  const sizes = { classes, trainSamples, validationSamples, testSamples };
  const rows = Object.values(sizes).reduce((sum, count) => sum + count, 0);
  if (rows * bytesOfRow(features) <= MOST_MATRIX_BYTES) return;
  const [name, most] = Object.entries(sizes).reduce((one, other) => (other[1] > one[1] ? other : one));
  const [argument, size] = features > most ? ['features', features] : [name, most];
  const needed = `the set takes ${bytesText(rows * bytesOfRow(features))}`;
  throw new ArgumentError(argument, `a set of at most ${bytesText(MOST_MATRIX_BYTES)} (${needed})`, size);
}

/**
 * The prototypes themselves, `classes` × `features`, uniform in ±1. Two may coincide when `features` is tiny.
 * @throws ArgumentError for a setting out of its range
 */
export function drawPrototypes(options: PrototypesOptions = {}): BitMatrix {
  const { seed, classes, features } = resolvePrototypesOptions(options);
  return RandomStream.named(seed, `${PROTOTYPES}/prototypes`).signs(classes, features);
}

/**
 * Random Prototypes: every sample is the prototype of its class with each bit flipped with `flipProbability`.
 *
 * Labels go round, 0, 1, … `classes` − 1, 0, …: classes are balanced in every split and in its first n samples.
 * No sample occurs twice, in one split or in two; one that is there already is drawn again. Each split has its
 * own random stream and is drawn after those before it (train, validation, test), so its first n samples depend
 * neither on its own size nor on the sizes of later splits.
 * @throws ArgumentError for a setting out of its range, or when there are not that many different samples
 */
export function generatePrototypes(options: PrototypesOptions = {}): Dataset {
  const settings = resolvePrototypesOptions(options);
  const { classes, features, trainSamples, validationSamples, testSamples } = settings;
  const prototypes = drawPrototypes(settings);
  const seen = new Set<string>();
  const draw = (split: SplitName, samples: number): SplitSource => ({
    features: drawSamples(prototypes, samples, split, settings, seen),
    labels: Int32Array.from({ length: samples }, (_, sample) => sample % classes),
    featuresFile: PROTOTYPES,
    labelsFile: PROTOTYPES,
  });
  return createDataset({
    name: PROTOTYPES,
    classes: Array.from({ length: classes }, (_, label) => String(label)),
    shape: vector(features),
    train: draw('train', trainSamples),
    validation: validationSamples > 0 ? draw('validation', validationSamples) : undefined,
    test: draw('test', testSamples),
    files: [],
  });
}

/** Adds every sample it draws to `seen`. */
function drawSamples(
  prototypes: BitMatrix,
  samples: number,
  split: SplitName,
  { seed, flipProbability }: ResolvedPrototypesOptions,
  seen: Set<string>,
): BitMatrix {
  const flips = new BernoulliWords(RandomStream.named(seed, `${PROTOTYPES}/${split}`), flipProbability);
  const drawn = new BitMatrix(samples, prototypes.columns);
  for (let row = 0; row < samples; row++) {
    let redraws = 0;
    do {
      if (redraws++ > MAX_REDRAWS) {
        const expected = `no more samples than there are different ones (${seen.size} were found)`;
        throw new ArgumentError(`${split}Samples`, expected, samples);
      }
      drawRow(drawn, row, prototypes, row % prototypes.rows, flips);
    } while (seen.has(rowKey(drawn, row)));
    seen.add(rowKey(drawn, row));
  }
  return drawn;
}

function drawRow(
  drawn: BitMatrix,
  row: number,
  prototypes: BitMatrix,
  label: number,
  flips: BernoulliWords,
): void {
  const { rowWords, columns } = prototypes;
  for (let word = 0; word < rowWords; word++) {
    const mask = columnMask(columns, word);
    if (mask === 0) return;
    drawn.words[row * rowWords + word] = prototypes.words[label * rowWords + word] ^ (flips.next() & mask);
  }
}

/** Gives each of the 256 bytes a character of its own. */
const ONE_BYTE_CHARACTERS = new TextDecoder('latin1');

/** A text that two rows share only if they are the same. */
function rowKey({ words, rowWords }: BitMatrix, row: number): string {
  const rowBytes = rowWords * words.BYTES_PER_ELEMENT;
  return ONE_BYTE_CHARACTERS.decode(
    new Uint8Array(words.buffer, words.byteOffset + row * rowBytes, rowBytes),
  );
}
