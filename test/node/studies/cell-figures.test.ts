import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { optionCurves } from '../../../src/figures/option-curves.js';
import { cellFigures } from '../../../src/node/studies/cell-figures.js';

const folder = mkdtempSync(path.join(tmpdir(), 'cell-figures-'));
afterAll(() => rmSync(folder, { recursive: true }));

const CALL = "optionCurves(runs, { option: 'r', value: 'v', series: 'rule' })";
const runs = [1, 2].map((r) => ({ rule: 'bep', r, v: 80 + r }));
const scope = { optionCurves, runs };

function notebook(...cells: readonly (readonly [tag: string, source: string])[]): string {
  const file = path.join(folder, 'study.ipynb');
  const code = cells.map(([tag, source]) => ({
    cell_type: 'code',
    metadata: { tags: [tag] },
    source: [source],
  }));
  writeFileSync(
    file,
    JSON.stringify({ cells: [{ cell_type: 'markdown', metadata: {}, source: [] }, ...code] }),
  );
  return file;
}

describe('figures of cells', () => {
  it('are what tagged cells show, TypeScript as it is, and in the order that is asked for', () => {
    const file = notebook(
      ['figure:a', `show(${CALL} as object);`],
      ['other', 'nothing()'],
      ['figure:b', `show(${CALL})`],
    );
    const drawn = cellFigures(file, ['b', 'a'], scope);
    expect(Object.keys(drawn)).toEqual(['b', 'a']);
    expect(drawn.a).toEqual(optionCurves(runs, { option: 'r', value: 'v', series: 'rule' }));
  });

  it('are gaps where there are no rows yet, and errors where rows are wrong', () => {
    const file = notebook(['figure:a', `show(${CALL});`]);
    expect(cellFigures(file, ['a'], { optionCurves, runs: [] })).toEqual({});
    expect(() => cellFigures(file, ['a'], { optionCurves, runs: [{ rule: 'bep' }] })).toThrow(
      'option: expected a column of rows[0] (rule)',
    );
  });

  it('need one cell that shows one figure of what it is given', () => {
    const file = notebook(
      ['figure:a', 'show(runs); show(runs);'],
      ['figure:b', ''],
      ['figure:b', ''],
      ['figure:c', 'show(rest)'],
    );
    const drawn = (name: string) => (): object => cellFigures(file, [name], scope);
    expect(drawn('a')).toThrow(`${file}: the cell of the figure a shows 2 figures and not one`);
    expect(drawn('b')).toThrow(`${file}: several cells have the tag figure:b`);
    expect(drawn('c')).toThrow(
      'the cell of the figure c: rest is not defined; it has show, optionCurves, runs',
    );
    expect(drawn('d')).toThrow(`${file}: no cell has the tag figure:d`);
    expect(() => cellFigures(path.join(folder, 'none.ipynb'), ['a'], scope)).toThrow(
      'cannot be read as a notebook',
    );
  });
});
