import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient, type Outcome, pause, printed, shown } from './kernel-client.js';
import { temporaryFolder } from './notebooks.js';

const FIGURE = "({ data: [{ y: [1, 3, NaN] }], layout: { title: { text: 'A' }, width: 300, height: 200 } })";
const PLOTLY = 'application/vnd.plotly.v1+json';

const RUN = `const options = {
  dataset: { name: 'prototypes', prototypes: { features: 100, classes: 3, trainSamples: 300, validationSamples: 60, testSamples: 60 } },
  rule: { name: 'local-error', layers: [30], groupSize: 5 },
  epochs: 2,
} as const;
const run = await train(options);`;

describe('the value of a cell', () => {
  const folder = temporaryFolder();
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await KernelClient.start();
    await kernel.execute(
      "import { sweep, train, openStore, learningCurves, epochRows, dataFrame, display } from 'xnorlab';",
    );
  });
  afterAll(async () => {
    await kernel.stop();
    folder.remove();
  });

  /** The figure that a cell has shown, once its image has come: while another cell runs, or between two. */
  async function withImage(outcome: Outcome): Promise<Record<string, unknown>> {
    const id = (outcome.outputs[0].content.transient as { display_id: string }).display_id;
    const all = [outcome];
    for (;;) {
      const update = all.flatMap(({ outputs }) => outputs).find(({ type }) => type === 'update_display_data');
      if (update !== undefined) {
        expect(update.content.transient).toEqual({ display_id: id });
        return update.content.data as Record<string, unknown>;
      }
      await pause(200);
      all.push(await kernel.execute('undefined'));
    }
  }

  it('shows a figure at once, and its image when that is drawn', async () => {
    const outcome = await kernel.execute(FIGURE);
    expect(outcome.outputs[0].type).toBe('execute_result');
    const [first] = shown(outcome);
    expect(first['text/plain']).toBe('[figure with 1 trace]');
    expect(first[PLOTLY]).toMatchObject({ data: [{ y: [1, 3, null] }], config: { showSendToCloud: false } });
    expect(first['image/png']).toBeUndefined();
    const later = await withImage(outcome);
    const png = Buffer.from(later['image/png'] as string, 'base64');
    // Width and height in the header of a PNG.
    expect([png.toString('latin1', 1, 4), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
      'PNG',
      450,
      300,
    ]);
    const html = later['text/html'] as string;
    expect(/<img alt="figure" src="data:image\/webp;base64,[^"]{100,}" width="300"/.test(html)).toBe(true);
    expect(later[PLOTLY]).toEqual(first[PLOTLY]);
  });

  it('shows figures through display, and draws no image where none is wanted', async () => {
    await kernel.execute("process.env.XNORLAB_FIGURE_IMAGES = 'off'");
    const outcome = await kernel.execute(`display(${FIGURE})`);
    expect(shown(outcome)[0]).toHaveProperty([PLOTLY]);
    const { outputs } = await kernel.execute(
      'await new Promise((resolve) => setTimeout(resolve, 500)); undefined',
    );
    expect(outputs).toEqual([]);
    await kernel.execute('delete process.env.XNORLAB_FIGURE_IMAGES');
  });

  it('shows runs, their records, sweeps and stores in few lines', async () => {
    await kernel.execute(RUN);
    const store = JSON.stringify(join(folder.path, 'store'));
    await kernel.execute(
      `const result = await sweep({ base: options, axes: [{ grid: { 'rule.groupSize': [3, 5] } }] }, { store: ${store}, workers: 1 });`,
    );
    const values = ['run', 'run.record', '[run.record]', 'result', `openStore(${store})`];
    const bundles = [];
    for (const value of values) bundles.push(shown(await kernel.execute(value))[0]);
    const [trained, record, records, swept, stored] = bundles;
    expect(trained['text/plain']).toMatch(
      /^\[trained run: rule local-error, layers 30, data set prototypes, seed 1, epochs 2, /,
    );
    expect(record['text/plain']).toBe(trained['text/plain'].replace('trained run', 'run'));
    expect(records['text/plain']).toBe('[1 run]');
    expect(swept['text/plain']).toMatch(
      /^\[sweep: 2 runs, 2 finished now, best on validation data: rule.groupSize [35]\]$/,
    );
    expect(stored['text/plain']).toMatch(/: 2 runs\]$/);
    for (const bundle of bundles) {
      expect(bundle['text/html']).toContain('<table>');
      expect(bundle['text/html'].length).toBeLessThan(3000);
    }
    expect(stored['text/html'].match(/<tr>/g)?.length).toBe(2);
  });

  it('says what a promise is that nobody awaits', async () => {
    const call = await kernel.execute('const later = async (x: number) => x;\nlater(\n  3,\n)');
    expect(shown(call)).toEqual([]);
    expect(printed(call, 'stderr')).toBe(
      'This is a promise: the result is not there yet, and the work goes on while further cells run. ' +
        'Write `await later(…)` to wait for it and see it.\n',
    );
    expect(printed(await kernel.execute('train(options)'), 'stderr')).toContain('`await train(…)`');
  });

  it.each([
    [
      'learningCurves(later(3) as any)',
      'rows: expected rows, an arquero table or a danfojs data frame, got a Promise: is `await` missing?',
    ],
    ['dataFrame(later(3) as any)', 'rows: expected rows, got a Promise: is `await` missing?'],
    ['learningCurves(later(3))', 'Write `await` before what gives the promise'],
    ['later(3) + 1', 'Write `await` before what gives the promise'],
    ['epochRows([train(options).record])', 'Write `await` before what gives the promise'],
  ])('%s asks for await', async (code, message) => {
    const { reply } = await kernel.execute(code);
    expect(reply.evalue).toContain(message);
  });
});
