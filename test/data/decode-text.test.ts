import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/core/errors.js';
import { decodeText } from '../../src/data/decode-text.js';

const read = (bytes: Uint8Array): string => decodeText({ file: 'f', bytes });
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

describe('decodeText', () => {
  it('gives back any text in UTF-8, with or without a byte order mark', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (text, hasMark) => {
        fc.pre(!/[\0\r\ufffd\ufeff]/.test(text));
        expect(read(Buffer.from((hasMark ? '\ufeff' : '') + text))).toBe(text);
      }),
    );
  });

  it('makes every line end a line feed, mixed or not', () => {
    expect(read(Buffer.from('a\r\nb\rc\n\r\n\rd\r'))).toBe('a\nb\nc\n\n\nd\n');
  });

  it.each<[string, Uint8Array, string]>([
    [
      'Latin-1',
      Buffer.from('x,label\n1,gr\u00fcn\n', 'latin1'),
      'line 2: byte 0xfc is not UTF-8; in Latin-1 (ISO 8859-1) or Windows-1252 it is "ü": save it as UTF-8, for example with `iconv -f WINDOWS-1252 -t UTF-8`',
    ],
    [
      'Latin-1 after old Macintosh line ends',
      Buffer.from('x\ra\rcaf\u00e9', 'latin1'),
      'line 3: byte 0xe9 is not UTF-8; in Latin-1',
    ],
    [
      'Windows-1252',
      Buffer.of(0x22, 0x93, 0x41, 0x94),
      'line 1: byte 0x93 is not UTF-8; the file may be Windows-1252',
    ],
    [
      'Latin-1 after good UTF-8',
      Buffer.concat([Buffer.from('café\n'), Buffer.of(0xe9, 0x0a)]),
      'line 2: byte 0xe9 is not UTF-8',
    ],
    ['Cyrillic', Buffer.of(0xea, 0xee, 0xf2), 'line 1: byte 0xea is not UTF-8; the file may be Windows-1251'],
    ['Shift JIS', Buffer.of(0x94, 0x4c, 0x0a, 0x8c, 0xa2), 'line 1: byte 0x94 is not UTF-8'],
    [
      'UTF-16 with a mark',
      Buffer.concat([Buffer.of(0xff, 0xfe), utf16('x,label')]),
      'is UTF-16LE, not UTF-8: save it as UTF-8',
    ],
    [
      'UTF-16 with the other mark',
      Buffer.concat([Buffer.of(0xfe, 0xff), utf16('x').swap16()]),
      'is UTF-16BE, not UTF-8',
    ],
    ['UTF-32 with a mark', Buffer.of(0xff, 0xfe, 0, 0, 0x78, 0, 0, 0), 'is UTF-32LE, not UTF-8'],
    ['UTF-16 without a mark', utf16('x,label'), 'seems to be UTF-16LE, not UTF-8'],
    ['UTF-16, big end first, without a mark', utf16('x,label').swap16(), 'seems to be UTF-16BE, not UTF-8'],
    ['a byte 0', Buffer.from('ab\0cd'), 'byte 2 (counted from 0) is 0, which no text holds'],
    ['surrogates', Buffer.of(0x61, 0xed, 0xa0, 0x80, 0x61), 'line 1: byte 0xed is not UTF-8'],
    ['an overlong slash', Buffer.of(0x61, 0xc0, 0xaf, 0x61), 'line 1: byte 0xc0 is not UTF-8'],
    [
      'half a letter at the end',
      Buffer.from('a\n€').subarray(0, -1),
      'line 2: the file ends inside a letter. Truncated?',
    ],
    [
      'letters lost before',
      Buffer.from('x,label\n1,caf\ufffd\n'),
      'line 2: the replacement character U+FFFD',
    ],
  ])('names %s', (_, bytes, problem) => {
    expect(() => read(bytes)).toThrow(`f: ${problem}`);
    expect(() => read(bytes)).toThrow(DataError);
  });

  it('names the line of a wrong byte, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'é', '€', '𝄞', '\n')),
        fc.constantFrom(0xff, 0xc0, 0x80),
        (letters, wrong) => {
          const before = Buffer.from(letters.join(''));
          const line = letters.filter((letter) => letter === '\n').length + 1;
          const bytes = Buffer.concat([before, Buffer.of(wrong), Buffer.from('\nend')]);
          fc.pre(!(bytes[0] === 0xff && bytes[1] === 0xfe));
          expect(() => read(bytes)).toThrow(`f: line ${line}: byte 0x${wrong.toString(16)} is not UTF-8`);
        },
      ),
    );
  });
});
