import { ArgumentError } from '../../core/errors.js';

const EXPECTED = 'an address such as redis://host:6379 or rediss://user:password@host:6379';

/** Where a Redis is. */
export interface QueueAddress {
  /** With the password. */
  readonly url: string;
  /** The same without user and password, for messages. */
  readonly shown: string;
}

/** @throws ArgumentError, which tells nothing of the password either */
export function parseAddress(text: string): QueueAddress {
  if (hasRawDelimiter(text)) {
    const encoded = 'user and password with %40 for @, %2F for /, %3F for ? and %23 for #';
    throw new ArgumentError('queue', `${EXPECTED}, ${encoded}`, withoutCredentials(text));
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
    throw new ArgumentError('queue', EXPECTED, withoutCredentials(text));
  }
  if (![url.username, url.password].every(isEncoded)) {
    const expected = `${EXPECTED}, with %25 for a % in user and password`;
    throw new ArgumentError('queue', expected, withoutCredentials(text));
  }
  if (!/^\/?$|^\/\d+$/.test(url.pathname)) {
    const expected = 'the number of a database after the host, as in redis://host:6379/2';
    throw new ArgumentError('queue', expected, withoutCredentials(text));
  }
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  shown.search = '';
  shown.hash = '';
  return { url: text, shown: shown.href.replace(/\/$/, '') };
}

/** Whether a user or password holds what ends them in an address: it would be read as another address. */
function hasRawDelimiter(text: string): boolean {
  const [, rest = ''] = text.split(/:?\/\/(.*)/s);
  return /[/?#].*@/s.test(rest) || rest.split('@').length > 2;
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** No more than a scheme, a host, a port and a path. */
const PLAIN = /^(?:[a-z+]+:\/\/)?[\w.-]*(?::\d*)?(?:\/[\w./-]*)?$/i;

/** An address that is wrong, as far as it can be shown: where there may be a password, its scheme and what is surely a host. */
function withoutCredentials(text: string): string {
  if (PLAIN.test(text)) return text;
  const scheme = /^[a-z+]+:\/\//i.exec(text)?.[0] ?? '';
  const host = /@((?:[\w.-]+(?::\d+)?)?(?:\/\d*)?)$/.exec(text)?.[1];
  return host === undefined ? `${scheme}…` : `${scheme}…@${host}`;
}
