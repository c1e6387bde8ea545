import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EpochRecord } from '../../src/records/record.js';

/** What the code under test writes. */
const written = { stdout: '', stderr: '' };
beforeEach(() => {
  for (const name of ['stdout', 'stderr'] as const) {
    written[name] = '';
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += String(text);
      return true;
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.resetModules();
});

/** Fresh, as a script has it. */
const notebook = async () => import('../../src/notebook/index.js');

const NOTE =
  "Figures are shown in notebooks only. Here, keep one as a file: await saveFigure(figure, 'results/figure.html')\n";

describe('in a script', () => {
  it('figures are not shown, which is said once, and the script goes on', async () => {
    const { display, show } = await notebook();
    show({ data: [] });
    show({ data: [] });
    display({ data: [{ y: [1] }], layout: {} });
    expect(written).toEqual({ stdout: '', stderr: NOTE });
  });

  it('what is no figure is refused all the same', async () => {
    const { show } = await notebook();
    expect(() => show(Promise.resolve() as never)).toThrow('figure: expected a figure');
    expect(() => show({} as never)).toThrow('figure.data: expected an array of traces');
  });

  it('other values are printed', async () => {
    const { display } = await notebook();
    display({ a: 1 });
    expect(written).toEqual({ stdout: '{ a: 1 }\n', stderr: '' });
  });

  it('a run says a line for each epoch', async () => {
    const { liveProgress } = await notebook();
    const { onProgress, onEpoch } = liveProgress('SGD');
    for (const epoch of [1, 2]) {
      onProgress({ epoch, epochs: 2, samplesShown: 5, samples: 10 });
      onProgress({ epoch, epochs: 2, samplesShown: 10, samples: 10 });
      onEpoch({ epoch, trainAccuracy: 70, testAccuracy: 60 + epoch } as EpochRecord);
    }
    expect(written.stderr).toBe(
      'SGD, epoch 1 of 2: training 70.00 %, test 61.00 %\nSGD, epoch 2 of 2: training 70.00 %, test 62.00 %\n',
    );
  });

  it('a sweep says a line for each run that has ended', async () => {
    const { liveSweep } = await notebook();
    const { onProgress } = liveSweep('sizes');
    const running = [{ label: 'a', epoch: 1, epochs: 2 }];
    onProgress({ runs: 3, done: 0, failed: 0, running });
    onProgress({ runs: 3, done: 1, failed: 1, running });
    onProgress({ runs: 3, done: 1, failed: 1, running });
    onProgress({
      runs: 3,
      done: 2,
      failed: 1,
      running: [],
      best: { label: 'groupSize 5', validationAccuracy: 80 },
    });
    expect(written.stderr).toBe(
      'sizes, 1 of 3 runs, 1 failed\nsizes, 2 of 3 runs, 1 failed, best 80.00 %: groupSize 5\n',
    );
  });

  it('a display that changes says what it needs', async () => {
    const { liveDisplay } = await notebook();
    expect(() => liveDisplay()).toThrow('liveDisplay() works only in a notebook');
  });
});
