import { availableMemory } from 'node:process';
import { describe, expect, it } from 'vitest';
import { memoryLimit } from '../../src/node/memory-limit.js';

describe('memoryLimit', () => {
  it.each([
    ['1000', 1000],
    ['512M', 512 * 2 ** 20],
    ['4G', 2 ** 32],
    ['1.5 GiB', 1.5 * 2 ** 30],
    ['2kb', 2048],
    ['1T', 2 ** 40],
  ])('reads %s', (text, bytes) => {
    expect(memoryLimit(text)).toBe(bytes);
  });

  it('is what the system has left, where nothing is said', () => {
    const limit = memoryLimit('');
    expect(limit).toBeGreaterThan(0);
    expect(limit).toBeLessThan(8 * availableMemory());
  });

  it.each(['much', '-1', '4X', '1e9', 'G'])('refuses %s', (text) => {
    expect(() => memoryLimit(text)).toThrow(
      `XNORLAB_MEMORY: expected an amount of memory such as 4G or 512M, got '${text}'`,
    );
  });
});
