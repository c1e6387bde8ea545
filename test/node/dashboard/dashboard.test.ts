import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import * as xnorlab from '../../../src/index.js';
import { figureCode } from '../../../src/live/dashboard/figure-code.js';
import {
  curveStarts,
  filterRuns,
  groupCurve,
  groupRuns,
  spreadOf,
} from '../../../src/live/dashboard/groups.js';
import { type ServedDashboard, serveDashboard } from '../../../src/node/dashboard/server.js';
import { SnapshotSource } from '../../../src/node/dashboard/snapshot-source.js';
import { openStore, type RunStore } from '../../../src/node/store/run-store.js';
import { decodeSnapshot, encodeSnapshot } from '../../../src/records/store-snapshot.js';
import { sampleRun } from '../store/sample-run.js';

const ALL = { values: new Map<string, string>(), state: '', words: '' };

describe('a dashboard', () => {
  const top = mkdtempSync(path.join(tmpdir(), 'xnorlab-dashboard-'));
  const opened: RunStore[] = [];
  afterEach(() => {
    for (const store of opened.splice(0)) store.close();
  });
  afterAll(() => rmSync(top, { recursive: true, force: true }));

  let count = 0;
  function newStore(): RunStore {
    const store = openStore(path.join(top, String(++count)), { create: true });
    opened.push(store);
    return store;
  }

  /** Runs of seeds 1 to 6: group size 2 for odd ones, else 1; the last but one fails, the last is not finished. */
  async function filled(): Promise<RunStore> {
    const store = newStore();
    await store.write(async (writer) => {
      for (let seed = 1; seed <= 6; seed++) {
        const { record, ...run } = sampleRun(seed);
        writer.begin(run);
        if (seed === 5) writer.fail(run.key, { name: 'Error', message: 'out of luck' });
        else if (seed === 6) writer.appendEpochs(run.key, record.epochs.slice(0, 1));
        else {
          writer.appendEpochs(run.key, record.epochs);
          writer.finish(run.key, record);
        }
      }
    });
    return store;
  }

  function lookAt(store: RunStore): SnapshotSource {
    const source = new SnapshotSource(store);
    source.refresh();
    return source;
  }

  it('takes all runs of a store, column by column', async () => {
    const snapshot = lookAt(await filled()).snapshot();
    expect(snapshot).toMatchObject({
      states: [2, 2, 2, 2, 1, 0],
      seeds: [1, 2, 3, 4, 5, 6],
      done: [2, 2, 2, 2, 0, 1],
      epochs: [2, 2, 2, 2, 2, 2],
      validation: [71, 71, 71, 71, null, null],
      test: [73, 74, 75, 76, null, null],
      options: [{ path: 'rule.groupSize', values: [2, 1], codes: [0, 1, 0, 1, 0, 1] }],
      shared: { 'rule.name': 'local-error', 'rule.layers': '4,2', 'dataset.name': 'prototypes', epochs: 2 },
      failures: [{ run: 4, name: 'Error', message: 'out of luck' }],
    });
    // Test accuracies of the sample are 67 and 72, and the seed is added.
    expect(Array.from(snapshot.curves.test)).toEqual([6800, 7300, 6900, 7400, 7000, 7500, 7100, 7600, 7300]);
    expect(decodeSnapshot(encodeSnapshot(snapshot))).toEqual(snapshot);
  });

  it('sees what comes later as it sees it at first, and a run that begins again', async () => {
    const store = await filled();
    const source = lookAt(store);
    const versions = [source.version];
    const { record, ...run } = sampleRun(6);
    await store.write(async (writer) => {
      writer.begin(run);
      writer.truncate(run.key, 0);
    });
    source.refresh();
    expect(source.snapshot().done).toEqual([2, 2, 2, 2, 0, 0]);
    versions.push(source.version);
    await store.write(async (writer) => {
      writer.begin(run);
      writer.appendEpochs(run.key, record.epochs);
      writer.finish(run.key, record);
      writer.begin(sampleRun(7));
    });
    source.refresh();
    versions.push(source.version);
    const { takenAt: _, ...seen } = source.snapshot();
    const { takenAt: __, ...fresh } = lookAt(store).snapshot();
    expect(seen).toEqual(fresh);
    expect(seen.keys).toHaveLength(7);
    expect(new Set(versions).size).toBe(3);
    source.refresh();
    expect(source.version).toBe(versions[2]);
  });

  it('groups over seeds with the interval of Student', async () => {
    const snapshot = lookAt(await filled()).snapshot();
    const groups = groupRuns(snapshot, filterRuns(snapshot, ALL));
    expect(groups.map(({ runs }) => runs)).toEqual([
      [0, 2, 4],
      [1, 3, 5],
    ]);
    // 73 and 75: s = √2, t₀.₉₇₅(1) = 12.7062, so ± 12.7062·√2/√2.
    expect(groups[0].test?.mean).toBe(74);
    expect(groups[0].test?.half).toBeCloseTo(12.7062, 3);
    // 1, 2, 3: s = 1, t₀.₉₇₅(2) = 4.30265, so ± 4.30265/√3.
    expect(spreadOf([1, 2, 3], snapshot.tFactors)?.half).toBeCloseTo(2.48414, 4);
    expect(spreadOf([5], snapshot.tFactors)).toEqual({ n: 1, mean: 5, half: undefined });
    const curve = groupCurve(snapshot, curveStarts(snapshot), groups[1].runs, 'test');
    // Epoch 1 of seeds 2, 4 and 6, epoch 2 of the first two.
    expect(curve.means).toEqual([71, 75]);
    expect(curve.halves[1]).toBeCloseTo(12.7062, 3);
  });

  it.each([
    [{ words: 'groupsize=2' }, [0, 2, 4]],
    [{ words: 'groupsize=1 seed=4' }, [3]],
    [{ values: new Map([['rule.groupSize', '1']]), state: 'finished' }, [1, 3]],
    [{ state: 'failed' }, [4]],
    [{ words: 'nothing like it' }, []],
  ])('filters runs: %j', async (filter, expected) => {
    const snapshot = lookAt(await filled()).snapshot();
    expect(filterRuns(snapshot, { ...ALL, ...filter })).toEqual(expected);
  });

  it('gives a figure as code that draws it in a cell', async () => {
    const store = await filled();
    const snapshot = lookAt(store).snapshot();
    const code = figureCode(snapshot, groupRuns(snapshot, filterRuns(snapshot, ALL)));
    const [, names = '', rest = ''] = /^import \{ (.*) \} from 'xnorlab';\n([\s\S]*)$/.exec(code) ?? [];
    const shown: xnorlab.Figure[] = [];
    const scope = { ...xnorlab, show: (figure: xnorlab.Figure) => shown.push(figure) };
    new Function('scope', `const { ${names} } = scope;\n${rest}\nstore.close();`)(scope);
    // 67 and 72 with the mean of seeds 1 and 3, and of 2 and 4, added.
    const lines = shown[0].data.filter(({ name }) => name !== undefined);
    expect(lines).toMatchObject([
      { name: '2, test', y: [69, 74] },
      { name: '1, test', y: [70, 75] },
    ]);
  });

  describe('served', () => {
    let served: ServedDashboard | undefined;
    afterEach(async () => {
      await served?.close();
      served = undefined;
    });

    interface Answer {
      readonly status: number | undefined;
      readonly headers: NodeJS.Dict<string | string[]>;
      readonly body: Buffer;
    }

    function ask(
      address: string,
      options: { method?: string; headers?: Record<string, string> } = {},
    ): Promise<Answer> {
      return new Promise((resolve, reject) => {
        request(address, options, (response) => {
          const pieces: Buffer[] = [];
          response.on('data', (piece: Buffer) => pieces.push(piece));
          response.on('end', () =>
            resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(pieces) }),
          );
        })
          .on('error', reject)
          .end();
      });
    }

    it('answers who has the token, on this machine, who only reads', async () => {
      served = await serveDashboard('<p>page</p>', new SnapshotSource(await filled()));
      const { address } = served;
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/$/);
      const page = await ask(address);
      expect([page.status, String(page.body)]).toEqual([200, '<p>page</p>']);
      expect(page.headers).toMatchObject({
        'content-security-policy': expect.stringMatching(/^default-src 'none'.*connect-src 'self'/),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      const { origin, host } = new URL(address);
      expect((await ask(`${origin}/`)).status).toBe(403);
      expect((await ask(`${origin}/${'0'.repeat(32)}/data`)).status).toBe(403);
      expect((await ask(address, { method: 'POST' })).status).toBe(405);
      expect((await ask(address, { headers: { host: `example.org:${host.split(':')[1]}` } })).status).toBe(
        403,
      );
      expect((await ask(`${address}store.sqlite`)).status).toBe(404);
    });

    it('sends the store once, and again only when it has changed', async () => {
      const store = await filled();
      served = await serveDashboard('', new SnapshotSource(store));
      const first = await ask(`${served.address}data`);
      expect(decodeSnapshot(first.body).keys).toHaveLength(6);
      const etag = String(first.headers.etag);
      const again = await ask(`${served.address}data`, { headers: { 'if-none-match': etag } });
      expect([again.status, again.body.length]).toEqual([304, 0]);
      await store.write(async (writer) => writer.begin(sampleRun(7)));
      const later = await ask(`${served.address}data`, { headers: { 'if-none-match': etag } });
      expect(decodeSnapshot(later.body).keys).toHaveLength(7);
    });

    it('says that a port is taken', async () => {
      served = await serveDashboard('', new SnapshotSource(newStore()));
      const { port } = new URL(served.address);
      await expect(serveDashboard('', new SnapshotSource(newStore()), Number(port))).rejects.toThrow(
        `port ${port} cannot be listened on (EADDRINUSE). Name another with --port, or none.`,
      );
    });
  });
});
