import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CsvOptions } from '../../src/data/csv.js';
import type { Dataset } from '../../src/data/dataset.js';
import { loadOwnDataset } from '../../src/node/data/own-dataset.js';
import { errorOf, rowsOf, temporaryFolder, writeFiles } from './helpers.js';

const train = 'x,label,y\n1,0,2.5\n-3e-1,2,.5\n';
const test = 'x,label,y\n7,2,8\n';

async function load(
  files: Record<string, string> = {},
  options?: CsvOptions,
): Promise<{ folder: string; dataset: Promise<Dataset> }> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'train.csv': train, 'test.csv': test, ...files });
  return { folder, dataset: loadOwnDataset('own', { folder, format: 'csv' }, options) };
}

describe('a data set of CSV tables', () => {
  it('reads numbers and class numbers, the label standing anywhere', async () => {
    const { folder, dataset: loading } = await load();
    const dataset = await loading;
    expect(rowsOf(dataset.train.features)).toEqual([
      [1, 2.5],
      [Math.fround(-0.3), 0.5],
    ]);
    expect(dataset.classes).toEqual(['0', '2']);
    expect(dataset.train.labels).toEqual(Int32Array.of(0, 1));
    expect(dataset.test.labels).toEqual(Int32Array.of(1));
    expect(dataset.featureNames).toEqual(['x', 'y']);
    expect(rowsOf(dataset.test.features)).toEqual([[7, 8]]);
    expect(dataset.shape).toEqual({ kind: 'vector', size: 2 });
    expect(dataset.files).toEqual([join(folder, 'train.csv'), join(folder, 'test.csv')]);
  });

  it('sorts names into classes; -1 and 1 are names too', async () => {
    const { dataset } = await load({
      'train.csv': 'label,x\nwolf,1\ncat,2\nwolf,3\n',
      'test.csv': 'label,x\ncat,4\n',
    });
    const { classes, train: samples, test: testSamples } = await dataset;
    expect(classes).toEqual(['cat', 'wolf']);
    expect([[...samples.labels], [...testSamples.labels]]).toEqual([[1, 0, 1], [0]]);
    const signs = await load({ 'train.csv': 'label,x\n1,1\n-1,2\n', 'test.csv': 'label,x\n1,4\n' });
    expect((await signs.dataset).classes).toEqual(['-1', '1']);
  });

  it.each([
    ['positions', '0,1,2,label'],
    ['positions after the label', 'label,7,8,9'],
    ['wavelengths', '400.5,401,401.5,402,402.5,403,label'],
    ['descending wave numbers', '4000,3998,3996,3994,3992,3990,label'],
    ['one number', '5,label'],
  ])('takes numbers that are %s for names', async (_, header) => {
    const names = header.split(',');
    const row = (label: string): string =>
      `${names.map((name) => (name === 'label' ? label : '1')).join(',')}\n`;
    const text = `${header}\n${row('cat')}${row('dog')}`;
    const { dataset } = await load({ 'train.csv': text, 'test.csv': text });
    expect((await dataset).featureNames).toEqual(names.filter((name) => name !== 'label'));
  });

  it('reads a validation file, another label column, blank lines, CRLF, quotes and a byte order mark', async () => {
    const { dataset } = await load(
      {
        'train.csv': '\ufeff"x",kind\r\n"1","a, b"\r\n\r\n2,c\r\n',
        'validation.csv': 'x,kind\n3,c\n',
        'test.csv': 'x,kind\n4,"a, b"',
      },
      { labelColumn: 'kind' },
    );
    const { classes, train: samples, validation, test: testSamples } = await dataset;
    expect(classes).toEqual(['a, b', 'c']);
    expect(rowsOf(samples.features)).toEqual([[1], [2]]);
    expect(validation && rowsOf(validation.features)).toEqual([[3]]);
    expect([...testSamples.labels]).toEqual([0]);
  });

  it('reads back any float32', async () => {
    const number = fc.float({ noNaN: true, noDefaultInfinity: true });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(number, number), { minLength: 2, maxLength: 9 }), async (rows) => {
        const text = `a,b,label\n${rows.map(([a, b], i) => `${a},${b},${i % 2}\n`).join('')}`;
        const { dataset } = await load({ 'train.csv': text, 'test.csv': text });
        // CSV has no −0: "-0" is written as 0 by JavaScript.
        expect(rowsOf((await dataset).test.features)).toEqual(rows.map((row) => row.map((x) => x + 0)));
      }),
      { numRuns: 30 },
    );
  });

  it.each<[string, string, string, string]>([
    [
      'a text among the numbers',
      'train.csv',
      'x,label,y\n1,0,2\n1,1,red\n',
      'line 3, column y: "red", expected a finite number that fits float32',
    ],
    ['an empty field', 'train.csv', 'x,label,y\n,0,2\n', 'line 2, column x: "", expected a finite number'],
    ['NaN', 'train.csv', 'x,label,y\n1,0,NaN\n', 'line 2, column y: "NaN", expected a finite number'],
    ['Infinity', 'train.csv', 'x,label,y\n1,0,Infinity\n', 'line 2, column y: "Infinity", expected a finite'],
    ['hexadecimal', 'train.csv', 'x,label,y\n1,0,0x10\n', 'line 2, column y: "0x10", expected a finite'],
    [
      'a number past float32',
      'train.csv',
      'x,label,y\n1,0,1e39\n',
      'line 2, column y: "1e39", expected a finite',
    ],
    [
      'a text after a field with line breaks',
      'train.csv',
      'x,label,y\n1,"a\nb",2\n1,c,red\n',
      'line 4, column y: "red"',
    ],
    ['a short row', 'train.csv', 'x,label,y\n1,0,2\n1,0\n', 'line 3: 2 fields, but the header has 3'],
    ['a long row', 'test.csv', 'x,label,y\n1,0,2,3\n', 'line 2: 4 fields, but the header has 3'],
    ['an open quote', 'train.csv', 'x,label,y\n1,0,2\n"1,0,2\n', 'line 3: Quoted field unterminated'],
    [
      'no label column',
      'train.csv',
      'x,kind\n1,0\n',
      'has no column label for the class; its columns are x, kind',
    ],
    ['nothing but labels', 'train.csv', 'label\n1\n', 'has no column besides label'],
    ['a column twice', 'train.csv', 'x,label,x\n1,0,2\n', 'line 1: column x stands there twice'],
    [
      'a column without a name',
      'train.csv',
      ',x,label\n0,1,0\n',
      'line 1: column 1 has no name (a row index that was saved along? Save without it)',
    ],
    [
      'a row index that pandas named',
      'train.csv',
      'Unnamed: 0,x,label\n0,5,cat\n1,6,dog\n',
      'line 1: column Unnamed: 0 is how pandas calls one without a name: a row index that was saved along? Save with index=False',
    ],
    [
      'a comma after the last name',
      'train.csv',
      'x,label,\n1,0,\n2,1,\n',
      'line 1: column 3 has no name (a comma too many at the ends of lines?)',
    ],
    [
      'a comma after the last value',
      'train.csv',
      'x,label\n1,0,\n2,1,\n',
      'line 2: 3 fields, but the header has 2. A comma too many at the end, or names of rows that were saved along?',
    ],
    [
      'decimal commas between semicolons',
      'train.csv',
      'x;y;label\n1,5;2,5;cat\n',
      'line 2: 3 fields, but the header has 1. Separate fields by commas, not by ";", and write decimals with a point',
    ],
    [
      'decimal commas between tabs',
      'train.csv',
      'x\ty\tlabel\n1,5\t2,5\tcat\n',
      'line 2: 3 fields, but the header has 1. Separate fields by commas, not by "\\t", and write decimals with a point',
    ],
    [
      'names with commas between semicolons',
      'train.csv',
      'width (cm, outside);label\n1;cat\n',
      'line 2: 1 fields, but the header has 2. Separate fields by commas, not by ";"',
    ],
    [
      'a line before the header',
      'train.csv',
      '# of 2026\nx,label\n1,cat\n',
      'line 2: 2 fields, but the header has 1. Does something stand before the header? Take it out',
    ],
    [
      'the note that Excel takes',
      'train.csv',
      'sep=,\nx,label\n1,cat\n',
      'line 1: a note for Excel, not names of columns. Take the line out',
    ],
    [
      'no header',
      'train.csv',
      '5.1,3.5,1.4,0.2,Iris-setosa\n4.9,3.0,1.4,0.2,Iris-setosa\n',
      'line 1: seems to be a sample (5.1, 3.5, 1.4, …), expected names of columns. Add a header',
    ],
    [
      'no header, and a value twice',
      'train.csv',
      '0.2,0.2,cat\n4.9,3.0,dog\n',
      'line 1: seems to be a sample (0.2, 0.2, cat), expected names of columns',
    ],
    [
      'a quote that another one closes lines later',
      'train.csv',
      'x,label,y\n1,"cat\n2,dog",3\n3,cat,4\n4,dog,5\n',
      'line 2, column label: "cat\\n2,dog" in the place of a class: a quote that is not closed on its line?',
    ],
    ['a header alone', 'train.csv', 'x,label,y\n', 'holds no samples: a header, but no rows'],
    ['an empty file', 'train.csv', '', 'is empty'],
    ['blank lines alone', 'train.csv', '\n\n', 'is empty'],
    [
      'semicolons',
      'train.csv',
      'x;label;y\n1;0;2\n',
      'has no column label for the class; its columns are x;label;y. Separate fields by commas, not by ";"',
    ],
    [
      'other columns in the test file',
      'test.csv',
      'x,z,label\n1,2,0\n',
      'feature 2 is z, but FOLDER/train.csv has y there',
    ],
    [
      'a column less',
      'test.csv',
      'x,label\n1,0\n',
      'feature 2 is no column, but FOLDER/train.csv has y there',
    ],
    [
      'a class that training never showed',
      'test.csv',
      'x,label,y\n7,3,8\n',
      'line 2, column label: "3" is none of the 2 training classes',
    ],
    ['a single class', 'train.csv', 'x,label,y\n7,0,8\n', 'all samples are of one class, expected two'],
  ])('refuses %s', async (_, name, text, problem) => {
    // A sound test file for the case where the training set alone is of one class.
    const sound: Record<string, string> = problem.startsWith('all')
      ? { 'test.csv': 'x,label,y\n7,0,8\n' }
      : {};
    const { folder, dataset } = await load({ ...sound, [name]: text });
    const error = await errorOf(() => dataset);
    expect(error.name).toBe('DataError');
    expect(error.message).toContain(`${join(folder, name)}: ${problem.replace('FOLDER', folder)}`);
  });
});
