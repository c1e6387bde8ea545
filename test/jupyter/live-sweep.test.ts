import { afterAll, describe, expect, it } from 'vitest';
import { kernelLink, setKernelLink } from '../../src/notebook/kernel-link.js';
import { liveSweep } from '../../src/notebook/live-progress.js';
import type { MimeBundle } from '../../src/notebook/mime-bundle.js';

describe('liveSweep', () => {
  const before = kernelLink();
  afterAll(() => {
    if (before) setKernelLink(before);
    else Reflect.deleteProperty(globalThis, Symbol.for('xnorlab.kernel'));
  });

  it('shows what is done, the best so far, what runs and the time left', () => {
    const shown: MimeBundle[] = [];
    const beforeCellEnd = new Set<() => void>();
    setKernelLink({
      publish: ({ data }) => void shown.push(data),
      claimEmbed: () => false,
      beforeCellEnd,
      drain: async () => undefined,
    });
    const { onProgress } = liveSweep('a < b');
    onProgress({ runs: 4, done: 0, failed: 0, running: [] });
    onProgress({
      runs: 4,
      done: 2,
      failed: 1,
      running: [{ label: 'seed 3', epoch: 2, epochs: 5 }],
      best: { label: 'seed 1', validationAccuracy: 84.256 },
      remainingMs: 3_725_000,
    });
    for (const flush of beforeCellEnd) flush();
    expect(shown.map((data) => data['text/plain'])).toEqual([
      'a < b, 0 of 4 runs',
      'a < b, 2 of 4 runs, 1 failed, best 84.26 %: seed 1',
    ]);
    const text = String(shown[1]['text/html']).replace(/<[^>]*>/g, '|');
    expect(text).toMatch(/a &lt; b/);
    for (const part of ['|time left||1:02:05|', '|84.26 %: seed 1|', '|epoch 2 of 5||seed 3|']) {
      expect(text).toContain(part);
    }
  });
});
