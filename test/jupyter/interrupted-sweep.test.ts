import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient, shown } from './kernel-client.js';
import { pauseUntil, temporaryFolder } from './notebooks.js';

const RUNS = 8;

/** Runs of about half a second, so that an interrupt after the first meets others under way and some not begun. */
const SPEC = {
  base: {
    dataset: {
      name: 'prototypes',
      prototypes: { features: 500, trainSamples: 5000, validationSamples: 100, testSamples: 500 },
    },
    rule: { name: 'local-error', layers: [105, 105], groupSize: 15 },
    epochs: 300,
  },
  axes: [{ seeds: RUNS }],
};

describe('a sweep that is interrupted in a cell', () => {
  const folder = temporaryFolder();
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await KernelClient.start();
    await kernel.execute(`import { sweep } from 'xnorlab'; const spec = ${JSON.stringify(SPEC)} as any;`);
  });
  afterAll(async () => {
    await kernel.stop();
    folder.remove();
  });

  /** The value that a cell shows. */
  async function value(code: string): Promise<unknown> {
    const outcome = await kernel.execute(code);
    expect(outcome.reply).toMatchObject({ status: 'ok' });
    const [shownText] = shown(outcome).map((data) => data['text/plain']);
    return JSON.parse(shownText.replace(/^'|'$/g, ''));
  }

  it('leaves the kernel usable and the store ready to go on, with the same results in the end', async () => {
    const mark = join(folder.path, 'first-is-done');
    const [store, other] = ['interrupted', 'straight'].map((name) => JSON.stringify(join(folder.path, name)));
    const running = kernel.execute(
      `await sweep(spec, { store: ${store}, workers: 2, onProgress: ({ done }) => {
        if (done === 1) require('node:fs').writeFileSync(${JSON.stringify(mark)}, '');
      } });`,
    );
    await pauseUntil(() => existsSync(mark));
    await kernel.interrupt();
    expect((await running).reply).toMatchObject({ status: 'error', evalue: 'the sweep was interrupted' });

    expect(await value('6 * 7')).toBe(42);
    const counts = await value(
      `const again = await sweep(spec, { store: ${store} });
      JSON.stringify([again.skipped, again.finished, again.failed])`,
    );
    const [skipped, finished, failed] = counts as number[];
    expect(skipped).toBeGreaterThan(0);
    expect(finished).toBeGreaterThan(0);
    expect([skipped + finished, failed]).toEqual([RUNS, 0]);
    const accuracies = (name: string): string =>
      `JSON.stringify((await ${name}.records()).map((record) => record.epochs.map((epoch) => epoch.testAccuracy)))`;
    const resumed = await value(accuracies('again'));
    const straight = await value(
      `const straight = await sweep(spec, { store: ${other} }); ${accuracies('straight')}`,
    );
    expect(resumed).toEqual(straight);
    expect(resumed).toHaveLength(RUNS);
  });
});

describe('a training that is interrupted in a cell', () => {
  const folder = temporaryFolder();
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await KernelClient.start();
  });
  afterAll(async () => {
    await kernel.stop();
    folder.remove();
  });

  it('says where it is kept, and goes on from there', async () => {
    const [file, mark] = ['run.checkpoint', 'two-are-done'].map((name) => join(folder.path, name));
    const options = JSON.stringify({ ...SPEC.base, epochs: 500 });
    await kernel.execute(`import { train } from 'xnorlab'; import { writeFileSync } from 'node:fs';
      const checkpoint = { file: ${JSON.stringify(file)} }; let resumed = 0;`);
    const running = kernel.execute(`await train(${options} as any, { checkpoint, onEpoch: ({ epoch }) => {
      if (epoch === 2) writeFileSync(${JSON.stringify(mark)}, '');
    } });`);
    await pauseUntil(() => existsSync(mark as string));
    await kernel.interrupt();
    const { evalue } = (await running).reply;
    expect(evalue).toMatch(/^training was interrupted; \d+ of 500 epochs are kept in .*run\.checkpoint:/);
    const resuming = kernel.execute(`await train(${options} as any, { checkpoint, onResume: ({ length }) => {
      resumed = length; throw new Error('far enough');
    } });`);
    expect((await resuming).reply.evalue).toBe('far enough');
    const kept = Number(/(\d+) of 500/.exec(String(evalue))?.[1]);
    expect(shown(await kernel.execute('resumed'))).toEqual([{ 'text/plain': String(kept) }]);
    expect(kept).toBeGreaterThanOrEqual(2);
  });
});
