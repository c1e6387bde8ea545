import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

const DIST = path.resolve(__dirname, '..', '..', 'dist');

/** Colours of lines, with these parts of the built package loaded and nothing else: `npm run build` comes first. */
function colors(...parts: string[]): string {
  const script = `
    const [figures] = ${JSON.stringify(parts)}.map((part) => require(part));
    const rows = ['committee', 'qat'].map((rule) => ({ rule, epoch: 1, testAccuracy: 1, trainAccuracy: 1 }));
    console.log(JSON.stringify(figures.learningCurves(rows).data.map(({ line }) => line?.color)));`;
  return execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
}

it('rules look the same whether figures are loaded alone or with the whole package', () => {
  const figures = path.join(DIST, 'figures', 'index.js');
  const alone = colors(figures);
  expect(alone).toBe(colors(figures, path.join(DIST, 'index.js')));
  // The sixth and the fourth of the palette.
  expect(alone).toContain('#56B4E9');
  expect(alone).toContain('#CC79A7');
});
