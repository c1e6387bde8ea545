import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vector } from '../../src/core/shape.js';
import type { Dataset } from '../../src/data/dataset.js';
import { splitFields } from '../../src/data/split-fields.js';
import { tableDataset } from '../../src/data/table-dataset.js';
import { errorOf, rowsOf } from './helpers.js';

const source = (file: string, text: string): { file: string; bytes: Uint8Array } => ({
  file,
  bytes: Buffer.from(text),
});

const pair = (train: string, test: string, labelColumn?: string): Dataset =>
  tableDataset('own', { train: source('tra.dat', train), test: source('tst.dat', test) }, { labelColumn });

const single = (text: string, labelColumn?: string): Dataset =>
  tableDataset('own', { train: source('all.dat', text) }, { labelColumn });

const messageOf = async (work: () => unknown): Promise<string> => {
  const error = await errorOf(work);
  return `${error.name}: ${error.message}`;
};

const KEEL = `@relation weather
@attribute Outlook {sunny, overcast, rainy}
@attribute Temperature real [10.0, 40.5]
@attribute Play{no,yes}
@attribute Humidity integer[0,100]
@inputs Outlook, Temperature, Humidity
@outputs Play
@data
sunny, 30.5, no, 85
rainy, 10, yes, 90
rainy, 12.25, yes, 70
`;

describe('a table of KEEL', () => {
  it('has its numbers first, then a column of ±1 for each category', () => {
    const data = pair(KEEL, `${KEEL.split('@data')[0]}@data\novercast, 40.5, no, 0\n`);
    expect(data.shape).toEqual(vector(5, 3));
    expect(data.featureNames).toEqual([
      'Temperature',
      'Humidity',
      'Outlook=overcast',
      'Outlook=rainy',
      'Outlook=sunny',
    ]);
    expect(rowsOf(data.train.features)).toEqual([
      [30.5, 85, -1, -1, 1],
      [10, 90, -1, 1, -1],
      [12.25, 70, -1, 1, -1],
    ]);
    expect(rowsOf(data.test.features)).toEqual([[40.5, 0, 1, -1, -1]]);
    expect(data.classes).toEqual(['no', 'yes']);
    expect([...data.train.labels, ...data.test.labels]).toEqual([0, 1, 1, 0]);
    expect(data.files).toEqual(['tra.dat', 'tst.dat']);
    expect(data.validation).toBeUndefined();
  });

  it('takes the inputs that it names and no others, and another column for the class when told so', () => {
    const fewer = KEEL.replace('@inputs Outlook, Temperature, Humidity', '@input Humidity');
    expect(pair(fewer, fewer).featureNames).toEqual(['Humidity']);
    const all = KEEL.replace(/@inputs.*\n/, '');
    const { classes, featureNames } = pair(all, all, 'Outlook');
    expect(classes).toEqual(['overcast', 'rainy', 'sunny']);
    expect(featureNames).toEqual(['Temperature', 'Humidity', 'Play=no', 'Play=yes']);
  });
});

describe('an ARFF table', () => {
  it('has quotes, comments and keywords in any case; its class is the last', () => {
    const text = `% Title: a test
%
@RELATION 'of a test'

@ATTRIBUTE 'petal length' NUMERIC
@attribute "kind of, say" {'a b', "c,d", e\\'f, 'g\\'h'}
@attribute class {Iris-setosa, 'Iris virginica'}
@DATA
% the first sample

5.1 , 'a b', Iris-setosa
-3e-1,"c,d",'Iris virginica'
.5,'g\\'h',Iris-setosa
`;
    const data = pair(text, text);
    expect(data.featureNames).toEqual([
      'petal length',
      'kind of, say=a b',
      'kind of, say=c,d',
      "kind of, say=e\\'f",
      "kind of, say=g'h",
    ]);
    expect(rowsOf(data.train.features)).toEqual([
      [Math.fround(5.1), 1, -1, -1, -1],
      [Math.fround(-0.3), -1, 1, -1, -1],
      [0.5, -1, -1, -1, 1],
    ]);
    expect(data.classes).toEqual(['Iris virginica', 'Iris-setosa']);
    expect([...data.train.labels]).toEqual([1, 0, 1]);
  });

  it('takes a category that it declares for one, whatever it means elsewhere', () => {
    const text = `@relation r\n@attribute x {none, some}\n@attribute class {-, +}\n@data\nnone,-\nsome,+\n`;
    const data = pair(text, text);
    expect(rowsOf(data.train.features)).toEqual([
      [1, -1],
      [-1, 1],
    ]);
    expect(data.classes).toEqual(['+', '-']);
  });
});

describe('a table without a header', () => {
  const rows = [
    '1,red,2,no',
    '2.5,green,4,yes',
    '3,red,5more,no',
    '4,blue,2,yes',
    '0,red,2,yes',
    '9,blue,4,no',
  ];

  it('has numbers where all entries are, and categories elsewhere', () => {
    const data = pair(rows.join('\n'), rows[1]);
    expect(data.featureNames).toEqual([
      'column 1',
      ...['blue', 'green', 'red'].map((colour) => `column 2=${colour}`),
      ...['2', '4', '5more'].map((doors) => `column 3=${doors}`),
    ]);
    expect(rowsOf(data.test.features)).toEqual([[2.5, -1, 1, -1, -1, 1, -1]]);
    expect(data.shape).toEqual(vector(7, 6));
    expect(data.classes).toEqual(['no', 'yes']);
  });

  it('is the same data with a header', () => {
    const header = `@relation r
@attribute a real
@attribute b {red, green, blue}
@attribute c {5more, 4, 2}
@attribute class {yes, no}
@data
`;
    const bare = single(rows.join('\n'));
    expect(single(header + rows.join('\n')).sha256).toBe(bare.sha256);
    expect(bare.sha256).not.toBe(single(rows.join('\n').replace('0,red', '0,blue')).sha256);
  });

  it('tells signs from numbers in the hash', () => {
    const signs = single('a,x\nb,y\na,x\nb,y\na,y\n');
    const numbers = single('1,-1,x\n-1,1,y\n1,-1,x\n-1,1,y\n1,-1,y\n');
    expect(rowsOf(signs.train.features)).toEqual(rowsOf(numbers.train.features));
    expect(signs.sha256).not.toBe(numbers.sha256);
  });

  it('orders categories that are numbers as such', () => {
    const text = '10,x,a\n9,y,b\n';
    const header = '@relation r\n@attribute n {9, 10}\n@attribute t {x, y}\n@attribute c {a, b}\n@data\n';
    expect(pair(header + text, header + text).featureNames?.slice(0, 2)).toEqual(['n=9', 'n=10']);
  });
});

describe('one table of all samples', () => {
  const text = Array.from({ length: 50 }, (_, i) => `${i},${i % 3 === 0 ? 'a' : 'b'}`).join('\n');
  const numbers = ({ features }: Dataset['train']): number[] => rowsOf(features).map(([number]) => number);

  it('has a fifth held out, each sample once, in file order, with its label', () => {
    const { train, test } = single(text);
    expect([train.labels.length, test.labels.length]).toEqual([40, 10]);
    const ascending = [...numbers(train), ...numbers(test)].sort((a, b) => a - b);
    expect(ascending).toEqual(Array.from({ length: 50 }, (_, i) => i));
    for (const part of [train, test]) {
      expect(numbers(part)).toEqual(numbers(part).toSorted((a, b) => a - b));
      expect([...part.labels]).toEqual(numbers(part).map((number) => (number % 3 === 0 ? 0 : 1)));
    }
    expect(numbers(test)).not.toEqual(Array.from({ length: 10 }, (_, i) => 40 + i));
    expect(single(text).sha256).toBe(single(text).sha256);
  });

  it('has the classes of all of it, and needs five samples', async () => {
    const rare = single(`${text}\n50,rare\n`);
    expect(rare.classes).toEqual(['a', 'b', 'rare']);
    expect(await messageOf(() => single('1,a\n2,b\n3,a\n4,b\n'))).toBe(
      'DataError: all.dat: 4 samples in one file: too few to hold a fifth out for testing, expected at least 5',
    );
  });
});

describe('a table that is wrong is refused', () => {
  const header = (...attributes: string[]): string =>
    ['@relation r', ...attributes.map((attribute) => `@attribute ${attribute}`), '@data', ''].join('\n');
  const plain = header('x real', 'c {a,b}');
  const data = '1,a\n2,b\n3,a\n4,b\n5,a\n';

  it.each<[string, string, string]>([
    [
      'a missing number',
      `${plain}${data}?,a\n`,
      'line 10, column x: "?", expected a finite number that fits float32',
    ],
    [
      'a missing category',
      `${header('x {u,v}', 'c {a,b}')}u,a\n?,b\n`,
      'line 6, column x: "?" is none of the 2 categories that line 2 declares; a missing value? Leave such samples out',
    ],
    [
      'a missing class',
      `${plain}${data}1,<null>\n`,
      'line 10, column c: "<null>" is none of the 2 categories that line 3 declares; a missing value? Leave such samples out',
    ],
    [
      'a missing value without a header',
      '1,u,a\n2,?,b\n',
      'line 2, column 2: "?" in the place of a value: a missing value? Leave such samples out, or give the value another name',
    ],
    [
      'a class that is not declared',
      `${plain}${data}1,B\n`,
      'line 10, column c: "B" is none of the 2 categories that line 3 declares; it looks like "b", but is another text',
    ],
    [
      'categories that look alike',
      '1,Low,a\n2,low,b\n',
      'line 2, column 2: the categories "Low" and "low" look alike. Give them one name if they are one category, or names further apart if they are two',
    ],
    [
      'declared categories that look alike',
      `${header('x {u,U}', 'c {a,b}')}u,a\nU,b\n`,
      'line 2, attribute x: the categories "u" and "U" look alike. Give them one name if they are one category, or names further apart if they are two',
    ],
    [
      'a slip in a number',
      `${Array.from({ length: 20 }, (_, i) => `${i},${i % 2 ? 'a' : 'b'}`).join('\n')}\n1O3,a\n`,
      'line 21, column 1: "1O3" among numbers, expected a number. If these are categories, declare them with @attribute',
    ],
    [
      'decimal commas',
      '0.5,a\n0.25,b\n0,5,a\n',
      'line 3: 3 fields, but line 1 has 2. A comma too many at the end, or names of rows that were saved along?',
    ],
    [
      'a text among fractions',
      '0.5,a\n0.5x,b\n0.5,b\n',
      'line 2, column 1: "0.5x" among numbers, expected a number. If these are categories, declare them with @attribute',
    ],
    [
      'names of columns in the first line',
      'height,class\n1,a\n2,b\n',
      'line 1, column 1: "height", and numbers below it: the names of the columns? Take the line out, or declare the columns with @attribute',
    ],
    [
      'names of samples',
      Array.from({ length: 300 }, (_, i) => `id${i},${i % 2 ? 'a' : 'b'}`).join('\n'),
      'line 1, column 1: the column has 300 different texts, expected at most 256 categories. Leave it out, or declare its categories with @attribute',
    ],
    [
      'a number outside its range',
      header('x real [0, 4.5]', 'c {a,b}') + data,
      'line 9, column x: 5, expected one in [0, 4.5], as its attribute says',
    ],
    [
      'a number too large for float32',
      `${plain}1e39,a\n2,b\n`,
      'line 5, column x: "1e39", expected a finite number that fits float32',
    ],
    [
      'a row that is too long',
      `${plain}1,a,2\n`,
      'line 5: 3 fields, but the header has 2. A comma too many at the end, or names of rows that were saved along?',
    ],
    [
      'another separator',
      '1;2;a\n3;4;b\n',
      'line 1: a single field, expected features and a class between commas',
    ],
    ['no samples', plain, 'holds no samples: a header, but no rows'],
    ['comments alone', '% nothing\n\n', 'holds no samples: nothing but blank lines or comments'],
    ['no @data', '@relation r\n@attribute x real\n1\n', 'has a header, but no line @data after it'],
    ['@data without attributes', '@relation r\n@data\n1,a\n', 'line 2: @data before any @attribute'],
    [
      'an unknown keyword',
      '@relation r\n@atribute x real\n@data\n1\n',
      'line 2: "@atribute x real", expected @relation, @attribute, @inputs, @outputs or @data',
    ],
    [
      'a sample in the header',
      '@relation r\n1,a\n@data\n1,a\n',
      'line 2: "1,a", expected @relation, @attribute, @inputs, @outputs or @data',
    ],
    [
      'an attribute without a name',
      '@relation r\n@attribute {a,b}\n@data\n1\n',
      'line 2: @attribute without a name',
    ],
    [
      'an attribute that is there twice',
      `${header('x real', 'x real', 'c {a,b}')}1,2,a\n`,
      'line 3: attribute x is declared in line 2, too',
    ],
    [
      'texts',
      `${header('x string', 'c {a,b}')}u,a\n`,
      'line 2: attribute x is of type string, expected real, integer, numeric or {categories}. Leave it out, or make categories of it',
    ],
    [
      'dates',
      `${header('x DATE "yyyy"', 'c {a,b}')}2000,a\n`,
      'line 2: attribute x is of type date, expected real, integer, numeric or {categories}. Leave it out, or make categories of it',
    ],
    [
      'an unknown type',
      `${header('x float', 'c {a,b}')}1,a\n`,
      'line 2: attribute x has the type "float", expected real, integer, numeric or {categories}',
    ],
    [
      'a range that is none',
      `${header('x real [5, 1]', 'c {a,b}')}1,a\n`,
      'line 2: attribute x: "[5, 1]", expected a range [least, largest]',
    ],
    [
      'categories that do not end',
      `${header('x {u, v', 'c {a,b}')}u,a\n`,
      'line 2: attribute x: categories without a closing }',
    ],
    [
      'a category that is there twice',
      `${header('x {u, u}', 'c {a,b}')}u,a\n`,
      'line 2: attribute x: category "u" is declared twice',
    ],
    [
      'a missing value that is declared',
      `${header('x {u, ?}', 'c {a,b}')}u,a\n`,
      'line 2, attribute x: "?" in the place of a category: a missing value? Leave such samples out, or give the category another name',
    ],
    [
      'an open quote',
      `${plain}1,'a\n`,
      'line 5: a quote that does not close, or text behind one that does, expected a comma',
    ],
    [
      'a sparse sample',
      `${plain}{0 1, 1 a}\n`,
      'line 5: a sparse sample, expected fields between commas. Save it with all values of each sample (in Weka: the filter SparseToNonSparse)',
    ],
    [
      'an input that is no attribute',
      plain.replace('@data', '@inputs y\n@data') + data,
      'its header names y, which is no attribute; those are x, c',
    ],
    [
      'two outputs',
      plain.replace('@data', '@outputs x, c\n@data') + data,
      'has 2 outputs (x, c), expected one class. Say which it is (--label-column x)',
    ],
    [
      'a class and nothing else',
      plain.replace('@data', '@inputs c\n@data') + data,
      'has no column besides c',
    ],
    [
      'a number to be predicted',
      `${header('x real', 'y real')}1,2.5\n2,3\n`,
      'line 5, column y: "2.5" in the place of a class: attribute y is a number to be predicted, and not a class',
    ],
    ['one class', '1,a\n2,a\n3,a\n4,a\n5,a\n', 'all samples are of one class, expected two'],
    ['an encoding', 'gr\u00fcn,a\n', ''],
  ])('%s', async (what, text, problem) => {
    if (what === 'an encoding') {
      const latin = { file: 'all.dat', bytes: Buffer.from(text, 'latin1') };
      const message = await messageOf(() => tableDataset('own', { train: latin }));
      expect(message).toMatch(/^DataError: all\.dat: line 1: byte 0xfc is not UTF-8/);
      return;
    }
    expect(await messageOf(() => single(text))).toBe(`DataError: all.dat: ${problem}`);
  });

  it('of another column for the class than there is', async () => {
    expect(await messageOf(() => single(plain + data, 'y'))).toBe(
      'DataError: all.dat: has no column y for the class; its columns are x, c',
    );
  });

  it('that does not go with the one to train on', async () => {
    const other = header('x {1, 2}', 'c {a,b}');
    expect(await messageOf(() => pair(plain + data, `${other}1,a\n`))).toBe(
      'DataError: tst.dat: column 1 is x {1, 2}, but tra.dat has x of numbers there',
    );
    expect(await messageOf(() => pair('1,u,a\n2,v,b\n', '1,w,a\n'))).toBe(
      'DataError: tst.dat: line 1, column 2: "w" is none of the 2 categories of training',
    );
    expect(await messageOf(() => pair('1,u,a\n2,v,b\n', '1,a\n'))).toBe(
      'DataError: tst.dat: has 2 columns, but tra.dat has 3',
    );
    expect(await messageOf(() => pair('1,a\n2,b\n', '1,c\n'))).toBe(
      'DataError: tst.dat: line 1, column 2: "c" is none of the 2 training classes',
    );
    expect(await messageOf(() => pair('1,a\n2,b\n', 'x,a\n'))).toBe(
      'DataError: tst.dat: line 1, column 1: "x", expected a finite number that fits float32',
    );
  });

  it('under another name, too', async () => {
    expect(await messageOf(() => single('<!doctype html><p>404'))).toMatch(
      /all\.dat: is an HTML page, not data, expected a table of comma-separated text: an error page/,
    );
    expect(await messageOf(() => single('PK\x03\x04abc'))).toMatch(/all\.dat: is a ZIP archive/);
  });
});

describe('splitFields', () => {
  const split = (line: string): string[] => splitFields(line, () => new Error('refused'));

  it.each([
    ['a, b ,c', ['a', 'b', 'c']],
    ["'a, b' , c", ['a, b', 'c']],
    ['"it\'s",\'say "x"\'', ["it's", 'say "x"']],
    ["don't,x", ["don't", 'x']],
    ["'a',", ['a', '']],
    [',', ['', '']],
    ["''", ['']],
    ["'\\\\',x", ['\\', 'x']],
  ])('%s', (line, fields) => {
    expect(split(line)).toEqual(fields);
  });

  it.each(["'a", "'a'b,c", '"a,b', "x,'"])('refuses %s', (line) => {
    expect(() => split(line)).toThrow('refused');
  });

  it('reads what was written', () => {
    const field = fc.string().map((text) => text.trim());
    fc.assert(
      fc.property(
        fc.array(field, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('"', "'"),
        (fields, quote) => {
          const written = fields.map((text) => quote + text.replace(/[\\'"]/g, '\\$&') + quote);
          expect(split(written.join(' , '))).toEqual(fields);
        },
      ),
    );
  });
});
