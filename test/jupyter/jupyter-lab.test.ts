import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMIT, OpenedLab, runCommand } from './lab-page.js';

const CELLS = [
  "import { dataFrame, epochRows, learningCurves, runRows, train } from 'xnorlab';",
  `const { record } = await train({
  dataset: {
    name: 'prototypes',
    prototypes: { features: 100, classes: 3, trainSamples: 300, validationSamples: 60, testSamples: 60 },
  },
  rule: { name: 'local-error', layers: [30], groupSize: 5 },
  epochs: 5,
});`,
  'learningCurves(epochRows([record]))',
  'dataFrame(runRows([record]))',
];

/** For what may take more than one try on a busy machine. */
const POLL = { timeout: LIMIT.timeout, interval: 1000 };

/** Contrast of an element's text with what is behind it, from 1 to 21, as the Web Content Accessibility Guidelines have it. */
const CONTRAST = `(element) => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = (color) => channels(color).slice(0, 3)
    .map((value) => value / 255)
    .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4))
    .reduce((sum, share, i) => sum + [0.2126, 0.7152, 0.0722][i] * share, 0);
  let behind = element.closest('.js-plotly-plot')?.querySelector('.main-svg') ?? element;
  while (channels(getComputedStyle(behind).backgroundColor)[3] === 0) behind = behind.parentElement;
  const { fill, color } = getComputedStyle(element);
  const [dark, light] = [element instanceof SVGElement ? fill : color, getComputedStyle(behind).backgroundColor]
    .map(luminance)
    .sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}`;

interface PlotDiv {
  readonly data: readonly {
    readonly name?: string;
    readonly x: ArrayLike<number>;
    readonly y: ArrayLike<number>;
  }[];
  readonly _fullLayout: Readonly<Record<'xaxis' | 'yaxis', { readonly range: [number, number] }>>;
}

describe('JupyterLab as `npm run lab` starts it', () => {
  // High enough for the whole notebook: JupyterLab takes cells out of the page that are out of sight.
  const lab = new OpenedLab('lab', CELLS, { width: 1280, height: 1600 });
  let page: Page;
  beforeAll(async () => {
    await lab.open();
    page = lab.page;
  });
  afterAll(() => lab.close());

  it('runs a notebook to its end from the menu, with a figure and a table', async () => {
    await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Run All Cells', exact: true }).click();
    await page.locator('.jp-OutputArea table').waitFor();
    await page.locator('.jp-OutputArea .scatterlayer .trace').nth(1).waitFor({ state: 'attached' });
    const prompts = (): Promise<string[]> => page.locator('.jp-CodeCell .jp-InputPrompt').allTextContents();
    await expect.poll(prompts, POLL).toEqual([1, 2, 3, 4].map((i) => `[${i}]:`));
    const complaints = page.locator('[data-mime-type="application/vnd.jupyter.stderr"], .jp-mod-error');
    expect(await complaints.count()).toBe(0);
    expect(await page.locator('.gtitle').textContent()).toBe('Learning curves');
    expect(await page.locator('.jp-OutputArea td', { hasText: 'local-error' }).count()).toBe(1);
    await lab.snapshot('light');
  });

  /** Asks the plot in the page. */
  function plot<Result>(ask: (div: PlotDiv) => Result): Promise<Result> {
    return page.locator('.js-plotly-plot').evaluate(ask as never) as Promise<Result>;
  }

  /** Where in the page a place of the plot is, given as shares of its axes from the lower left. */
  async function place(right: number, up: number): Promise<[number, number]> {
    const area = page.locator('.js-plotly-plot .nsewdrag');
    await area.scrollIntoViewIfNeeded();
    const box = await area.boundingBox();
    if (box === null) throw new Error('the plot is not in the page');
    return [box.x + right * box.width, box.y + (1 - up) * box.height];
  }

  const ranges = (): Promise<number[]> =>
    plot(({ _fullLayout: { xaxis, yaxis } }) => [...xaxis.range, ...yaxis.range]);

  it('shows the values of a point under the mouse', async () => {
    const [left, right, bottom, top] = await ranges();
    const test = await plot(({ data }) => {
      const { name, x, y } = data.filter((trace) => trace.x.length === 5)[0];
      return { name, x: x[2], y: y[2] };
    });
    const label = page.locator('.hoverlayer .hovertext');
    // The page may still move while it loads.
    await expect
      .poll(async () => {
        await page.mouse.move(...(await place(0.1, 0.9)));
        await page.mouse.move(
          ...(await place((test.x - left) / (right - left), (test.y - bottom) / (top - bottom))),
        );
        return label.allTextContents();
      }, POLL)
      .toEqual([expect.stringContaining(`(${test.x}, ${Number(test.y.toPrecision(4))})`)]);
    expect(await label.textContent()).toContain(test.name);
    await lab.snapshot('hover');
  });

  it('zooms into what the mouse draws, and out again on a double click', async () => {
    const before = await ranges();
    const [left, right, bottom, top] = before;
    await page.mouse.move(...(await place(0.25, 0.7)));
    await page.mouse.down();
    await page.mouse.move(...(await place(0.75, 0.2)), { steps: 5 });
    await page.mouse.up();
    const drawn = [
      [left, right, 0.25],
      [left, right, 0.75],
      [bottom, top, 0.2],
      [bottom, top, 0.7],
    ].map(([from, to, share]) => from + share * (to - from));
    await expect.poll(ranges, POLL).not.toEqual(before);
    for (const [i, value] of (await ranges()).entries()) {
      const onePercent = 0.01 * (i < 2 ? right - left : top - bottom);
      expect(Math.abs(value - drawn[i])).toBeLessThan(onePercent);
    }
    await lab.snapshot('zoomed');
    await expect
      .poll(async () => {
        // A busy page may take the clicks for two single ones.
        await page.mouse.dblclick(...(await place(0.5, 0.5)));
        return ranges();
      }, POLL)
      .toEqual(before);
  });

  /** Types into a new last cell and presses Tab. @returns what is offered */
  async function offers(text: string): Promise<Locator> {
    await page.locator('.jp-Notebook .jp-Cell').last().locator('.jp-InputPrompt').click();
    await runCommand(page, 'notebook:insert-cell-below');
    const editor = page.locator('.jp-Notebook .jp-Cell').last().locator('.cm-content');
    await editor.click();
    await editor.pressSequentially(text);
    await page.keyboard.press('Tab');
    return page.locator('.jp-Completer .jp-Completer-item');
  }

  it.each([
    ['tra', 'train'],
    // JupyterLab itself offers words of the notebook; these are not among them, so that the kernel must have said them.
    ['tra', 'TransformStream'],
    ['train(', 'structuredClone'],
    ['train({', 'modelSelection'],
    ['record.test', 'testAccuracy'],
  ])('completes %s with %s', async (text, completion) => {
    const offered = await offers(text);
    await offered.filter({ hasText: new RegExp(`^${completion}$`) }).waitFor();
    await lab.snapshot(`complete-${completion}`);
    await page.keyboard.press('Escape');
  });

  it('keeps the figure readable in the dark theme', async () => {
    await runCommand(page, 'apputils:change-theme', { theme: 'JupyterLab Dark' });
    await page.locator('body[data-jp-theme-light="false"]').waitFor({ state: 'attached' });
    for (const text of ['.gtitle', '.xtick text', '.legendtext', '.jp-OutputArea th', '.jp-OutputArea td']) {
      const contrast = (): Promise<number> =>
        page.evaluate(`(${CONTRAST})(document.querySelector('${text}'))`);
      await expect.poll(contrast, { ...POLL, message: text }).toBeGreaterThan(4.5);
    }
    await page.locator('#jupyterlab-splash').waitFor({ state: 'detached' });
    await lab.snapshot('dark');
  });
});
