import { argmaxRows } from '../../core/argmax-rows.js';
import type { BitMatrix } from '../../core/bit-matrix.js';
import type { Int32Matrix } from '../../core/int-matrix.js';
import type { RandomStream } from '../../core/random.js';
import type { Kernels } from '../../kernels/kernels.js';
import { inMemoryOf } from '../../kernels/ternary-kernels.js';
import type { Windows } from '../../kernels/windows.js';
import { hiddenBound } from '../../layers/hidden-weights.js';

/** Images whose windows say how often filters fire. */
const COUNTED_IMAGES = 500;

/** Windows that are drawn in the place of one whose pixels are all the same. */
const MOST_DRAWS = 100;

/** |h| of a competitive filter at first: the exemplar counts as so many windows and a half. */
const START_DEPTH = 15;

const COMPETITIVE_BATCH = 1000;

/** Images of bits with the channels of a pixel side by side, and which of them may be looked at. */
export interface ShownImages {
  readonly images: BitMatrix;
  readonly rows: Uint32Array;
}

/** Draws windows of images. */
export class WindowDraws {
  readonly #map: BitMatrix;
  readonly #cut: BitMatrix;

  constructor(
    readonly kernels: Kernels,
    readonly windows: Windows,
    readonly shown: ShownImages,
  ) {
    this.#map = kernels.bitMatrix(1, windows.mapSize);
    this.#cut = kernels.bitMatrix(windows.count, windows.patchSize);
  }

  /**
   * Writes a window of a random image to a row; one whose pixels are not all the same, if some draws find any.
   * @param field - which window. Default: a random one in each draw
   */
  draw(stream: RandomStream, out: BitMatrix, row: number, field?: number): void {
    const { images, rows } = this.shown;
    for (let draw = 0; draw < MOST_DRAWS; draw++) {
      const drawn = stream.below(rows.length);
      this.kernels.gatherRows(images, rows.subarray(drawn, drawn + 1), this.#map);
      this.kernels.patches(this.windows, this.#map, this.#cut);
      const place = field ?? stream.below(this.windows.count);
      const words = this.#cut.words.subarray(place * this.#cut.rowWords, (place + 1) * this.#cut.rowWords);
      out.words.set(words, row * out.rowWords);
      if (!isFlat(out.signs(row), this.windows.channels)) return;
    }
  }
}

/** Whether all pixels of a window have the same bits. */
function isFlat(signs: Int8Array, channels: number): boolean {
  return signs.every((sign, i) => sign === signs[i % channels]);
}

/**
 * Moves filters towards the windows that they match best, in integers: of a batch of windows, each moves h of the filter with the largest
 * product (the lowest of several) by 2 towards it; then the filters are the signs of h.
 * @param filters - exemplars, mutated
 */
export function compete(
  filters: BitMatrix,
  draws: WindowDraws,
  {
    windows,
    hiddenBits,
    stream,
  }: { readonly windows: number; readonly hiddenBits: number; readonly stream: RandomStream },
): void {
  const { kernels } = draws;
  const { rows, columns } = filters;
  const bound = hiddenBound(hiddenBits);
  const hidden = kernels.int16Matrix(rows, columns);
  for (let f = 0; f < rows; f++) {
    filters.signs(f).forEach((sign, c) => {
      hidden.values[f * columns + c] = sign * Math.min(START_DEPTH, bound);
    });
  }
  const steps = kernels.stepList(COMPETITIVE_BATCH);
  for (let shown = 0; shown < windows; shown += COMPETITIVE_BATCH) {
    const count = Math.min(COMPETITIVE_BATCH, windows - shown);
    const batch = kernels.bitMatrix(count, columns);
    for (let i = 0; i < count; i++) draws.draw(stream, batch, i);
    const z = kernels.int32Matrix(count, rows);
    kernels.product(batch, filters, z);
    steps.count = 0;
    argmaxRows(z).forEach((best, i) => {
      steps.push(i, best, 1);
    });
    kernels.applySteps(hidden, filters, batch, steps, bound);
  }
}

/**
 * The lowest integer threshold of each filter with which it fires at no more than a share of the windows of some images.
 * @param fields - of unshared filters: the window of each
 * @returns F integers in [−N, N + 2] of the parity of N
 */
export function thresholdsOf(
  filters: BitMatrix,
  { kernels, windows, shown }: WindowDraws,
  {
    share,
    stream,
    fields,
  }: { readonly share: number; readonly stream: RandomStream; readonly fields?: Uint32Array | undefined },
): Int32Array {
  const { images, rows } = shown;
  const columns = windows.patchSize;
  const counted = Math.min(COUNTED_IMAGES, rows.length);
  // How often filter f has the product 2·i − N.
  const counts = new Uint32Array(filters.rows * (columns + 1));
  const map = kernels.bitMatrix(1, windows.mapSize);
  const cut = kernels.bitMatrix(windows.count, columns);
  const inMemory = inMemoryOf(kernels, filters);
  const z = kernels.int32Matrix(windows.count, filters.rows);
  for (const drawn of stream.permutation(rows.length).subarray(0, counted)) {
    kernels.gatherRows(images, rows.subarray(drawn, drawn + 1), map);
    kernels.patches(windows, map, cut);
    kernels.product(cut, inMemory, z);
    countProducts(z, columns, counts, fields);
  }
  const total = counted * (fields ? 1 : windows.count);
  return Int32Array.from({ length: filters.rows }, (_, f) => {
    let firing = 0;
    let i = columns + 1;
    while (i > 0 && firing + counts[f * (columns + 1) + i - 1] <= share * total)
      firing += counts[f * (columns + 1) + --i];
    return 2 * i - columns;
  });
}

function countProducts(
  { rows, columns: filters, values }: Int32Matrix,
  n: number,
  counts: Uint32Array,
  fields?: Uint32Array,
): void {
  const count = (place: number, f: number): void => {
    counts[f * (n + 1) + (values[place * filters + f] + n) / 2]++;
  };
  if (fields) for (let f = 0; f < filters; f++) count(fields[f], f);
  else for (let place = 0; place < rows; place++) for (let f = 0; f < filters; f++) count(place, f);
}
