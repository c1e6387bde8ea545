import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Contents, decodeContainer, encodeContainer } from '../../src/core/container.js';
import { CheckpointError, DataError } from '../../src/core/errors.js';

const CONTENTS: Contents = {
  content: { name: 'Ärmel', values: [1, 0.1] },
  arrays: { 'a/b': Int16Array.of(-2, 3), empty: new Uint32Array(0), c: Float64Array.of(Math.PI) },
};

/** What decoding says of bytes that are wrong. */
function problemOf(bytes: Uint8Array, kind: 'run' | 'network' = 'run'): string {
  try {
    decodeContainer(bytes, kind, 'file');
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError);
    expect(error).toBeInstanceOf(DataError);
    return (error as CheckpointError).problem;
  }
  return 'accepted';
}

/** A file written out byte by byte as the layout says: independent of the encoder. */
function fileBytes(header: string, payload: Uint8Array, version = 1): Buffer {
  const start = Buffer.alloc(24);
  start.set([0x89, 0x58, 0x4e, 0x4f, 0x52, 0x0d, 0x0a, 0x1a]);
  const text = Buffer.from(header, 'utf8');
  start.writeUInt32LE(version, 8);
  start.writeUInt32LE(text.length, 12);
  start.writeBigUInt64LE(BigInt(24 + text.length + payload.length + 32), 16);
  const body = Buffer.concat([start, text, payload]);
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

describe('the format of saved networks and runs', () => {
  it('is laid out as documented', () => {
    const header =
      '{"kind":"network","content":{"x":"é"},"arrays":[{"name":"h","type":"int16","length":2},{"name":"f","type":"float32","length":1}]}';
    const payload = Uint8Array.of(0xff, 0xff, 2, 1, 0, 0, 0x80, 0x3f);
    const contents = { content: { x: 'é' }, arrays: { h: Int16Array.of(-1, 258), f: Float32Array.of(1) } };
    expect(Buffer.from(encodeContainer('network', contents))).toEqual(fileBytes(header, payload, 2));
    for (const version of [1, 2]) {
      const bytes = fileBytes(header, payload, version);
      expect(decodeContainer(bytes, 'network', 'file')).toEqual({ version, ...contents });
    }
  });

  it('gives back what was put in, from any place in memory', () => {
    const arrays = fc.dictionary(
      fc.string(),
      fc.oneof(
        fc.int16Array(),
        fc.int32Array(),
        fc.uint32Array(),
        fc.float32Array(),
        fc.float64Array({ noDefaultInfinity: true }),
      ),
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(arrays, fc.nat(7), (named, offset) => {
        const contents = { content: [1, null], arrays: named };
        const bytes = encodeContainer('run', contents);
        const moved = new Uint8Array(bytes.length + offset).subarray(offset);
        moved.set(bytes);
        expect(decodeContainer(moved, 'run', 'file')).toEqual({ version: 1, ...contents });
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it('is refused with any one bit changed', () => {
    const bytes = encodeContainer('run', CONTENTS);
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3] ^= 1 << (bit & 7);
      expect(problemOf(damaged)).toMatch(/^(is not a file that|is truncated|has \d+ bytes|is damaged)/);
    }
  });

  it('is refused at any other length', () => {
    const bytes = encodeContainer('run', CONTENTS);
    expect(problemOf(bytes.subarray(0, 0))).toMatch(/^is not a file/);
    for (let length = 1; length < bytes.length; length++) {
      const of = length < 56 ? 'its' : bytes.length;
      expect(problemOf(bytes.subarray(0, length))).toBe(`is truncated: ${length} of ${of} bytes are there`);
    }
    expect(problemOf(Buffer.concat([bytes, Buffer.alloc(3)]))).toBe('has 3 bytes too many');
  });

  it('is refused when it is something else', () => {
    const not = 'is not a file that xnorlab saved a network or a run in';
    expect(problemOf(Buffer.from('epoch,accuracy\n'))).toBe(not);
    expect(problemOf(Buffer.from('89504e470d0a1a0a', 'hex'))).toBe(not);
    expect(problemOf(encodeContainer('network', CONTENTS))).toBe(
      'holds a trained network, expected one with a run in progress',
    );
    expect(problemOf(encodeContainer('run', CONTENTS), 'network')).toBe(
      'holds a run in progress, expected one with a trained network',
    );
  });

  it('is refused in a newer version, whatever its header is then', () => {
    expect(problemOf(fileBytes('?', new Uint8Array(9), 3))).toBe(
      'is of version 3 of the format; this xnorlab reads versions up to 2: use a newer xnorlab',
    );
    expect(problemOf(fileBytes('{"kind":"run","content":1,"arrays":[]}', new Uint8Array(0), 2))).toBe(
      'is of version 2 of the format; this xnorlab reads versions up to 1: use a newer xnorlab',
    );
  });

  it.each([
    ['{', 'has a header that no xnorlab writes'],
    ['{"kind":"run"}', 'has a header that no xnorlab writes'],
    [
      '{"kind":"run","content":1,"arrays":[{"name":"h","type":"int8","length":8}]}',
      'has a header that no xnorlab writes',
    ],
    [
      '{"kind":"run","content":1,"arrays":[{"name":"h","type":"int16","length":3}]}',
      'has a header that promises other arrays than follow',
    ],
    [
      '{"kind":"run","content":1,"arrays":[{"name":"h","type":"float64","length":1e15}]}',
      'has a header that promises other arrays than follow',
    ],
    [
      '{"kind":"run","content":1,"arrays":[{"name":"h","type":"int16","length":4},{"name":"h","type":"int16","length":0}]}',
      'has a header that promises other arrays than follow',
    ],
  ])('is refused with a forged header %s', (header, problem) => {
    expect(problemOf(fileBytes(header, new Uint8Array(8)))).toBe(problem);
  });
});
