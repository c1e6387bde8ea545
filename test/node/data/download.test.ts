import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { IDX_FILES, type IdxFileName, idxDataset } from '../../../src/data/idx-dataset.js';
import type { KnownDataset } from '../../../src/data/known/known-dataset.js';
import { type DownloadPlan, type DownloadProgress, downloadFiles } from '../../../src/node/data/download.js';
import { obtainKnown } from '../../../src/node/data/load.js';
import { errorOf, idxBytes, temporaryFolder, writeFiles } from '../../data/helpers.js';

const contents = {
  first: Buffer.from('contents of the first file'),
  second: Buffer.alloc(300_000, 'second'),
};
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const files = [
  { name: 'first', sha256: sha256(contents.first) },
  { name: 'second', sha256: sha256(contents.second) },
];
const archives: Record<string, Buffer> = {
  '/set/first.gz': gzipSync(contents.first),
  '/set/second.gz': gzipSync(contents.second, { level: 0 }),
};

/** A server on the loopback interface that ends with the test. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Serves the archives, changed by `change` where it returns something. */
const serveArchives = (change: Record<string, Buffer | undefined> = {}): Promise<string> =>
  serve(({ url = '' }, response) => {
    const bytes = url in change ? change[url] : archives[url];
    if (!bytes) response.writeHead(404).end('no such file');
    else response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  });

async function planFor(
  origin: string,
  more: Partial<DownloadPlan> = {},
): Promise<{ parent: string; plan: DownloadPlan }> {
  const parent = await temporaryFolder();
  return {
    parent,
    plan: { name: 'set', baseUrl: `${origin}/set`, folder: join(parent, 'data', 'set'), files, ...more },
  };
}

describe('downloadFiles', () => {
  it('fetches, checks and places all files, makes the folder and reports progress', async () => {
    const progress: DownloadProgress[] = [];
    const { plan } = await planFor(await serveArchives(), { onProgress: (step) => progress.push(step) });
    await downloadFiles(plan);
    expect((await readdir(plan.folder)).sort()).toEqual(['first.gz', 'second.gz']);
    expect(await readFile(join(plan.folder, 'second.gz'))).toEqual(archives['/set/second.gz']);
    const size = archives['/set/second.gz'].length;
    expect(progress.at(-1)).toEqual({ file: 'second.gz', receivedBytes: size, totalBytes: size });
    const received = progress
      .filter(({ file }) => file === 'second.gz')
      .map(({ receivedBytes }) => receivedBytes);
    expect(received).toEqual([...received].sort((a, b) => a - b));
  });

  it('leaves out the total where the server does not say it', async () => {
    const progress: DownloadProgress[] = [];
    const origin = await serve(({ url = '' }, response) => response.end(archives[url]));
    const chunked = await serve(({ url = '' }, response) => {
      response.write(archives[url]);
      response.end();
    });
    for (const server of [origin, chunked]) {
      const { plan } = await planFor(server, { onProgress: (step) => progress.push(step) });
      await downloadFiles(plan);
    }
    expect(progress.at(-1)).toEqual({ file: 'second.gz', receivedBytes: archives['/set/second.gz'].length });
  });

  const remedy = (folder: string): string =>
    `Put first.gz, second.gz into ${folder}, or name a folder that has set/ in it with --data-dir or XNORLAB_DATA.`;

  /** Checks the error and that nothing at all was left behind. */
  async function expectFailure(
    origin: string,
    name: string,
    message: (plan: DownloadPlan) => string,
    more: Partial<DownloadPlan> = {},
  ): Promise<void> {
    const { parent, plan } = await planFor(origin, more);
    const error = await errorOf(() => downloadFiles(plan));
    expect([error.name, error.message]).toEqual([name, message(plan)]);
    expect(await readdir(parent)).toEqual([]);
  }

  const unreachable = (why: string) => (plan: DownloadPlan) =>
    `set is not on this machine and ${plan.baseUrl}/second.gz cannot be fetched (${why}). ${remedy(plan.folder)}`;

  it('refuses contents with another hash', async () => {
    const other = Buffer.from('something else');
    await expectFailure(
      await serveArchives({ '/set/second.gz': gzipSync(other) }),
      'DataError',
      ({ baseUrl }) =>
        `${baseUrl}/second.gz: is not second of set: SHA-256 of the contents is ${sha256(other)}, expected ${sha256(contents.second)}`,
    );
  });

  it('refuses an answer that is no gzip data, or half of it', async () => {
    await expectFailure(
      await serveArchives({ '/set/second.gz': Buffer.from('<html>') }),
      'DataError',
      ({ baseUrl }) => `${baseUrl}/second.gz: is not gzip data`,
    );
    await expectFailure(
      await serveArchives({ '/set/second.gz': archives['/set/second.gz'].subarray(0, 1000) }),
      'DataError',
      ({ baseUrl }) => `${baseUrl}/second.gz: truncated gzip data (unexpected end of file)`,
    );
  });

  it('says where to put which file after a 404', async () => {
    const origin = await serveArchives({ '/set/second.gz': undefined });
    await expectFailure(origin, 'EnvironmentError', unreachable('the server answered 404 Not Found'));
  });

  it('says so when the connection is cut midway', async () => {
    const origin = await serve(({ url = '' }, response) => {
      const bytes = archives[url];
      response.writeHead(200, { 'content-length': bytes.length });
      if (url.includes('first')) response.end(bytes);
      else response.write(bytes.subarray(0, 100_000), () => response.destroy());
    });
    await expectFailure(origin, 'EnvironmentError', unreachable('terminated: other side closed'));
  });

  it('says so when there is no server', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    const why = `fetch failed: connect ECONNREFUSED 127.0.0.1:${port}`;
    await expectFailure(`http://127.0.0.1:${port}`, 'EnvironmentError', (plan) =>
      unreachable(why)(plan).replace('second.gz cannot', 'first.gz cannot'),
    );
  });

  it('stops when told to', async () => {
    const controller = new AbortController();
    const origin = await serve(({ url = '' }, response) => {
      if (url.includes('first')) response.end(archives[url]);
      else response.write(archives[url].subarray(0, 1000), () => controller.abort());
    });
    await expectFailure(
      origin,
      'InterruptedError',
      ({ baseUrl }) => `The download of ${baseUrl}/second.gz was interrupted`,
      { signal: controller.signal },
    );
  });

  it('leaves what was in the folder before', async () => {
    const { plan } = await planFor(await serveArchives({ '/set/second.gz': undefined }));
    await writeFiles(plan.folder, { 'README.md': 'mine' });
    await errorOf(() => downloadFiles(plan));
    expect(await readdir(plan.folder)).toEqual(['README.md']);
  });

  it('says so when the folder cannot be made', async () => {
    const parent = await temporaryFolder();
    await writeFiles(parent, { file: 'no folder' });
    const folder = join(parent, 'file', 'set');
    const error = await errorOf(() =>
      downloadFiles({ name: 'set', baseUrl: 'http://127.0.0.1:9', folder, files }),
    );
    expect([error.name, error.message]).toEqual([
      'EnvironmentError',
      `${folder} cannot be written (ENOTDIR). Name a folder that can be written with --data-dir.`,
    ]);
  });
});

describe('obtainKnown', () => {
  const raw = (name: IdxFileName): Buffer => idxBytes([2], [name.length, 1]);
  const known: KnownDataset = {
    name: 'tiny',
    title: 'tiny',
    shape: { kind: 'image', channels: 1, height: 1, width: 2 },
    files: IDX_FILES.map((name) => ({ name, sha256: sha256(raw(name)) })),
    homepage: 'http://tiny.invalid',
    download: { address: 'http://127.0.0.1:9/never-asked', megabytes: 1 },
    assemble: (fileOf) => idxDataset('tiny', fileOf),
  };

  it('downloads what is missing of a set, from a mirror, into the folder for downloads, and nothing the second time', async () => {
    const [own, downloads] = [await temporaryFolder(), join(await temporaryFolder(), 'cache')];
    const requests: string[] = [];
    const origin = await serve(({ url = '' }, response) => {
      requests.push(url);
      response.end(gzipSync(raw(url.slice('/m/'.length, -'.gz'.length) as IdxFileName)));
    });
    const [first, ...rest] = IDX_FILES;
    await writeFiles(own, { [`tiny/${first}`]: raw(first) });
    const places = { folders: [own, downloads], downloads };
    for (let time = 0; time < 2; time++) {
      expect([...(await obtainKnown(known, places, { mirror: `${origin}/m/` }))]).toEqual([
        [first, join(own, 'tiny', first)],
        ...rest.map((name) => [name, join(downloads, 'tiny', `${name}.gz`)]),
      ]);
    }
    expect(requests).toEqual(rest.map((name) => `/m/${name}.gz`));
    expect(await readdir(join(own, 'tiny'))).toEqual([first]);
  });

  it('says where it looked and what lies there, when nothing answers', async () => {
    const [own, absent] = [await temporaryFolder(), join(await temporaryFolder(), 'absent')];
    await writeFiles(own, { 'other/train.csv': 'x' });
    const places = { folders: [own, absent], downloads: absent };
    const error = await errorOf(() => obtainKnown(known, places, { mirror: 'http://127.0.0.1:9' }));
    expect(error.message).toContain(
      `tiny is not on this machine (looked in ${own} (other), ${absent} (is not there)) and http://127.0.0.1:9/`,
    );
  });
});
