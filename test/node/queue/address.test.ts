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

  /** Every password has the letters zq in each of its parts. */
  it.each([
    'redis://:zq@zq/zq#zq%2B@127.0.0.1:6391',
    'redis://:zq@zq/zq#zq',
    'redis://me:12/zq@host:6379',
    'redis://:zq?zq@host',
    'redis://:zq#zq@host',
    'redis://:zq@zq@host',
    'redis:/:zq@host',
    ':zq@host:6379',
    'me:zq',
    'redis://me:zq',
    'redis://:100%zq@host',
    'redis://host?password=zq',
    'redis://host#zq',
    'rediss://me:zq:zq@host/x',
    'redis://:zq@host/abc',
  ])('shows nothing of the password in %j', (text) => {
    let shown = '';
    try {
      shown = parseAddress(text).shown;
    } catch (error) {
      shown = (error as Error).message;
    }
    expect(shown).not.toContain('zq');
  });

  it('says how to write what an address cannot hold', () => {
    expect(() => parseAddress('redis://:p@ss/w#rd%2B@127.0.0.1:6391')).toThrow(
      "user and password with %40 for @, %2F for /, %3F for ? and %23 for #, got 'redis://…@127.0.0.1:6391'",
    );
    expect(() => parseAddress('redis://:100%@host')).toThrow(
      "with %25 for a % in user and password, got 'redis://…@host'",
    );
    expect(parseAddress('redis://:p%40ss%2Fw%23rd@host').shown).toBe('redis://host');
  });

  it.each(['redis://127.0.0.1:6379/abc', 'redis://host/-1', 'redis://host/1/2', 'redis://host/1.5'])(
    'refuses %j, which names no database',
    (text) => {
      expect(() => parseAddress(text)).toThrow(
        `queue: expected the number of a database after the host, as in redis://host:6379/2, got '${text}'`,
      );
    },
  );
});
