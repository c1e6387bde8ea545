import { decode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RichOutput } from '../../src/notebook/kernel-link.js';
import { setKernelLink } from '../../src/notebook/kernel-link.js';
import { watch } from '../../src/notebook/watch.js';

const LINK = Symbol.for('xnorlab.kernel');

const layer = (triggerPercent: number) => ({ triggerPercent, flips: 3, boundPercent: 0, depthHistogram: [] });

const epoch = (number: number, triggers: readonly number[] = []) => ({
  epoch: number,
  ...(triggers.length > 0 && { layers: triggers.map(layer) }),
  trainAccuracy: 50,
  testAccuracy: 40,
  flips: 3,
  trainMs: 1,
  elapsedMs: 2,
});

describe('watch', () => {
  const shown: RichOutput[] = [];
  const beforeCellEnd = new Set<() => void>();
  beforeEach(() => {
    shown.length = 0;
    beforeCellEnd.clear();
    setKernelLink({
      publish: (output) => shown.push(output),
      claimEmbed: () => false,
      beforeCellEnd,
      drain: async () => undefined,
    });
  });
  afterEach(() => {
    delete (globalThis as { [LINK]?: unknown })[LINK];
  });

  /** What a cell shows when all is done. */
  const html = (): string => {
    for (const flush of beforeCellEnd) flush();
    return String(shown.at(-1)?.data['text/html']);
  };

  it('shows the weights of the first neurons and how deep all lie', () => {
    const hooks = watch('mine');
    // Two neurons of four inputs, then one of two.
    const weights = [
      { rows: 2, columns: 4, values: Int16Array.of(255, -255, 0, 1, 3, 3, 3, -3) },
      { rows: 1, columns: 2, values: Int16Array.of(-8, 9) },
    ];
    hooks.onLearner({ hiddenWeights: () => weights });
    hooks.onProgress({ epoch: 1, epochs: 2, samplesShown: 1, samples: 2 });
    hooks.onEpoch(epoch(1, [80, 40]));
    hooks.onEpoch(epoch(2, [60, 0]));
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
    // From 80 at the top to 60, and from 40, half way, to 0 at the bottom.
    expect(html()).toContain('<polyline points="2.0,2.0 218.0,12.0" fill="none" stroke="#0072B2"');
    expect(html()).toContain('<polyline points="2.0,22.0 218.0,42.0" fill="none" stroke="#D55E00"');
    expect(html()).toMatch(/triggers <svg .*<\/svg> 60\.0 %, 0\.0 %<\/div>$/);
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
