import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Row } from '../../../src/core/row.js';
import { keepRows, keptRows } from '../../../src/node/studies/kept-rows.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-kept-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (name: string): string => path.join(folder, name);

const ROWS: readonly Row[] = [
  { rule: 'qat', layers: '35,35', batchNorm: 'true', accuracy: 1 / 3, note: 'a "line"\nand “more”' },
  { rule: '1', layers: '', batchNorm: null, accuracy: -1e300, note: '\u2028' },
];

describe('kept rows', () => {
  it('come back cell by cell the same, one per line', async () => {
    const file = path.join(folder, 'new', 'compared-1.5.jsonl');
    await keepRows(file, ROWS);
    expect(keptRows(file)).toStrictEqual(ROWS);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3);
  });

  it('replace what was kept before, whole or not at all', async () => {
    const file = fileOf('rows.jsonl');
    await keepRows(file, ROWS);
    await expect(keepRows(file, [ROWS[0], { ...ROWS[1], accuracy: Number.NaN }])).rejects.toThrow(
      'rows[1].accuracy: expected a text, a finite number or null, got NaN',
    );
    expect(keptRows(file)).toHaveLength(2);
    await keepRows(file, ROWS.slice(0, 1));
    expect(keptRows(file)).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['rows.jsonl']);
  });

  it.each<[string, readonly object[], string]>([
    ['none', [], 'rows: expected at least one row, got []'],
    ['other columns', [{ a: 1, b: 2 }, { a: 1 }], "rows[1]: expected the columns a, b, got 'a'"],
    ['truth values', [{ a: true }], 'rows[0].a: expected a text, a finite number or null, got true'],
    ['lists', [{ a: [1] }], 'rows[0].a: expected a text, a finite number or null, got [ 1 ]'],
  ])('are checked before they are written: %s', async (_, wrong, message) => {
    await expect(keepRows(fileOf('rows.jsonl'), wrong as Row[])).rejects.toThrow(message);
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
    const file = fileOf('rows.jsonl');
    writeFileSync(file, text);
    expect(() => keptRows(file)).toThrow(`${file}${problem}`);
  });

  it('say that there are none', () => {
    expect(() => keptRows(fileOf('absent.jsonl'))).toThrow(
      `${fileOf('absent.jsonl')}: does not exist; \`xnorlab study --keep\` or keepRows makes it`,
    );
  });
});
