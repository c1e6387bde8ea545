import { ArgumentError } from '../../core/errors.js';

const EXPECTED = 'an address such as redis://host:6379 or rediss://user:password@host:6379';

/** Where a Redis is. */
export interface QueueAddress {
  /** With the password. */
  readonly url: string;
  /** The same without user and password, for messages. */
  readonly shown: string;
}

/** @throws ArgumentError, which does not tell the password either */
export function parseAddress(text: string): QueueAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
    throw new ArgumentError('queue', EXPECTED, text.replace(/\/\/.*@/, '//…@'));
  }
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  shown.search = '';
  return { url: text, shown: shown.href.replace(/\/$/, '') };
}
