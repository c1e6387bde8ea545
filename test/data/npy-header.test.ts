import { describe, expect, it } from 'vitest';
import { FEATURE_TYPES, LABEL_TYPES, parseNpy } from '../../src/data/npy-array.js';
import { parseNpyHeader } from '../../src/data/npy-header.js';
import { bytesOf, npyBytes } from './helpers.js';

/** A file whose header is any text, of any version. */
function withHeader(text: string, version = 1, payload: Uint8Array = new Uint8Array(0)): Uint8Array {
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(Buffer.byteLength(text));
  else length.writeUInt32LE(Buffer.byteLength(text));
  return Buffer.concat([
    Buffer.from('\x93NUMPY', 'latin1'),
    Buffer.of(version, 0),
    length,
    Buffer.from(text),
    payload,
  ]);
}

const dict = (descr: string, shape: string, order = 'False'): string =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

describe('the header of a .npy file', () => {
  it.each<[string, string, number[]]>([
    ['of Python 2', dict("'<f4'", '(60L, 7L)'), [60, 7]],
    ['of Python 2, one dimension', dict("'<f4'", '(60L,)'), [60]],
    ['with both kinds of numbers', dict("'<f4'", '(60, 7L)'), [60, 7]],
    [
      'in double quotes, as other writers leave it',
      '{"descr": "<f4", "fortran_order": False, "shape": (2, 3)}',
      [2, 3],
    ],
    ['without spaces, in another order', "{'shape':(2,3),'fortran_order':False,'descr':'<f4'}", [2, 3]],
    ['of more dimensions', dict("'<f4'", '(2, 3, 4, 5)'), [2, 3, 4, 5]],
    ['of a single number', dict("'<f4'", '()'), []],
  ])('%s is read', (_, text, shape) => {
    expect(parseNpyHeader(withHeader(text), 'f')).toMatchObject({ type: 'f4', shape, fortranOrder: false });
  });

  it.each([1, 2, 3])('of version %i says where the elements begin', (version) => {
    const text = dict("'<i2'", '(3,)');
    const bytes = withHeader(text, version, bytesOf(Int16Array.of(5, -6, 7)));
    // Whether the elements are aligned depends on the length of the header.
    for (const padded of [bytes, Buffer.concat([Buffer.of(0), bytes]).subarray(1)]) {
      const array = parseNpy({ file: 'f', bytes: padded }, LABEL_TYPES);
      expect([...array.values]).toEqual([5, -6, 7]);
    }
  });

  it.each<[string, Uint8Array, string]>([
    ['an object array', withHeader(dict("'|O'", '(2,)')), 'element type O (Python objects), expected one of'],
    ['dates', withHeader(dict("'<M8[ns]'", '(2,)')), 'element type M8[ns] (dates), expected one of'],
    ['time spans', withHeader(dict("'<m8[s]'", '(2,)')), 'element type m8[s] (time spans), expected one of'],
    ['long doubles', withHeader(dict("'<f16'", '(2,)')), 'element type f16 (floats of another width)'],
    ['complex numbers', withHeader(dict("'<c16'", '(2,)')), 'element type c16 (complex numbers)'],
    ['byte strings', withHeader(dict("'|S5'", '(2,)')), 'element type S5 (byte strings)'],
    ['texts', withHeader(dict("'<U3'", '(2,)')), 'element type U3 (texts)'],
    ['raw bytes', withHeader(dict("'|V8'", '(2,)')), 'element type V8 (raw bytes)'],
    ['columns', withHeader(dict("[('a', '<f4'), ('b', '<i8')]", '(2,)')), 'is a structured array'],
    ['a shape that is none', withHeader(dict("'<f4'", '(2, x)')), 'has a header that cannot be read: "{'],
    ['a negative shape', withHeader(dict("'<f4'", '(-2, 3)')), 'has a header that cannot be read'],
    ['no shape', withHeader("{'descr': '<f4', 'fortran_order': False}"), 'has a header that cannot be read'],
    ['half of it', withHeader(dict("'<f4'", '(2, 3)')).subarray(0, 40), 'ends inside its header: truncated'],
    ['its beginning', Buffer.from('\x93NUMPY\x01', 'latin1'), 'ends inside its header: truncated'],
    [
      'a size that no file has',
      withHeader(dict("'<f4'", '(4294967296, 4294967296)')),
      'shape [4294967296, 4294967296] of float32 needs 73786976294838210000 bytes, 0 follow: truncated',
    ],
  ])('with %s is refused, saying why', (_, bytes, problem) => {
    expect(() => parseNpy({ file: 'f', bytes }, FEATURE_TYPES)).toThrow(`f: ${problem}`);
  });

  it('takes bool for features, not for labels', () => {
    const bytes = npyBytes('|b1', [2], Uint8Array.of(0, 1));
    expect(parseNpy({ file: 'f', bytes }, FEATURE_TYPES).type).toBe('b1');
    expect(() => parseNpy({ file: 'f', bytes }, LABEL_TYPES)).toThrow(
      'f: element type b1 (bool), expected one of uint8, int8, uint16, int16, uint32, int32, uint64, int64',
    );
  });
});
