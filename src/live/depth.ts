import { largest } from '../core/extremes.js';
import { element } from './elements.js';

/** Bins of depth, 1, 2 … 16384. */
const BINS = 15;

/** How deep the weights of each layer lie, as bars. */
export class DepthBars {
  readonly #place: HTMLElement;
  #bars: HTMLElement[][] = [];
  #figures: HTMLElement[] = [];

  constructor(place: HTMLElement) {
    this.#place = place;
  }

  draw(histograms: readonly (readonly number[])[]): void {
    if (this.#bars.length !== histograms.length) this.#make(histograms.length);
    histograms.forEach((histogram, l) => {
      const all = histogram.reduce((sum, count) => sum + count, 0) || 1;
      const most = Math.max(largest(histogram), 1);
      this.#bars[l].forEach((bar, i) => {
        bar.style.transform = `scaleY(${(histogram[i] ?? 0) / most})`;
      });
      const mode = histogram.indexOf(most);
      const share = Math.round((100 * most) / all);
      this.#figures[l].setAttribute(
        'aria-label',
        `Layer ${l + 1}: most weights, ${share} %, lie ${2 ** mode} to ${2 ** (mode + 1) - 1} deep`,
      );
    });
  }

  #make(layers: number): void {
    this.#bars = [];
    this.#figures = [];
    this.#place.replaceChildren();
    for (let l = 0; l < layers; l++) {
      const bars = Array.from({ length: BINS }, () => element('i'));
      const figure = element('div', { class: 'bars', role: 'img' }, ...bars);
      const names = Array.from({ length: BINS }, (_, i) =>
        element('span', {}, i % 2 === 0 ? shortPower(i) : ''),
      );
      this.#bars.push(bars);
      this.#figures.push(figure);
      this.#place.append(
        element(
          'div',
          { class: `layer layer-${(l % 6) + 1}` },
          element('h3', {}, `Layer ${l + 1}`),
          figure,
          element('div', { class: 'names', 'aria-hidden': 'true' }, ...names),
        ),
      );
    }
  }
}

function shortPower(exponent: number): string {
  const value = 2 ** exponent;
  return value >= 1024 ? `${value / 1024}k` : String(value);
}
