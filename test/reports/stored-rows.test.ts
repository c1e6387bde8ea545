import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Row } from '../../src/core/row.js';
import { hasStoredRows, keepRows, loadStoredRows } from '../../src/reports/stored-rows.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-stored-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ROWS: readonly Row[] = [
  { rule: 'qat', layers: '35,35', batchNorm: 'true', accuracy: 1 / 3, note: 'a "line"\nand “more”' },
  { rule: '1', layers: '', batchNorm: null, accuracy: -1e300, note: '\u2028' },
];

describe('stored rows', () => {
  it('come back cell by cell the same, one per line', async () => {
    const file = await keepRows('compared-1.5', ROWS, path.join(folder, 'new'));
    expect(file).toBe(path.join(folder, 'new', 'compared-1.5.jsonl'));
    expect(loadStoredRows('compared-1.5', path.join(folder, 'new'))).toStrictEqual(ROWS);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3);
    expect([hasStoredRows('compared-1.5', path.join(folder, 'new')), hasStoredRows('other', folder)]).toEqual(
      [true, false],
    );
  });

  it('replace what was stored before, whole or not at all', async () => {
    await keepRows('rows', ROWS, folder);
    await expect(keepRows('rows', [ROWS[0], { ...ROWS[1], accuracy: Number.NaN }], folder)).rejects.toThrow(
      'rows[1].accuracy: expected a text, a finite number or null, got NaN',
    );
    expect(loadStoredRows('rows', folder)).toHaveLength(2);
    await keepRows('rows', ROWS.slice(0, 1), folder);
    expect(loadStoredRows('rows', folder)).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['rows.jsonl']);
  });

  it.each<[string, readonly object[], string]>([
    ['none', [], 'rows: expected at least one row, got []'],
    ['other columns', [{ a: 1, b: 2 }, { a: 1 }], "rows[1]: expected the columns a, b, got 'a'"],
    ['truth values', [{ a: true }], 'rows[0].a: expected a text, a finite number or null, got true'],
    ['lists', [{ a: [1] }], 'rows[0].a: expected a text, a finite number or null, got [ 1 ]'],
  ])('are checked before they are written: %s', async (_, wrong, message) => {
    await expect(keepRows('rows', wrong as Row[], folder)).rejects.toThrow(message);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['{"a":1}\n{"a":1\n', ':2: is no JSON'],
    ['{"a":1}\n\n{"a":1}\n', ':2: is no JSON'],
    ['[1]\n', ':1: is no row'],
    ['null\n', ':1: is no row'],
    ['{"a":1}\n{"a":[2]}\n', ':2: has [2] in the column a'],
    ['{"a":1}\n{"b":2}\n', ':2: has other columns than the first row (a)'],
    ['', ': holds no rows'],
  ])('that are damaged are not read: %j', (text, problem) => {
    const file = path.join(folder, 'rows.jsonl');
    writeFileSync(file, text);
    expect(() => loadStoredRows('rows', folder)).toThrow(`${file}${problem}`);
  });

  it('say that there are none, and stay in their folder', async () => {
    expect(() => loadStoredRows('absent', folder)).toThrow(
      `${path.join(folder, 'absent.jsonl')}: does not exist; keepRows or \`xnorlab table --keep\` makes it`,
    );
    await expect(keepRows('../rows', ROWS, folder)).rejects.toThrow(
      "name: expected letters, digits, points and hyphens, got '../rows'",
    );
  });
});
