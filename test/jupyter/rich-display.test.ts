import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frameToHtml } from '../../src/notebook/html-table.js';
import { KernelClient, type Outcome, shown } from './kernel-client.js';

const LIBRARY = 'xnorlabPlotly';
const DISPLAY_MODULE = '../../dist/notebook/display.js';

describe('rich display', () => {
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await KernelClient.start();
    await kernel.execute(
      `const { display, show, liveDisplay } = require(${JSON.stringify(DISPLAY_MODULE)});`,
    );
  });
  afterAll(() => kernel.stop());

  it('shows an arquero table as a table, with its text escaped', async () => {
    const outcome = await kernel.execute(
      'import * as aq from "arquero"; aq.table({ rule: ["<b>sgd</b>", "bep"], accuracy: [0.5, 1] })',
    );
    expect(outcome.outputs[0]?.type).toBe('execute_result');
    expect(shown(outcome)[0]).toMatchObject({
      'text/plain': '[table of 2 rows: rule, accuracy]',
      'text/html': expect.stringContaining('&lt;b&gt;sgd&lt;/b&gt;'),
    });
  });

  it('shows a danfojs data frame as a table, cut with a note', async () => {
    const outcome = await kernel.execute(
      'import * as dfd from "danfojs-node"; new dfd.DataFrame({ n: Array.from({ length: 60 }, (_, i) => i) })',
    );
    const html = shown(outcome)[0]?.['text/html'] ?? '';
    expect(html.match(/<tr>/g)?.length).toBe(51);
    expect(html).toContain('50 of 60 rows shown, 10 left out');
  });

  it('asks values that know how to show themselves', async () => {
    const outcome = await kernel.execute(
      'display({ toHtml: () => "<i>own</i>" });' +
        '({ [Symbol.for("xnorlab.display")]: () => ({ "text/latex": "$x$", "text/plain": "x" }) })',
    );
    expect(shown(outcome)[0]?.['text/html']).toBe('<i>own</i>');
    expect(shown(outcome)[1]).toEqual({ 'text/latex': '$x$', 'text/plain': 'x' });
  });

  it('updates a live display, and never keeps the last state to itself', async () => {
    const start = performance.now();
    const outcome = await kernel.execute(
      'const live = liveDisplay(); for (let i = 0; i <= 2000; i++) live.update({ "text/plain": String(i) });',
    );
    expect(outcome.outputs[0]?.type).toBe('display_data');
    // The first, the last, and one for every 100 ms between, however long the machine takes.
    expect(outcome.outputs.length).toBeLessThan(3 + (performance.now() - start) / 100);
    expect(shown(outcome).at(-1)).toEqual({ 'text/plain': '2000' });
  });

  describe('of figures', () => {
    const figure = 'show({ data: [{ y: [1, 3, 2] }], layout: { title: "</script>" } })';
    const hasLibrary = (outcome: Outcome): boolean =>
      (shown(outcome)[0]?.['text/html'] ?? '').includes(LIBRARY);
    const run = (code: string, cellId: string, deletedCells: string[] = []): Promise<Outcome> =>
      kernel.execute(code, { metadata: { cellId, deletedCells } });

    it('brings the library once, and again when the cell that holds it is run again or deleted', async () => {
      expect(hasLibrary(await run(figure, 'a'))).toBe(true);
      expect(hasLibrary(await run(figure, 'b'))).toBe(false);
      expect(hasLibrary(await run(figure, 'a'))).toBe(true);
      await run('1', 'a');
      expect(hasLibrary(await run(figure, 'b'))).toBe(true);
      expect(hasLibrary(await run(figure, 'c', ['b']))).toBe(true);
    });

    it('costs little more than the data, which cannot end the script', async () => {
      const html = shown(await run(figure, 'd'))[0]?.['text/html'] ?? '';
      expect(html.length).toBeLessThan(2000);
      expect(html.match(/<\/script>/g)?.length).toBe(1);
    });
  });
});

describe('frameToHtml', () => {
  it('writes index, header and cells, missing values empty', () => {
    const frame = {
      columns: ['a', '<b>'],
      index: ['x', 'y'],
      values: [
        [1, null],
        [2.5, 'q&a'],
      ],
    };
    const [left, right] = ['style="text-align: left"', 'style="text-align: right"'];
    expect(frameToHtml(frame)).toBe(
      `<table><thead><tr><th ${left}></th><th ${right}>a</th><th ${left}>&lt;b&gt;</th></tr></thead><tbody>` +
        `<tr><th ${left}>x</th><td ${right}>1</td><td ${left}></td></tr>` +
        `<tr><th ${left}>y</th><td ${right}>2.5</td><td ${left}>q&amp;a</td></tr></tbody></table>`,
    );
  });
});
