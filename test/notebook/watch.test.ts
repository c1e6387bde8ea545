import { decode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RichOutput } from '../../src/notebook/kernel-link.js';
import { setKernelLink } from '../../src/notebook/kernel-link.js';
import { watch } from '../../src/notebook/watch.js';

const LINK = Symbol.for('xnorlab.kernel');

const epoch = (number: number) => ({
  epoch: number,
  trainAccuracy: 50,
  testAccuracy: 40,
  flips: 3,
  trainMs: 1,
  elapsedMs: 2,
});

describe('watch', () => {
  const shown: RichOutput[] = [];
  beforeEach(() => {
    shown.length = 0;
    setKernelLink({
      publish: (output) => shown.push(output),
      claimEmbed: () => false,
      beforeCellEnd: new Set(),
      drain: async () => undefined,
    });
  });
  afterEach(() => {
    delete (globalThis as { [LINK]?: unknown })[LINK];
  });

  /** What a cell shows when all is done. */
  const html = (): string => String(shown.at(-1)?.data['text/html']);

  it('shows the weights of the first neurons and how deep all lie', () => {
    const hooks = watch('mine');
    // Two neurons of four inputs, then one of two.
    const weights = [
      { rows: 2, columns: 4, values: Int16Array.of(255, -255, 0, 1, 3, 3, 3, -3) },
      { rows: 1, columns: 2, values: Int16Array.of(-8, 9) },
    ];
    hooks.onLearner({ hiddenWeights: () => weights });
    hooks.onProgress({ epoch: 1, epochs: 1, samplesShown: 1, samples: 2 });
    hooks.onEpoch(epoch(1));
    const [, png = ''] = /base64,([^"]+)/.exec(html()) ?? [];
    const { width, height, data } = decode(Buffer.from(png, 'base64'));
    // Pictures of 2 × 2, a pixel apart.
    expect([width, height]).toEqual([5, 2]);
    const pixel = (x: number, y: number): number[] =>
      Array.from(data.subarray(4 * (5 * y + x), 4 * (5 * y + x) + 4));
    expect(pixel(0, 0)).toEqual([0, 114, 178, 255]);
    expect(pixel(1, 0)).toEqual([213, 94, 0, 255]);
    expect(pixel(0, 1)).toEqual([238, 238, 240, 255]);
    expect(pixel(2, 0)).toEqual([0, 0, 0, 0]);
    // log₂ 4 of log₂ 256, squared, is 1/16 of the way from grey to blue.
    expect(pixel(3, 0)).toEqual([223, 230, 236, 255]);
    // Layer 1: one of depth 1, four of 2 to 3, two of 128 to 255; layer 2: two of 8 to 15.
    const heights = [...html().matchAll(/<rect [^>]*height="([\d.]+)"/g)].map(([, height]) => Number(height));
    expect(heights.slice(0, 9)).toEqual([9, 36, 0, 0, 0, 0, 0, 18, 0]);
    expect(heights.slice(15, 19)).toEqual([0, 0, 0, 36]);
    expect(html()).toContain('<b>mine</b>');
  });

  it('shows what liveProgress shows for rules without hidden weights', () => {
    const hooks = watch('sgd');
    hooks.onLearner({});
    hooks.onProgress({ epoch: 1, epochs: 1, samplesShown: 1, samples: 2 });
    hooks.onEpoch(epoch(1));
    expect(html()).toContain('<b>sgd</b>');
    expect(html()).not.toContain('<img');
  });
});
