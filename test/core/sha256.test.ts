import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSha256, hex, sha256 } from '../../src/core/sha256.js';

describe('sha256', () => {
  it('gives the published digests', () => {
    expect(hex(sha256('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(hex(sha256(''))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('takes texts as UTF-8, as Node does', () => {
    expect(hex(sha256('7/größe ✓'))).toBe(createHash('sha256').update('7/größe ✓').digest('hex'));
  });

  it('takes bytes piece by piece', () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
    const hash = createSha256();
    const cuts = [0, 1, 64, 65, 500, 1000];
    for (const [i, start] of cuts.slice(0, -1).entries()) hash.update(bytes.subarray(start, cuts[i + 1]));
    expect(hex(hash.digest())).toBe(createHash('sha256').update(bytes).digest('hex'));
  });
});
