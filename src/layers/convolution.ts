import { BitMatrix } from '../core/bit-matrix.js';
import { Int32Matrix } from '../core/int-matrix.js';
import { joinBits } from '../core/join-bits.js';
import { permuteBits } from '../core/permute-bits.js';
import { channelsLastColumns, type Shape, sizeOf } from '../core/shape.js';
import { TernaryMatrix } from '../core/ternary-matrix.js';
import type { Kernels } from '../kernels/kernels.js';
import { inMemoryOf } from '../kernels/ternary-kernels.js';
import { Windows } from '../kernels/windows.js';

/** Windows at once: their products stay in the cache. */
const WINDOWS_AT_ONCE = 4096;

/** An image whose channels may lie in planes or side by side. */
export interface MapShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Channels that lie side by side at each pixel (`ImageShape`). */
  readonly interleaved: number;
}

/**
 * Binary filters on windows of images, as plain data: bits of features of an image of bits.
 *
 *     z_f(window) = filter_f · window,   f fires where z_f ≥ t_f
 *
 * Shared filters look at all windows; a feature is +1 where at least `votes` of the windows of a square of `pool` × `pool` fire. Unshared ones,
 * local receptive fields, look at one window each, and are a feature each.
 */
export interface Convolution {
  readonly input: MapShape;
  /** Side of a window, in pixels. */
  readonly size: number;
  /** Pixels of −1 that are added at each side; 0 where filters are unshared. */
  readonly padding: number;
  /** [F, size·size·channels], channels last. */
  readonly filters: BitMatrix;
  /** t, F integers. */
  readonly thresholds: Int32Array;
  /** Of unshared filters: the window that each looks at, row after row of windows. */
  readonly fields?: Uint32Array;
  /** Side of the squares of windows that become one, of which the last may be smaller. 1 leaves them as they are. */
  readonly pool: number;
  /** Windows of a square that have to fire. */
  readonly votes: number;
  /** Whether the bits of the image stand behind the features, as they are. */
  readonly keepsInputs: boolean;
}

/** What data looks like to windows: an image, or one pixel with a channel for each column of data that is none. */
export function mapShape(input: Shape): MapShape {
  if (input.kind !== 'image') {
    const channels = sizeOf(input);
    return { channels, height: 1, width: 1, interleaved: channels };
  }
  const { channels, height, width, interleaved = 1 } = input;
  return { channels, height, width, interleaved };
}

/** The windows that filters look at. @throws ArgumentError for a window larger than the padded image */
export function windowsOf({
  input,
  size,
  padding,
}: Pick<Convolution, 'input' | 'size' | 'padding'>): Windows {
  const { channels, height, width } = input;
  return new Windows({ height, width, channels, size, padding });
}

/** The squares of windows that vote. */
export function squaresOf(windows: Windows, filters: number, pool: number): Windows {
  const { outHeight: height, outWidth: width } = windows;
  return new Windows({ height, width, channels: filters, size: pool, stride: pool, mayEndOutside: true });
}

/** Columns that a convolution gives. @throws ArgumentError as `windowsOf` */
export function featuresOf(
  convolution: Omit<Convolution, 'filters' | 'thresholds' | 'fields' | 'votes'> & {
    readonly filterCount: number;
    readonly isShared: boolean;
  },
): number {
  const { filterCount, isShared, pool, keepsInputs } = convolution;
  const windows = windowsOf(convolution);
  const features = isShared ? squaresOf(windows, filterCount, pool).count * filterCount : filterCount;
  return features + (keepsInputs ? windows.mapSize : 0);
}

/** Images with the channels of a pixel side by side. */
export function imagesForWindows(input: MapShape, images: BitMatrix): BitMatrix {
  const order = channelsLastColumns({ kind: 'image', ...input });
  return order ? permuteBits(images, order) : images;
}

/** A convolution at work. */
export class ConvolutionUnits {
  /** Columns of `features`. */
  readonly columns: number;
  readonly #convolution: Convolution;
  readonly #kernels: Kernels;
  readonly #windows: Windows;
  readonly #thresholds: Int32Matrix;
  readonly #compute: (images: BitMatrix, out: BitMatrix) => void;
  /** Images at once. */
  readonly #chunk: number;

  /** @throws ArgumentError for a window larger than the padded image */
  constructor(convolution: Convolution, kernels: Kernels) {
    const { filters, thresholds, fields } = convolution;
    this.#convolution = convolution;
    this.#kernels = kernels;
    this.#windows = windowsOf(convolution);
    this.#thresholds = new Int32Matrix(1, thresholds.length, thresholds);
    const isShared = fields === undefined;
    this.columns = featuresOf({ ...convolution, filterCount: filters.rows, isShared });
    this.#chunk = Math.max(1, Math.floor(WINDOWS_AT_ONCE / (fields ? 8 : this.#windows.count)));
    this.#compute = fields ? this.#unshared(fields) : this.#shared();
  }

  /**
   * Features of images, in plain memory.
   * @param images - [n, channels·height·width]
   * @returns [n, columns]
   */
  features(images: BitMatrix): BitMatrix {
    const { input, keepsInputs, filters } = this.#convolution;
    const out = new BitMatrix(images.rows, this.columns);
    const own = new BitMatrix(
      keepsInputs ? this.#chunk : 0,
      this.columns - (keepsInputs ? images.columns : 0),
    );
    for (let start = 0; start < images.rows; start += this.#chunk) {
      const end = Math.min(start + this.#chunk, images.rows);
      const given = images.rowRange(start, end);
      const target = out.rowRange(start, end);
      const computed = keepsInputs ? own.rowRange(0, end - start) : target;
      if (filters.rows > 0) this.#compute(imagesForWindows(input, given), computed);
      if (keepsInputs) joinBits(computed, given, target);
    }
    return out;
  }

  #shared(): (images: BitMatrix, out: BitMatrix) => void {
    const { pool, votes, filters: given } = this.#convolution;
    const kernels = this.#kernels;
    const filters = inMemoryOf(kernels, given);
    const squares = squaresOf(this.#windows, filters.rows, pool);
    const rows = this.#chunk * this.#windows.count;
    const patches = kernels.bitMatrix(rows, this.#windows.patchSize);
    const z = kernels.int32Matrix(rows, filters.rows);
    const fires = kernels.bitMatrix(rows, filters.rows);
    return (images, out) => {
      const used = images.rows * this.#windows.count;
      const sums =
        used === rows ? z : new Int32Matrix(used, filters.rows, z.values.subarray(0, used * filters.rows));
      const [cut, fired] = [patches.rowRange(0, used), fires.rowRange(0, used)];
      kernels.patches(this.#windows, images, cut);
      kernels.product(cut, filters, sums);
      kernels.packReached(sums, this.#thresholds, fired);
      kernels.pool(squares, fired, votes, out);
    };
  }

  /** As neurons on the whole image whose weights are 0 outside of their windows. */
  #unshared(fields: Uint32Array): (images: BitMatrix, out: BitMatrix) => void {
    const kernels = this.#kernels;
    const { filters } = this.#convolution;
    const weights = inMemoryOf(kernels, fieldWeights(this.#windows, filters, fields));
    return (images, out) => {
      const z = new Int32Matrix(images.rows, filters.rows);
      kernels.ternaryProduct(images, weights, z, undefined, weights.zeros);
      kernels.packReached(z, this.#thresholds, out);
    };
  }
}

/** Filters on one window each as weights on the whole map, [F, mapSize], 0 elsewhere. @param windows - without padding */
export function fieldWeights(windows: Windows, filters: BitMatrix, fields: Uint32Array): TernaryMatrix {
  const { size, width, channels, outWidth, stride, mapSize } = windows;
  const signs = new BitMatrix(filters.rows, mapSize);
  const zeros = new BitMatrix(filters.rows, mapSize);
  for (let f = 0; f < filters.rows; f++) {
    const top = Math.floor(fields[f] / outWidth) * stride;
    const left = (fields[f] % outWidth) * stride;
    for (let c = 0; c < mapSize; c++) zeros.set(f, c, 1);
    filters.signs(f).forEach((sign, i) => {
      const position = Math.floor(i / channels);
      const pixel = (top + Math.floor(position / size)) * width + left + (position % size);
      const column = pixel * channels + (i % channels);
      signs.set(f, column, sign as 1 | -1);
      zeros.set(f, column, -1);
    });
  }
  return new TernaryMatrix(signs, zeros);
}
