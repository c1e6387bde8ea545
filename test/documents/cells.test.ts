import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient, printed, shown } from '../jupyter/kernel-client.js';
import { leftBy, PAGES_WITH_CODE, typedIn } from './pages.js';
import { ReaderFolder } from './reader-folder.js';

/** What else a page promises of its code, by what its cells have shown and left. */
const CHECKS: Readonly<Record<string, (folder: string, html: readonly string[]) => void>> = {
  'docs/figures.md': (folder, html) => {
    expect(html.find((text) => text.startsWith('<table>'))).toContain('Test accuracy on Random Prototypes');
    const saved = (file: string): string => readFileSync(path.join(folder, 'results/margins', file), 'utf8');
    // 85 mm.
    expect(saved('map.svg')).toMatch(/^<svg[^>]*width="321\.259/);
    const { data, layout } = JSON.parse(saved('both.json')) as {
      data: { line?: { color: string } }[];
      layout: { grid: object };
    };
    expect(layout.grid).toMatchObject({ rows: 1, columns: 2 });
    expect(data.map(({ line }) => line?.color)).toContain('#7B3294');
  },
};

describe.each(PAGES_WITH_CODE)('the cells of %s', (page) => {
  const folder = new ReaderFolder();
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await KernelClient.start(folder.path, ReaderFolder.environment(page));
  });
  afterAll(async () => {
    await kernel?.stop();
    folder.remove();
  });

  it('run one after the other, and show each figure that they say', async () => {
    const html: string[] = [];
    for (const cell of typedIn(page)) {
      const outcome = await kernel.execute(cell);
      expect(outcome.reply, cell).toMatchObject({ status: 'ok' });
      expect(printed(outcome, 'stderr')).toBe('');
      html.push(...shown(outcome).map((data) => data['text/html'] ?? ''));
      const figures = outcome.outputs.filter(
        ({ type, content }) =>
          type === 'display_data' && JSON.stringify(content.data).includes('application/vnd.plotly.v1+json'),
      );
      expect(figures).toHaveLength(cell.match(/^show\(/gm)?.length ?? 0);
    }
    expect(leftBy(page).filter((file) => !existsSync(path.join(folder.path, file)))).toEqual([]);
    CHECKS[page]?.(folder.path, html);
  });
});
