import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src/node/queue/address.js';

describe('parseAddress', () => {
  it('keeps the password for the connection and shows none', () => {
    const text = 'redis://me:secret@host:7000/2?family=4';
    expect(parseAddress(text)).toEqual({ url: text, shown: 'redis://host:7000/2' });
    expect(parseAddress('rediss://:secret@host').shown).toBe('rediss://host');
  });

  it.each(['http://host:6379', 'host:6379', 'redis://', '', '6379'])('refuses %j', (text) => {
    expect(() => parseAddress(text)).toThrow(
      `queue: expected an address such as redis://host:6379 or rediss://user:password@host:6379, got '${text}'`,
    );
  });

  it('does not tell the password of a wrong address', () => {
    expect(() => parseAddress('http://me:sec@ret@host:6379')).toThrow(`got 'http://…@host:6379'`);
    expect(() => parseAddress('redis://me:secret@')).toThrow(`got 'redis://…@'`);
  });
});
