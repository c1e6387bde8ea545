import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/core/errors.js';
import { parseCsvTable } from '../../src/data/csv-table.js';
import { DecimalReader } from '../../src/data/decimal-reader.js';
import { parseFloat32 } from '../../src/data/parse-float32.js';
import { parsePlainTable } from '../../src/data/plain-table.js';

const source = (text: string | Uint8Array): { file: string; bytes: Uint8Array } => ({
  file: 'f',
  bytes: typeof text === 'string' ? Buffer.from(text) : text,
});

interface Read {
  readonly header: readonly string[];
  readonly values: readonly number[];
  readonly labels: readonly string[];
  readonly lines: readonly number[];
}

/** What the general reader makes of a table; undefined where it refuses it. */
function generally(bytes: Uint8Array): Read | undefined {
  try {
    const { header, rows, file } = parseCsvTable(source(bytes));
    const labelIndex = header.indexOf('label');
    const values = rows.flatMap(({ fields }) =>
      fields.flatMap((text, i) => (i === labelIndex ? [] : [parseFloat32(text, file, () => '')])),
    );
    const labels = labelIndex < 0 ? [] : rows.map(({ fields }) => fields[labelIndex].trim());
    return { header, values, labels, lines: rows.map(({ line }) => line) };
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  }
}

function plainly(bytes: Uint8Array): Read | undefined {
  const table = parsePlainTable(source(bytes), 'label');
  if (!table) return undefined;
  const { header, features, labels = [], lines } = table;
  return { header, values: [...features.values], labels: [...labels], lines: [...lines] };
}

const digits = (least: number, most: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: least, maxLength: most });
const sign = fc.constantFrom('', '-', '+');

/** Decimal numbers in any way of writing them. */
const decimal = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e38, max: 1e38 }).map(String),
  fc.tuple(sign, digits(1, 30), digits(0, 30)).map(([s, whole, part]) => `${s}${whole}.${part}`),
  fc.tuple(sign, digits(1, 12)).map(([s, part]) => `${s}.${part}`),
  fc
    .tuple(sign, digits(1, 20), fc.constantFrom('e', 'E'), sign, digits(1, 2))
    .map(([s, whole, e, t, power]) => `${s}${whole}${e}${t}${power}`),
  digits(1, 18),
);

const blanks = fc.constantFrom('', '', '', ' ', '\t', '  ');
const lineEnd = fc.constantFrom('\n', '\n', '\r\n', '\r');
const name = fc.constantFrom('cat', 'dog', 'owl', '0', '1', 'Zürich', '猫', ' a b ', 'x-1');

/** Tables as programs write them; every line end may be another. */
const table = fc
  .tuple(
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 0, max: 5 }),
    fc.boolean(),
    fc.constantFrom('', '\ufeff'),
    fc.boolean(),
  )
  .chain(([columns, labelAt, isLabelled, mark, endsLine]) => {
    const cell = fc
      .tuple(blanks, decimal, blanks, fc.boolean())
      .map(([before, number, after, quoted]) =>
        quoted ? `"${before}${number}${after}"` : before + number + after,
      );
    const label = fc.tuple(name, fc.boolean()).map(([text, quoted]) => (quoted ? `"${text}"` : text));
    const row = fc.tuple(fc.array(cell, { minLength: columns, maxLength: columns }), label);
    const line = fc.tuple(row, lineEnd, fc.constantFrom('', '', '', '\n', ' \r\n'));
    const place = <T>(cells: T[], one: T): T[] =>
      isLabelled ? [...cells.slice(0, labelAt), one, ...cells.slice(labelAt)] : cells;
    return fc.tuple(fc.array(line, { minLength: 1, maxLength: 6 }), lineEnd).map(([lines, end]) => {
      const names = Array.from({ length: columns }, (_, i) => `c${i}`);
      const body = lines.map(
        ([[cells, text], ending, blank], i) =>
          place(cells, text).join(',') + (i < lines.length - 1 || endsLine ? ending + blank : ''),
      );
      return mark + place(names, 'label').join(',') + end + body.join('');
    });
  });

describe('a plain table', () => {
  it('is read from its bytes as the general reader reads it', () => {
    let refused = 0;
    fc.assert(
      fc.property(table, (text) => {
        const bytes = Buffer.from(text);
        const expected = generally(bytes);
        if (expected === undefined) refused++; // a number past float32
        expect(plainly(bytes)).toEqual(expected);
      }),
      { numRuns: 1500 },
    );
    expect(refused).toBeLessThan(500);
  });

  it('is left to the general reader where anything else stands in it; what is read is never another', () => {
    const character = fc.constantFrom(
      ...'0123456789.eE+-,,,""\n\r \t;xü\u00a0\ufffd\0\ufeff'.split(''),
      '\r\n',
      'NaN',
      'Infinity',
      '0x1',
    );
    const noise = fc.array(character, { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(table, fc.nat(), fc.nat({ max: 3 }), noise, (text, at, cut, put) => {
        const place = text.length === 0 ? 0 : at % text.length;
        const bytes = Buffer.from(text.slice(0, place) + put + text.slice(place + cut));
        const plain = plainly(bytes);
        if (plain) expect(plain).toEqual(generally(bytes));
      }),
      { numRuns: 3000 },
    );
  });

  it('of bytes at random is never read otherwise', () => {
    fc.assert(
      fc.property(table, fc.nat(), fc.uint8Array({ maxLength: 4 }), (text, at, put) => {
        const bytes = Uint8Array.from(Buffer.from(text));
        bytes.set(put.subarray(0, Math.max(0, bytes.length - (at % bytes.length))), at % bytes.length);
        const plain = plainly(bytes);
        if (plain) expect(plain).toEqual(generally(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('grows past the rows that were foreseen', () => {
    const wide = Array.from({ length: 70 }, (_, i) => `${i}.000000000,a\n`);
    const short = Array.from({ length: 3000 }, (_, i) => `${i % 10},b\n`);
    const bytes = Buffer.from(`x,label\n${wide.join('')}${short.join('')}`);
    const plain = plainly(bytes);
    expect(plain?.values.length).toBe(3070);
    expect(plain).toEqual(generally(bytes));
  });

  it.each([
    ['a line break in quotes', 'x,label\n1,"a\nb"\n'],
    ['a quote in quotes', 'x,label\n1,"a""b"\n'],
    ['a quote amid a text', 'x,label\n1,a"b\n'],
    ['a text among the numbers', 'x,label\nred,b\n'],
    ['an empty field', 'x,label\n,b\n'],
    ['a row too short', 'x,y,label\n1,b\n'],
    ['a row too long', 'x,label\n1,b,2\n'],
    ['a number past float32', 'x,label\n1e39,b\n'],
    ['a number without digits', 'x,label\n.,b\n'],
    ['two points', 'x,label\n1.2.3,b\n'],
    ['no rows', 'x,label\n'],
    ['nothing but labels', 'label\na\n'],
    ['nothing', ''],
  ])('is not one with %s', (_, text) => {
    expect(plainly(Buffer.from(text))).toBeUndefined();
  });
});

describe('decimal numbers', () => {
  /** What Number and Math.fround make of a text. */
  function expectAsNumber(text: string): void {
    const target = Float32Array.of(7);
    const reader = new DecimalReader(Buffer.from(`${text},`));
    const isNumber = reader.read(0, target, 0);
    const expected = Math.fround(Number(text));
    expect(isNumber, text).toBe(Number.isFinite(expected));
    if (!isNumber) return;
    expect(target[0], text).toBe(expected);
    expect(reader.end, text).toBe(text.length);
  }

  it('are rounded as Math.fround(Number(text)) rounds them', () => {
    fc.assert(fc.property(decimal, expectAsNumber), { numRuns: 20_000 });
  });

  it('halfway between two float32, and next to that, too', () => {
    const next = (x: number): number => {
      const bits = new Int32Array(Float32Array.of(x).buffer);
      bits[0]++;
      return new Float32Array(bits.buffer)[0];
    };
    const float = fc.float({
      noNaN: true,
      noDefaultInfinity: true,
      min: Math.fround(1e-7),
      max: Math.fround(1e15),
    });
    fc.assert(
      fc.property(float, fc.constantFrom('', '1', '0000000001', '000000000000000000000001'), (x, more) => {
        const halfway = (x + next(x)) / 2; // exact in float64
        const text = halfway.toFixed(60).replace(/0+$/, '');
        expectAsNumber(text + more);
        expectAsNumber(`-${text}${more}`);
        const digits = text.replace(/\.$/, '');
        expectAsNumber(`${digits.slice(0, -1)}${Number(digits.at(-1)) - 1}9999999999999`.replace('-1', '0'));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    '0',
    '-0',
    '-0.0',
    '+.5',
    '5.',
    '1e22',
    '1e23',
    '1e-22',
    '1e-23',
    '1e-46',
    '1e-45',
    '3.4028235e38',
    '3.4028236e38',
    '123456789',
    '1234567890',
    '999999999999999',
    '9999999999999999',
    '0.000000000000000000000000000000000000001',
    `${'0'.repeat(400)}.${'0'.repeat(400)}1e401`,
    '1e99999',
    '1e-99999',
    '0e99999',
    '16777217',
    '9007199254740993',
  ])('%s', (text) => expectAsNumber(text));

  it('of a million digits are read', () => {
    expectAsNumber(`1${'0'.repeat(1_000_000)}e-1000000`);
    expectAsNumber(`0.${'0'.repeat(1_000_000)}7e1000000`);
  });

  it.each(['', '-', '.', 'e5', '1e', '1e+', '-.e1', 'x'])('are none: %j', (text) => {
    expect(new DecimalReader(Buffer.from(text)).read(0, new Float32Array(1), 0)).toBe(false);
  });
});
