import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/node/store/run-store.js';
import type { RunRecord } from '../../src/records/record.js';
import { runKey } from '../../src/records/run-key.js';
import { madeUpRun, madeUpRuns } from '../reports/made-up-run.js';
import { xnorlab } from './run-xnorlab.js';

/** @param unfinished - begun, no more */
async function fill(
  folder: string,
  sweep: string,
  finished: RunRecord[],
  unfinished: RunRecord[] = [],
): Promise<void> {
  const store = openStore(folder, { create: true });
  await store.write(async (writer) => {
    for (const record of [...finished, ...unfinished]) {
      const { config, rule } = record;
      const key = runKey(config, '00', rule);
      writer.begin({ key, config, rule, datasetSha256: '00', sweep });
      if (finished.includes(record)) writer.finish(key, record);
    }
  });
  store.close();
}

const size = { layers: [35, 35] };

describe('xnorlab table and figure', () => {
  let root: string;
  let binary: string;
  let float: string;
  const at = (...parts: string[]): string => path.join(root, ...parts);
  beforeAll(async () => {
    root = mkdtempSync(path.join(tmpdir(), 'xnorlab-reports-'));
    [binary, float] = [at('binary'), at('float')];
    const localError = madeUpRuns({ rule: { name: 'local-error', ...size } }, [81, 82, 83]);
    await fill(binary, 'comparison-binary', localError);
    await fill(binary, 'tuning', [madeUpRun({ rule: { name: 'adam', ...size } })]);
    // The first run is in both stores.
    const sgd = madeUpRuns({ rule: { name: 'sgd', ...size } }, [86, 87, 88.5]);
    await fill(float, 'comparison-float', sgd.slice(0, 2), sgd.slice(2));
    await fill(float, 'comparison-binary', localError.slice(0, 1));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('make tables from stores, then the same from the rows that were kept', async () => {
    const [to, again, stored] = [at('tables'), at('again'), at('stored')];
    const source = ['--store', binary, '--store', float, '--stored', stored];
    const first = await xnorlab('table', 'comparison', ...source, '--to', to, '--keep');
    expect(first).toEqual({
      code: 0,
      stdout:
        `${path.join(stored, 'comparison.jsonl')}\n` +
        `${path.join(to, 'comparison.md')}: 2 tables of 5 rows, runs missing in its sweeps: 1\n`,
      stderr: '',
    });
    const files = ['differences', 'fashion-mnist'].flatMap((table) =>
      ['csv', 'md', 'tex'].map((format) => `comparison-${table}.${format}`),
    );
    expect(readdirSync(to).sort()).toEqual([...files, 'comparison.md'].sort());
    expect(readFileSync(path.join(to, 'comparison.md'), 'utf8')).toContain(
      '| 35,35 | 82.0 ± 1.0 (n = 3) [81.5] | **86.50 ± 0.71** (n = 2) |\n',
    );
    expect(readFileSync(path.join(to, 'comparison-fashion-mnist.tex'), 'utf8')).toContain(
      '\\label{tab:comparison-fashion-mnist}',
    );
    const second = await xnorlab('table', 'all', '--stored', stored, '--to', again);
    expect(second).toEqual({
      code: 0,
      stdout: `${path.join(again, 'comparison.md')}: 2 tables of 5 rows\n`,
      stderr:
        'ablations: left out, there are no rows of it\nmetaplasticity: left out, there are no rows of it\n' +
        'metaplasticity-flips: left out, there are no rows of it\n' +
        'metaplasticity-depths: left out, there are no rows of it\nforgetting: left out, there are no rows of it\n' +
        'beyond-the-papers: left out, there are no rows of it\nbest: left out, there are no rows of it\n',
    });
    for (const file of readdirSync(to)) {
      expect(readFileSync(path.join(again, file), 'utf8')).toBe(readFileSync(path.join(to, file), 'utf8'));
    }
  });

  it('make figures in the formats asked for', async () => {
    const to = at('figures');
    const { code, stdout } = await xnorlab(
      'figure',
      'comparison',
      '--store',
      binary,
      '--to',
      to,
      '--format',
      'html,json',
    );
    expect([code, stdout]).toEqual([
      0,
      ['html', 'json'].map((format) => `${path.join(to, `comparison-accuracy.${format}`)}\n`).join(''),
    ]);
    expect(readFileSync(path.join(to, 'comparison-accuracy.json'), 'utf8')).toContain(
      '"local-error, published"',
    );
  });

  it('explain what is wrong and write nothing', async () => {
    const [to, stored] = [at('nothing'), at('nowhere')];
    const outcomes = await Promise.all([
      xnorlab('table', 'comparisons', '--to', to),
      xnorlab('figure', 'best', '--stored', stored, '--to', to),
      xnorlab('table', 'best', '--store', binary, '--to', to),
      xnorlab('table', 'comparison', '--stored', stored, '--to', to, '--keep'),
      xnorlab('figure', 'comparison', '--store', binary, '--to', to, '--format', 'svg,gif'),
      xnorlab('figure', 'comparison', '--store', binary, '--to', to, '--width', 'wide'),
      xnorlab('report', '--from', to),
    ]);
    const commands =
      '\n  npx xnorlab sweep configs/best.yaml --store results/best' +
      '\n  npx xnorlab table best --store results/best --keep\n';
    expect(outcomes.map(({ code, stderr }) => [code, stderr])).toEqual([
      [
        2,
        'xnorlab: name: expected one of comparison, ablations, metaplasticity, metaplasticity-flips, ' +
          "metaplasticity-depths, forgetting, beyond-the-papers, best, all, got 'comparisons'\n",
      ],
      [1, `xnorlab: ${path.join(stored, 'best.jsonl')}: no rows are stored; they are made with${commands}`],
      [1, `xnorlab: ${binary}: no finished runs that the reports best show; they are made with${commands}`],
      [2, 'xnorlab: --store: expected a store whose rows are kept, got undefined\n'],
      [2, "xnorlab: --format: expected one of html, json, svg, pdf, png, got 'gif'\n"],
      [
        2,
        'xnorlab: width: expected one of single, double, neurips, iclr, icmlColumn, icmlText or millimetres, more than ' +
          "20, got 'wide'\n",
      ],
      [1, `xnorlab: ${to}: holds no executed notebooks; \`npx xnorlab notebooks\` leaves them there\n`],
    ]);
    expect([to, stored].some((folder) => existsSync(folder))).toBe(false);
  });
});
