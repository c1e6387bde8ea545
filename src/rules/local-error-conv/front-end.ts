import type { BitMatrix } from '../../core/bit-matrix.js';
import { ArgumentError } from '../../core/errors.js';
import type { Shape } from '../../core/shape.js';
import {
  type Convolution,
  ConvolutionUnits,
  featuresOf,
  imagesForWindows,
  type MapShape,
  mapShape,
  windowsOf,
} from '../../layers/convolution.js';
import type { LearnerState } from '../../layers/layer.js';
import type { RuleContext } from '../rule.js';
import type { LocalErrorConvConfig } from './config.js';
import { compete, thresholdsOf, WindowDraws } from './filters.js';

/** What windows, squares and features there are. */
export interface FrontEndShape {
  readonly input: MapShape;
  readonly size: number;
  readonly padding: number;
  readonly pool: number;
  readonly votes: number;
  readonly keepsInputs: boolean;
  /** Windows of an image. */
  readonly windows: number;
  /** Bits of a window. */
  readonly windowBits: number;
  /** Products of filters and windows that an image takes. */
  readonly products: number;
  /** Columns that the layers behind see. */
  readonly features: number;
}

function paddingOf({ padding, shared, windowSize }: LocalErrorConvConfig): number {
  return padding ?? (shared ? Math.floor(windowSize / 2) : 0);
}

/** The shorter side of an image with its padding: the side of the largest window. */
export function paddedSide(config: LocalErrorConvConfig, input: Shape): number {
  const { height, width } = mapShape(input);
  return Math.min(height, width) + 2 * paddingOf(config);
}

/** What the options make of a problem. @throws ArgumentError for a window larger than the padded image */
export function frontEndShape(config: LocalErrorConvConfig, input: Shape): FrontEndShape {
  const { shared: isShared, filters: filterCount, windowSize: size } = config;
  const padding = paddingOf(config);
  const pool = isShared ? config.pool : 1;
  const shape = { input: mapShape(input), size, padding, pool, keepsInputs: config.keepInputs };
  const most = paddedSide(config, input);
  if (size > most)
    throw new ArgumentError('windowSize', `at most ${most}, the side of the padded image`, size);
  const windows = windowsOf(shape);
  return {
    ...shape,
    votes: config.pooling === 'or' ? 1 : Math.ceil((pool * pool) / 2),
    windows: windows.count,
    windowBits: windows.patchSize,
    products: (isShared ? windows.count : 1) * filterCount,
    features: featuresOf({ ...shape, filterCount, isShared }),
  };
}

/** Filters that are fitted to training images once, and then stay; their features of a set of images are computed once, too. */
export class FrontEnd {
  readonly shape: FrontEndShape;
  readonly #filters: BitMatrix;
  readonly #thresholds: Int32Array;
  /** Of unshared filters. */
  readonly #fields: Uint32Array | undefined;
  #isFitted = false;
  #units: ConvolutionUnits | undefined;
  #known = new WeakMap<BitMatrix, BitMatrix>();

  /** Filters are random ±1 with thresholds of 0 at first. @throws ArgumentError for a window larger than the padded image */
  constructor(
    readonly config: LocalErrorConvConfig,
    input: Shape,
    readonly context: RuleContext,
  ) {
    const { filters, shared } = config;
    this.shape = frontEndShape(config, input);
    this.#filters = this.#stream('signs').signs(filters, this.shape.windowBits);
    this.#thresholds = new Int32Array(filters);
    if (!shared) {
      const stream = this.#stream('fields');
      this.#fields = Uint32Array.from({ length: filters }, () => stream.below(this.shape.windows));
    }
  }

  /** Fits filters and thresholds to the images of `rows`, the first time that it is called. */
  fit(inputs: BitMatrix, rows: Uint32Array): void {
    if (this.#isFitted) return;
    const { config } = this;
    const shown = { images: imagesForWindows(this.shape.input, inputs), rows };
    const draws = new WindowDraws(this.context.kernels, windowsOf(this.shape), shown);
    if (config.frontEnd !== 'random') {
      const stream = this.#stream('exemplars');
      for (let f = 0; f < config.filters; f++) draws.draw(stream, this.#filters, f, this.#fields?.[f]);
    }
    if (config.frontEnd === 'competitive') {
      const { competitiveWindows: windows, hiddenBits } = config;
      compete(this.#filters, draws, { windows, hiddenBits, stream: this.#stream('competition') });
    }
    const counting = { share: config.firingShare, stream: this.#stream('firing'), fields: this.#fields };
    this.#thresholds.set(thresholdsOf(this.#filters, draws, counting));
    this.#isFitted = true;
    this.#forget();
  }

  /** Features of images, which are not changed afterwards: those of a matrix are remembered. */
  features(images: BitMatrix): BitMatrix {
    const known = this.#known.get(images);
    if (known) return known;
    this.#units ??= new ConvolutionUnits(this.convolution(), this.context.kernels);
    const features = this.#units.features(images);
    this.#known.set(images, features);
    return features;
  }

  /** As plain data of its own. */
  convolution(): Convolution {
    const { input, size, padding, pool, votes, keepsInputs } = this.shape;
    return {
      ...{ input, size, padding, pool, votes, keepsInputs },
      filters: this.#filters.copy(),
      thresholds: this.#thresholds.slice(),
      ...(this.#fields && { fields: this.#fields.slice() }),
    };
  }

  saveState(): LearnerState {
    return {
      'filters/signs': this.#filters.words.slice(),
      'filters/thresholds': this.#thresholds.slice(),
      'filters/fitted': Uint32Array.of(Number(this.#isFitted)),
    };
  }

  loadState(state: LearnerState): void {
    this.#filters.words.set(state['filters/signs']);
    this.#thresholds.set(state['filters/thresholds']);
    this.#isFitted = state['filters/fitted'][0] === 1;
    this.#forget();
  }

  #forget(): void {
    this.#units = undefined;
    this.#known = new WeakMap();
  }

  #stream(name: string): ReturnType<RuleContext['streams']['stream']> {
    return this.context.streams.stream(`local-error-conv/filters/${name}`);
  }
}
