import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { DataError } from '../../src/core/errors.js';
import { printable } from '../../src/core/printable.js';

it('shows what a terminal would act on as JSON escapes it, and leaves all else', () => {
  expect(printable('\u001b[2J\u0007 \u009b31m \r\u202eabc\u0000\u007f')).toBe(
    '\\u001b[2J\\u0007 \\u009b31m \\u000d\\u202eabc\\u0000\\u007f',
  );
  const all = 'π ± "x"\n\tä 𝒳 \\u001b';
  expect(printable(all)).toBe(all);
  // What is JSON stays JSON, of the same value.
  const value = { name: '\u009b\u202e\u001b' };
  expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value);
});

it('is what errors are made of, whatever they tell of', () => {
  expect(new DataError('\u001b]0;title\u0007.csv', 'line 1\nline 2').message).toBe(
    '\\u001b]0;title\\u0007.csv: line 1\nline 2',
  );
});

it('is where everything goes through that is written to a terminal', () => {
  const source = path.resolve('src');
  const writers = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/^jupyter|assembly|kernels.native/.test(file))
    .filter((file) =>
      /process\.std(out|err)\.write|console\.\w+\(/.test(withoutComments(path.join(source, file))),
    );
  expect(writers).toEqual([path.join('node', 'printing', 'terminal.ts')]);
});

function withoutComments(file: string): string {
  return readFileSync(file, 'utf8').replace(/^\s*(\*|\/\/|\/\*).*$/gm, '');
}
