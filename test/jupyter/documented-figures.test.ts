import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAPER_WIDTHS_MM } from '../../src/figures/paper.js';
import * as xnorlab from '../../src/index.js';
import { PACKAGE_ROOT } from '../../src/node/files/folders.js';
import { KernelClient, shown } from './kernel-client.js';
import { linkPackage, temporaryFolder } from './notebooks.js';

const PAGE = readFileSync(join(PACKAGE_ROOT, 'docs', 'figures.md'), 'utf8');

describe('docs/figures.md', () => {
  const folder = temporaryFolder();
  let kernel: KernelClient;
  beforeAll(async () => {
    linkPackage(folder.path);
    kernel = await KernelClient.start(folder.path);
  });
  afterAll(async () => {
    await kernel.stop();
    folder.remove();
  });

  it('has code that runs in a cell, shows a figure and a table, and leaves the files', async () => {
    const [, code] = /```ts\n([\s\S]*?)```/.exec(PAGE) ?? [];
    const outcome = await kernel.execute(code);
    expect(outcome.reply).toMatchObject({ status: 'ok' });
    const html = shown(outcome).map((data) => data['text/html'] ?? '');
    expect(html.filter((text) => text.includes('xnorlab-figure'))).toHaveLength(1);
    expect(html.at(-1)).toMatch(/^<table>.*Test accuracy on Random Prototypes/s);
    const files = [
      'map.html',
      'map.json',
      'map.svg',
      'map.pdf',
      'accuracy.tex',
      'accuracy.md',
      'accuracy.csv',
    ];
    expect(files.filter((file) => !existsSync(join(folder.path, 'results/margins', file)))).toEqual([]);
    expect(readFileSync(join(folder.path, 'results/margins/map.svg'), 'utf8')).toMatch(
      /^<svg[^>]*width="321\.259/,
    );
  });

  it('has code that changes a figure, and leaves the file', async () => {
    const [, [, code]] = [...PAGE.matchAll(/```ts\n([\s\S]*?)```/g)];
    const outcome = await kernel.execute(code);
    expect(outcome.reply).toMatchObject({ status: 'ok' });
    const saved = readFileSync(join(folder.path, 'results/margins/both.json'), 'utf8');
    const { data, layout } = JSON.parse(saved) as {
      data: { line?: { color: string } }[];
      layout: { grid: object };
    };
    expect(layout.grid).toMatchObject({ rows: 1, columns: 2 });
    expect(data.map(({ line }) => line?.color)).toContain('#7B3294');
  });

  it('names only what there is, and all widths with their millimetres', () => {
    const named = [...PAGE.matchAll(/^\| (`\w+`(?:, `\w+`)*) \|/gm)].flatMap(([, names]) =>
      [...names.matchAll(/\w+/g)].map(([name]) => name),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !(name in xnorlab))).toEqual([]);
    for (const [name, mm] of Object.entries(PAPER_WIDTHS_MM)) {
      expect(PAGE).toMatch(new RegExp(`\`${name}\`[^)]*\\(${mm} mm`));
    }
  });
});
