import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/core/errors.js';
import { PickledArray, parsePickle } from '../../src/data/pickle.js';

const read = (base64: string): unknown => parsePickle({ file: 'p', bytes: Buffer.from(base64, 'base64') });

/**
 * Written by Python 3.11 with NumPy 2.4, in protocols 2, 3 and 4:
 * {'data': numpy.arange(6, dtype='u1').reshape(2, 3), 'labels': [3, 300, 70000, -1, 2**40], 'names': ['a', 'ü', b'\x00\xff'],
 *  'rest': (None, True, False, 1.5, {}), b'key': numpy.array([1.5], dtype='>f8')}
 */
const PROTOCOLS: readonly [protocol: number, base64: string][] = [
  [
    2,
    'gAJ9cQAoWAQAAABkYXRhcQFjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQJjbnVtcHkKbmRhcnJheQpxA0sAhXEEY19jb2RlY3MKZW5jb2RlCnEFWAEAAABicQZYBgAAAGxhdGluMXEHhnEIUnEJh3EKUnELKEsBSwJLA4ZxDGNudW1weQpkdHlwZQpxDVgCAAAAdTFxDomIh3EPUnEQKEsDWAEAAAB8cRFOTk5K/////0r/////SwB0cRJiiWgFWAYAAAAAAQIDBAVxE2gHhnEUUnEVdHEWYlgGAAAAbGFiZWxzcRddcRgoSwNNLAFKcBEBAEr/////igYAAAAAAAFlWAUAAABuYW1lc3EZXXEaKFgBAAAAYXEbWAIAAADDvHEcaAVYAwAAAADDv3EdaAeGcR5ScR9lWAQAAAByZXN0cSAoToiJRz/4AAAAAAAAfXEhdHEiaAVYAwAAAGtleXEjaAeGcSRScSVoAmgDSwCFcSZoCYdxJ1JxKChLAUsBhXEpaA1YAgAAAGY4cSqJiIdxK1JxLChLA1gBAAAAPnEtTk5OSv////9K/////0sAdHEuYoloBVgJAAAAP8O4AAAAAAAAcS9oB4ZxMFJxMXRxMmJ1Lg==',
  ],
  [
    3,
    'gAN9cQAoWAQAAABkYXRhcQFjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQJjbnVtcHkKbmRhcnJheQpxA0sAhXEEQwFicQWHcQZScQcoSwFLAksDhnEIY251bXB5CmR0eXBlCnEJWAIAAAB1MXEKiYiHcQtScQwoSwNYAQAAAHxxDU5OTkr/////Sv////9LAHRxDmKJQwYAAQIDBAVxD3RxEGJYBgAAAGxhYmVsc3ERXXESKEsDTSwBSnARAQBK/////4oGAAAAAAABZVgFAAAAbmFtZXNxE11xFChYAQAAAGFxFVgCAAAAw7xxFkMCAP9xF2VYBAAAAHJlc3RxGChOiIlHP/gAAAAAAAB9cRl0cRpDA2tleXEbaAJoA0sAhXEcaAWHcR1ScR4oSwFLAYVxH2gJWAIAAABmOHEgiYiHcSFScSIoSwNYAQAAAD5xI05OTkr/////Sv////9LAHRxJGKJQwg/+AAAAAAAAHEldHEmYnUu',
  ],
  [
    4,
    'gASVQgEAAAAAAAB9lCiMBGRhdGGUjBZudW1weS5fY29yZS5tdWx0aWFycmF5lIwMX3JlY29uc3RydWN0lJOUjAVudW1weZSMB25kYXJyYXmUk5RLAIWUQwFilIeUUpQoSwFLAksDhpRoBYwFZHR5cGWUk5SMAnUxlImIh5RSlChLA4wBfJROTk5K/////0r/////SwB0lGKJQwYAAQIDBAWUdJRijAZsYWJlbHOUXZQoSwNNLAFKcBEBAEr/////igYAAAAAAAFljAVuYW1lc5RdlCiMAWGUjALDvJRDAgD/lGWMBHJlc3SUKE6IiUc/+AAAAAAAAH2UdJRDA2tleZRoBGgHSwCFlGgJh5RSlChLAUsBhZRoDowCZjiUiYiHlFKUKEsDjAE+lE5OTkr/////Sv////9LAHSUYolDCD/4AAAAAAAAlHSUYnUu',
  ],
];

describe('a pickle', () => {
  it.each(PROTOCOLS)('of protocol %i is what Python wrote', (_, base64) => {
    const { data, labels, names, rest, key } = Object.fromEntries(read(base64) as Map<string, unknown>);
    expect(data).toBeInstanceOf(PickledArray);
    expect(data).toMatchObject({ shape: [2, 3], type: 'u1', isBigEndian: false, fortranOrder: false });
    expect([...(data as PickledArray).bytes]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(labels).toEqual([3, 300, 70_000, -1, 2 ** 40]);
    expect((names as unknown[]).slice(0, 2)).toEqual(['a', 'ü']);
    expect([...((names as unknown[])[2] as Uint8Array)]).toEqual([0, 255]);
    expect(rest).toEqual([null, true, false, 1.5, new Map()]);
    expect(key).toMatchObject({ shape: [1], type: 'f8', isBigEndian: true });
  });

  it('has whole numbers of any size, with their signs', () => {
    // pickle.dumps([-2**40, 2**31, -2**31 - 1, 0], 2)
    const numbers = read('gAJdcQAoigYAAAAAAP+KBQAAAIAAigX///9//0sAZS4=');
    expect(numbers).toEqual([-(2 ** 40), 2 ** 31, -(2 ** 31) - 1, 0]);
  });

  it.each([
    // os.system('echo pwned'), by an object whose __reduce__ says so; protocols 2 and 4
    [
      'of a call',
      'gAJjcG9zaXgKc3lzdGVtCnEAWAoAAABlY2hvIHB3bmVkcQGFcQJScQMu',
      'names "posix.system", expected',
    ],
    [
      'of a call',
      'gASVJQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAplY2hvIHB3bmVklIWUUpQu',
      'pickle at byte 29: names "posix.system", expected dictionaries, lists and arrays of numbers alone',
    ],
    // {'x': numpy.array(['a', None], dtype=object)}
    [
      'of an array of objects',
      'gASVlgAAAAAAAAB9lIwBeJSMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcnJheZSTlEsAhZRDAWKUh5RSlChLAUsChZRoBYwFZHR5cGWUk5SMAk84lImIh5RSlChLA4wBfJROTk5K/////0r/////Sz90lGKJXZQojAFhlE5ldJRicy4=',
      'an array of Python objects, expected one of numbers',
    ],
    ['of a set', 'gASVEAAAAAAAAAB9lIwBeJSPlChLAUsCkHMu', 'operation 0x8f, which plain data does not need'],
    [
      'of protocol 5',
      'gAWVCgAAAAAAAAB9lIwBYZRLAXMu',
      'protocol 5, expected 2 to 4: save it with pickle.dump(…, protocol=4)',
    ],
    ['of protocol 0', 'KGRwMApWeApwMQpJMQpzLg==', 'no pickle of protocol 2 or later: it begins with 0x80'],
    ['with bytes behind it', 'gAJOLi4=', '1 trailing bytes after the pickle'],
    ['of nothing', 'gAIu', 'an operation without what it is for'],
    ['with an end without a beginning', 'gAJ9dS4=', 'an end without a beginning'],
    ['that remembers what was not', 'gAJoAy4=', 'object 3, which was not there before'],
    ['of a name alone', 'gAJjbnVtcHkKbmRhcnJheQou', 'no data, but a name'],
    ['of a name within a list', 'gAJdY251bXB5Cm5kYXJyYXkKYS4=', 'no data, but a name'],
    ['of a name that is no text', 'gARdlIwBYZNdlC4=', 'something else in the place of a text'],
    ['that takes a mark for an object', 'gAIoiYYu', 'an operation without what it is for'],
    ['that remembers a mark', 'gAIocQBdaAAu', 'an operation without what it is for'],
    ['with a text that is no UTF-8', 'gASMAf8u', 'a text that is no UTF-8'],
    [
      'of bytes with a letter beyond Latin-1',
      'gAJjX2NvZGVjcwplbmNvZGUKWAMAAADigqxYBgAAAGxhdGluMYZSLg==',
      'bytes with a letter that is none of Latin-1',
    ],
    ['of bytes that are not there', 'gAKO////////////', 'the end of the file inside it: truncated'],
  ])('%s is refused', (_, base64, problem) => {
    expect(() => read(base64)).toThrow(DataError);
    expect(() => read(base64)).toThrow(problem);
  });

  it('that was cut off or damaged is refused by a DataError, or is other data', () => {
    for (const [, base64] of PROTOCOLS) {
      const bytes = Buffer.from(base64, 'base64');
      for (let length = 0; length < bytes.length; length++) {
        expect(() => parsePickle({ file: 'p', bytes: bytes.subarray(0, length) })).toThrow(DataError);
      }
    }
    fc.assert(
      fc.property(
        fc.constantFrom(...PROTOCOLS),
        fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        ([, base64], changes) => {
          const bytes = Buffer.from(base64, 'base64');
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          try {
            parsePickle({ file: 'p', bytes });
          } catch (error) {
            expect(error).toBeInstanceOf(DataError);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});
