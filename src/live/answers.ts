import type { Answers } from '../browser/onlooker.js';
import { largest, smallest } from '../core/extremes.js';
import type { Shape } from '../core/shape.js';
import { colour, contextOf, element } from './elements.js';
import type { AskedSample } from './protocol.js';
import { sizeOf } from './weights.js';

/** Most classes that are drawn. */
const MOST_CLASSES = 12;

/** What the layers of a network say of one sample. */
export class AnswerBars {
  readonly #place: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #words: HTMLElement;

  constructor(place: HTMLElement, canvas: HTMLCanvasElement, words: HTMLElement) {
    this.#place = place;
    this.#canvas = canvas;
    this.#words = words;
  }

  draw({ prediction, layers }: Answers, asked: AskedSample, shape: Shape, classes: readonly string[]): void {
    this.#drawSample(asked.pixels, shape);
    const truth = asked.label === undefined ? '' : `; it is ${classes[asked.label]}`;
    const words = `The network says ${classes[prediction]}${truth}.`;
    if (this.#words.textContent !== words) this.#words.textContent = words;
    this.#place.replaceChildren(
      ...layers.map(({ layer, logits, answer }) => {
        const shown = logits.slice(0, MOST_CLASSES);
        const [least, most] = [smallest(shown), largest(shown)];
        const rows = shown.map((logit, c) => {
          const bar = element('i');
          bar.style.width = `${(100 * (logit - least)) / (most - least || 1)}%`;
          const name = element('b', {}, classes[c]);
          return element(
            'li',
            c === answer ? { class: 'best' } : {},
            name,
            bar,
            element('span', {}, String(logit)),
          );
        });
        return element(
          'div',
          { class: 'answer' },
          element('h3', {}, `Layer ${layer}: ${classes[answer]}`),
          element('ol', {}, ...rows),
        );
      }),
    );
  }

  #drawSample(pixels: Uint8Array, shape: Shape): void {
    const { width, height } = sizeOf(shape, pixels.length);
    this.#canvas.width = width;
    this.#canvas.height = height;
    const context = contextOf(this.#canvas);
    context.fillStyle = colour('--ink');
    pixels.forEach((pixel, i) => {
      if (pixel > 0) context.fillRect(i % width, Math.floor(i / width), 1, 1);
    });
  }
}
