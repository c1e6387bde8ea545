import { afterAll, describe, expect, it } from 'vitest';
import { kernelLink, setKernelLink } from '../../src/notebook/kernel-link.js';
import { liveProgress } from '../../src/notebook/live-progress.js';
import type { MimeBundle } from '../../src/notebook/mime-bundle.js';
import { smallCurve } from '../../src/notebook/small-curve.js';

describe('smallCurve', () => {
  it('puts values between the edges, and those to come to the right', () => {
    const svg = smallCurve([{ values: [0, 10, 5], color: 'red' }], 5, 'title');
    expect(svg).toContain('<polyline points="2.0,42.0 56.0,2.0 110.0,22.0" fill="none" stroke="red"');
  });

  it('stays small for many values, and keeps the last', () => {
    const svg = smallCurve(
      [{ values: Array.from({ length: 10_000 }, (_, i) => i), color: 'red' }],
      10_000,
      't',
    );
    expect(svg.length).toBeLessThan(2500);
    expect(svg).toContain('218.0,2.0"');
  });
});

describe('liveProgress', () => {
  const before = kernelLink();
  afterAll(() => {
    if (before) setKernelLink(before);
    else Reflect.deleteProperty(globalThis, Symbol.for('xnorlab.kernel'));
  });

  it('shows epochs in all, time left, accuracy and flips', async () => {
    const shown: MimeBundle[] = [];
    const beforeCellEnd = new Set<() => void>();
    setKernelLink({
      publish: ({ data }) => void shown.push(data),
      claimEmbed: () => false,
      beforeCellEnd,
      drain: async () => undefined,
    });
    const { onProgress, onEpoch } = liveProgress('a < b');
    onProgress({ epoch: 1, epochs: 4, samplesShown: 0, samples: 100 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const epoch = { trainAccuracy: 50, testAccuracy: 60, flips: 1234, trainMs: 1, elapsedMs: 1 };
    onEpoch({ ...epoch, epoch: 1 });
    onEpoch({ ...epoch, epoch: 2, testAccuracy: 70, flips: 99 });
    for (const flush of beforeCellEnd) flush();
    const [first, last] = [shown[0], shown.at(-1)];
    expect(first['text/plain']).toBe('a < b, epoch 0 of 4');
    expect(last?.['text/plain']).toMatch(/^a < b, epoch 2 of 4: training 50.00 %, test 70.00 %, 0:0\d left$/);
    const html = String(last?.['text/html']);
    expect(html).toContain('a &lt; b');
    expect(html.match(/<svg /g)?.length).toBe(2);
    expect(html).toContain('aria-label="flips over epochs"');
    expect(html).toContain('</svg> 99');
    onEpoch({ ...epoch, epoch: 4 });
    for (const flush of beforeCellEnd) flush();
    expect(shown.at(-1)?.['text/plain']).toBe('a < b, epoch 4 of 4: training 50.00 %, test 60.00 %');
  });
});
