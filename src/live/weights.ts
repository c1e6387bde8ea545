import type { Shape } from '../core/shape.js';
import { contextOf } from './elements.js';

type Colour = readonly [red: number, green: number, blue: number];

/** Okabe and Ito's blue and vermilion, as in all figures, and their yellow for what has just flipped. */
const POSITIVE: Colour = [0, 114, 178];
const NEGATIVE: Colour = [213, 94, 0];
const FLIPPED: Colour = [240, 228, 66];

const LIGHT: Colour = [244, 244, 246];
const DARK: Colour = [24, 26, 30];

/** So many frames a flip is seen. */
const GLOW_FRAMES = 5;

const SHADES = 64;

/** Hidden weights of neurons as images: blue pulls to +1, vermilion to −1, the stronger the deeper; a flip lights up. */
export class WeightImages {
  readonly #canvas: HTMLCanvasElement;
  readonly #isStill = matchMedia('(prefers-reduced-motion: reduce)');
  readonly #isDark = matchMedia('(prefers-color-scheme: dark)');
  #before = new Int16Array(0);
  #glow = new Uint8Array(0);
  #last: { readonly inputs: number; readonly shape: Shape } | undefined;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /** Draws again what was drawn last, without what has just flipped. */
  settle(): void {
    this.#glow.fill(0);
    const last = this.#last;
    if (last) this.draw(this.#before, last.inputs, last.shape);
  }

  /** Forgets what was drawn. */
  clear(): void {
    this.#last = undefined;
    this.#before = new Int16Array(0);
    this.#glow = new Uint8Array(0);
  }

  /**
   * @param weights - of the neurons, one after another
   * @param inputs - weights of one
   * @param shape - what these mean
   */
  draw(weights: Int16Array, inputs: number, shape: Shape): void {
    const neurons = weights.length / inputs;
    const isKnown = this.#before.length === weights.length;
    if (!isKnown) this.#glow = new Uint8Array(weights.length);
    const { width, height } = sizeOf(shape, inputs);
    const columns = Math.min(neurons, this.#canvas.clientWidth < 480 ? 8 : 10);
    const [all, high] = [columns * (width + 1) - 1, Math.ceil(neurons / columns) * (height + 1) - 1];
    if (this.#canvas.width !== all || this.#canvas.height !== high) {
      this.#canvas.width = all;
      this.#canvas.height = high;
    }
    const context = contextOf(this.#canvas);
    const image = context.createImageData(all, high);
    const pixels = new Uint32Array(image.data.buffer);
    const shades = this.#shades(weights);
    const isGlowing = isKnown && !this.#isStill.matches;
    const { clz32 } = Math;
    for (let neuron = 0; neuron < neurons; neuron++) {
      const left = (neuron % columns) * (width + 1);
      const top = Math.floor(neuron / columns) * (height + 1);
      for (let i = 0; i < inputs; i++) {
        const at = neuron * inputs + i;
        const weight = weights[at];
        if (isGlowing && weight < 0 !== this.#before[at] < 0) this.#glow[at] = GLOW_FRAMES;
        const glow = this.#glow[at];
        if (glow > 0) this.#glow[at]--;
        const depth = Math.abs(weight);
        const shade = 2 * (32 - clz32(depth)) + ((depth << clz32(depth)) & 0x40000000 ? 1 : 0);
        const place = (top + Math.floor(i / width)) * all + left + (i % width);
        pixels[place] =
          glow > 0 ? shades.flipped[glow - 1] : (weight < 0 ? shades.negative : shades.positive)[shade];
      }
    }
    context.putImageData(image, 0, 0);
    this.#before = weights;
    this.#last = { inputs, shape };
  }

  /** Colours by the half powers of two of |h|; as strong as can be at the deepest that is shown. */
  #shades(weights: Int16Array): Record<'positive' | 'negative' | 'flipped', Uint32Array> {
    let deepest = 8;
    for (const weight of weights) deepest = Math.max(deepest, Math.abs(weight));
    const ground = this.#isDark.matches ? DARK : LIGHT;
    const full = 2 * (32 - Math.clz32(deepest));
    const ramp = (colour: Colour): Uint32Array =>
      Uint32Array.from({ length: SHADES }, (_, shade) =>
        mixed(ground, colour, Math.min(1, (shade / full) ** 2.2)),
      );
    const flipped = Uint32Array.from({ length: GLOW_FRAMES }, (_, left) =>
      mixed(ground, FLIPPED, 0.3 + (0.7 * (left + 1)) / GLOW_FRAMES),
    );
    return { positive: ramp(POSITIVE), negative: ramp(NEGATIVE), flipped };
  }
}

function mixed(from: Colour, to: Colour, share: number): number {
  const [red, green, blue] = from.map((value, i) => Math.round(value + share * (to[i] - value)));
  return (255 << 24) | (blue << 16) | (green << 8) | red;
}

/** Pictures as they are, channels below each other; other columns in a square. */
export function sizeOf(shape: Shape, columns: number): { readonly width: number; readonly height: number } {
  if (shape.kind === 'image') {
    const width = shape.width * (shape.interleaved ?? 1);
    return { width, height: columns / width };
  }
  const width = Math.ceil(Math.sqrt(columns));
  return { width, height: Math.ceil(columns / width) };
}
