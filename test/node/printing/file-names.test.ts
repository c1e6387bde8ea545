import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { saveFigure } from '../../../src/node/printing/export.js';
import { saveTable } from '../../../src/node/printing/save-table.js';

const FIGURE = { data: [{ type: 'scatter' as const, x: [1], y: [2] }], layout: {} };

describe('names of figures and tables', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-names-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['curves', 'curves'],
    ['p=0.46', 'p=0.46'],
    ['v1.2-final', 'v1.2-final'],
    ['größe 50 %', 'größe 50 %'],
  ])('%s is a name for both', async (name, base) => {
    const figures = await saveFigure(FIGURE, path.join(folder, name), { formats: ['json'] });
    const tables = await saveTable([{ a: 1 }], path.join(folder, name));
    expect(figures).toEqual([path.join(folder, `${base}.json`)]);
    expect(tables).toEqual(
      ['.md', '.csv', '.tex'].map((extension) => path.join(folder, `${base}${extension}`)),
    );
    expect(readdirSync(folder)).toHaveLength(4);
  });

  it('with the extension of a format ask for that format alone', async () => {
    expect(await saveFigure(FIGURE, path.join(folder, 'a.json'))).toEqual([path.join(folder, 'a.json')]);
    expect(await saveTable([{ a: 1 }], path.join(folder, 'p=0.46.csv'))).toEqual([
      path.join(folder, 'p=0.46.csv'),
    ]);
  });

  it('with another extension are refused before anything is written', async () => {
    await expect(saveFigure(FIGURE, path.join(folder, 'a.jpg'))).rejects.toThrow(
      /^file: expected a name that ends in one of \.html, \.json, \.svg, \.pdf, \.png, or in none, got '.*a\.jpg'/,
    );
    await expect(saveTable([{ a: 1 }], path.join(folder, 'a.xlsx'))).rejects.toThrow(
      /^file: expected a name that ends in one of \.md, \.csv, \.tex, \.html, or in none, got '.*a\.xlsx'/,
    );
    await expect(saveFigure(FIGURE, path.join(folder, 'a.svg'), { formats: ['json'] })).rejects.toThrow(
      "formats: expected none, as the file ends in .svg, got [ 'json' ]",
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});
