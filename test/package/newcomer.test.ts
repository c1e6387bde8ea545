import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { kernelNode } from '../../src/jupyter/kernel-node.js';
import { launchBrowser } from '../../src/node/printing/browser.js';
import { codeOf } from '../documents/pages.js';
import { LIMIT, openNotebook, runCommand } from '../jupyter/lab-page.js';
import { startLab } from '../jupyter/lab-server.js';
import { readOutputs, writeNotebook } from '../jupyter/notebooks.js';
import { classOf, logitsOf, readNpz } from '../models/export/plain-network.js';
import { pythonWith } from '../python-with.js';
import { FreshProject, type Outcome } from './installed.js';

const SWEEP = `base:
  dataset: { name: prototypes, prototypes: { features: 60, trainSamples: 500, validationSamples: 100, testSamples: 100 } }
  rule: { name: local-error, layers: [15, 15] }
  epochs: 3
axes: [{ grid: { rule.groupSize: [3, 5] } }, { seeds: 2 }]
`;

const CELLS = [
  `import { epochRows, formatTable, learningCurves, readSweep, resultPath, runRows, saveFigure, saveTable, show, summarize, sweep, train } from 'xnorlab';
const spec = readSweep('../sweeps/mine.yaml');
const { best, records } = await sweep(spec, { store: resultPath('mine') });`,
  `const runs = await records();
const columns = { groupSize: 'rule.groupSize' };
const curves = learningCurves(epochRows(runs, { columns }), { series: 'groupSize' });
show(curves);
await saveFigure(curves, resultPath('curves'), { formats: ['html', 'json'] })`,
  `const accuracy = formatTable(summarize(runRows(runs, { columns }), { by: ['groupSize'], value: 'testAccuracy' }), { rows: ['groupSize'] });
await saveTable(accuracy, resultPath('accuracy'))`,
  `const dataset = { name: 'prototypes', prototypes: { features: 60, trainSamples: 500, validationSamples: 100, testSamples: 100 } };
const network = await train({ dataset, rule: { name: 'local-error', layers: [15, 15], groupSize: 3 }, epochs: 3 });
await network.export(resultPath('net.npz'));
console.log(best.n);`,
];

/**
 * What someone does who has the tarball and nothing else: each step in turn, in an empty folder with a fresh home. So that it is a matter of
 * a minute, Jupyter and the kernel's Node are taken from this checkout, as from a machine that has them.
 */
describe('a newcomer', () => {
  const place = new FreshProject();
  let study: FreshProject;
  afterAll(() => place.remove());
  beforeAll(() => {
    shareKernelNode(place.home);
    study = place.inside('my-study', pythonFolder());
  });

  /** @returns stdout */
  function succeeded({ code, stdout, stderr }: Outcome): string {
    expect({ code, said: code === 0 ? '' : `${stdout}${stderr}` }).toEqual({ code: 0, said: '' });
    return stdout;
  }

  it('installs the tarball in an empty folder, and makes a project', async () => {
    expect(readdirSync(place.folder)).toEqual([]);
    await place.install(inject('tarball'));
    expect(succeeded(await place.xnorlab('init', 'my-study'))).toContain(
      'cd my-study\n  npm install\n  npm start',
    );
    await study.install();
    succeeded(await study.xnorlab('add', 'notebooks'));
    succeeded(await study.xnorlab('add', 'printing'));
  });

  it('trains a sweep of their own', async () => {
    study.write('sweeps/mine.yaml', SWEEP);
    succeeded(await study.xnorlab('sweep', 'sweeps/mine.yaml', '--store', 'results/mine'));
    const groups = succeeded(await study.xnorlab('store', 'results/mine'));
    expect(groups).toMatch(/groupSize/);
  });

  it('executes a notebook of their own, which finds the runs and leaves figure, table and network as files', async () => {
    writeNotebook(path.join(study.folder, 'notebooks', 'mine.ipynb'), CELLS);
    const said = succeeded(await study.xnorlab('notebooks', 'notebooks/mine.ipynb'));
    const results = path.join(study.folder, 'results');
    expect(said).toContain(path.join(results, 'mine.html'));
    const files = ['curves.html', 'curves.json', 'accuracy.md', 'accuracy.csv', 'accuracy.tex', 'net.npz'];
    expect(files.filter((file) => !existsSync(path.join(results, file)))).toEqual([]);
    const table = readFileSync(path.join(results, 'accuracy.csv'), 'utf8').trim().split('\n');
    expect(table.map((row) => row.split(',')[0])).toEqual(['groupSize', '3', '5']);
    const outputs = readOutputs(path.join(results, 'mine.ipynb'));
    expect(outputs[1].some(({ data }) => data && 'application/vnd.plotly.v1+json' in data)).toBe(true);
    expect(outputs.at(-1)).toMatchObject([{ output_type: 'stream', text: expect.anything() }]);
    expect([outputs.at(-1)?.[0].text].flat().join('')).toBe('2\n');
    const page = readFileSync(path.join(results, 'mine.html'), 'utf8');
    expect(page).toContain('xnorlab-figure');
  });

  describe('sees the figure of that notebook', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchBrowser();
    });
    afterAll(() => browser.close());

    /** @param shown - what of the figure must be there */
    async function expectFigure(page: Page, shown: string, name: string): Promise<void> {
      const figure = page.locator('.xnorlab-figure');
      await figure.locator(shown).first().waitFor(LIMIT);
      expect(await figure.count()).toBe(1);
      const target = process.env.XNORLAB_SCREENSHOTS;
      if (target) await figure.screenshot({ path: path.join(target, `newcomer-${name}.png`) });
    }

    const TRACE = '.main-svg .scatterlayer .trace .js-line';

    it('in JupyterLab', async () => {
      const cli = path.join(study.folder, 'node_modules', 'xnorlab', 'dist', 'cli.js');
      const lab = await startLab(study.folder, { cli, environment: study.environment });
      try {
        const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
        await openNotebook(page, lab.address('notebooks/mine.ipynb'));
        await runCommand(page, 'notebook:run-all-cells');
        await expectFigure(page, TRACE, 'lab');
        await page.close();
      } finally {
        await lab.stop();
      }
    });

    it.each([
      ['of nbconvert', true, TRACE],
      ['of nbconvert without scripts', false, 'img'],
    ])('on the page %s', async (name, javaScriptEnabled, shown) => {
      const context = await browser.newContext({ javaScriptEnabled, offline: true });
      const page = await context.newPage();
      await page.goto(pathToFileURL(path.join(study.folder, 'results', 'mine.html')).href);
      await expectFigure(page, shown, name.replaceAll(' ', '-'));
      const image = page.locator('.xnorlab-figure > img');
      expect(await image.count()).toBe(javaScriptEnabled ? 0 : 1);
      if (!javaScriptEnabled) {
        const width = await image.evaluate(
          (each) => (each as unknown as { naturalWidth: number }).naturalWidth,
        );
        expect(width).toBeGreaterThan(700);
      }
      await context.close();
    });
  });

  it('reads the network without xnorlab: in NumPy where a Python has it, else in a plain reader', () => {
    const file = path.join(study.folder, 'results', 'net.npz');
    const { arrays, ...network } = readNpz(readFileSync(file));
    const rows = (name: string): number[][] => {
      const { values, shape } = arrays.get(name) ?? { values: [], shape: [0, 0] };
      return Array.from({ length: shape[0] }, (_, i) => values.slice(i * shape[1], (i + 1) * shape[1]));
    };
    const logits = rows('golden.features').map((sample) => logitsOf({ arrays, ...network }, sample));
    expect(logits.length).toBeGreaterThan(0);
    expect(logits).toEqual(rows('golden.logits'));
    expect(logits.map(classOf)).toEqual(arrays.get('golden.classes')?.values);
    const python = pythonWith('numpy');
    if (python === undefined) return;
    const code = `${codeOf('docs/export.md', 'python', 'NumPy').join('\n')}\nprint(*classes)`;
    const cwd = path.dirname(file);
    const printed = execFileSync(python, ['-'], { cwd, input: code, encoding: 'utf8' });
    expect(printed.trim().split(' ').map(Number)).toEqual(logits.map(classOf));
  });
});

/** Where a Python with Jupyter lies, if it is this checkout's; one on the PATH is found anyway. */
function pythonFolder(): string | undefined {
  const python = pythonWith('jupyterlab', 'nbclient', 'nbconvert');
  return python && path.isAbsolute(python) ? path.dirname(python) : undefined;
}

/** Where this Node is too old for kernels: the one that set-up has put into the cache folder, in a fresh home, too. */
function shareKernelNode(home: string): void {
  const node = kernelNode();
  if (node === process.execPath) return;
  // …/xnorlab/kernel-node-HASH/node_modules/node-…/bin/node
  const own = path.resolve(node, '..', '..', '..', '..');
  const cache = path.join(home, '.cache', 'xnorlab');
  mkdirSync(cache, { recursive: true });
  symlinkSync(own, path.join(cache, path.basename(own)), 'dir');
}
