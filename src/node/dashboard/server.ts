import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EnvironmentError } from '../../core/errors.js';
import { encodeSnapshot } from '../../records/store-snapshot.js';
import type { SnapshotSource } from './snapshot-source.js';

const HOST = '127.0.0.1';

/** The page may ask its own host for data, and nobody for anything else. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; " +
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** A dashboard that is served. */
export interface ServedDashboard {
  /** Where it is, with the token that opens it. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves a dashboard to this machine alone, for reading alone: whoever knows the token in its address sees it, and nothing can be changed.
 * @param port - 0 for any that is free
 * @throws EnvironmentError when the port is taken
 */
export async function serveDashboard(
  page: string,
  source: SnapshotSource,
  port = 0,
): Promise<ServedDashboard> {
  const token = randomBytes(16).toString('hex');
  const server = createServer((request, response) => {
    try {
      answer(request, response, { page, source, token, port: portOf(server) });
    } catch (error) {
      // The store may be busy or gone for a moment; the page asks again.
      send(response, 500, 'text/plain; charset=utf-8', `${(error as Error).message}\n`);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new EnvironmentError(
          `port ${port} cannot be listened on (${cause.code})`,
          'Name another with --port, or none.',
          { cause },
        ),
      );
    });
    server.listen(port, HOST, resolve);
  });
  return {
    address: `http://${HOST}:${portOf(server)}/${token}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Served {
  readonly page: string;
  readonly source: SnapshotSource;
  readonly token: string;
  readonly port: number;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { page, source, token, port }: Served,
): void {
  const refuse = (status: number, problem: string): void =>
    send(response, status, 'text/plain; charset=utf-8', `${problem}\n`);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(405, 'The dashboard only reads.');
    return;
  }
  // Else a page of another host could have its name lead here.
  if (![`${HOST}:${port}`, `localhost:${port}`].includes(request.headers.host ?? '')) {
    refuse(403, `The dashboard is at ${HOST}:${port}.`);
    return;
  }
  const [, given = '', file] = (request.url ?? '').split('/');
  if (!isSame(given, token)) {
    refuse(403, 'The address lacks the token that `xnorlab dashboard` printed.');
    return;
  }
  if (file === '') send(response, 200, 'text/html; charset=utf-8', page);
  else if (file === 'data') sendData(request, response, source);
  else refuse(404, 'There is nothing here.');
}

function sendData(request: IncomingMessage, response: ServerResponse, source: SnapshotSource): void {
  source.refresh();
  const tag = `"${source.version}"`;
  if (request.headers['if-none-match'] === tag) {
    response.writeHead(304, { ...HEADERS, etag: tag }).end();
    return;
  }
  response.setHeader('etag', tag);
  send(response, 200, 'application/octet-stream', encodeSnapshot(source.snapshot()));
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response.writeHead(status, { ...HEADERS, 'content-type': type }).end(body);
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [given, token].map((text) => Buffer.from(text));
  return a.length === b.length && timingSafeEqual(a, b);
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
