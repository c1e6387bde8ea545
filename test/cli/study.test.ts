import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../src/node/files/folders.js';
import { openStore } from '../../src/node/store/run-store.js';
import type { RunRecord } from '../../src/records/record.js';
import { runKey } from '../../src/records/run-key.js';
import { madeUpRun, madeUpRuns } from '../studies/made-up-run.js';
import { type Outcome, xnorlabIn } from './run-xnorlab.js';

/** What is in a folder and below, without stores. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('store'))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

const STUDY = `
import { formatTable, learningCurves, studyRows, summarize, type Study } from 'xnorlab';
import { CAPTION } from './caption';

export default {
  title: 'Margins of my own',
  description: 'Does a margin help?',
  parts: {
    margins: {
      sweeps: ['sweep.yaml'],
      rows: (records) =>
        studyRows(records, ['rule', 'seed', 'testAccuracy'], { robustness: 'rule.robustness' })
          .map((row) => ({ ...row, epoch: 1, trainAccuracy: 50 })),
      tables: (rows) => ({
        accuracy: formatTable(summarize(rows, { by: ['robustness'], value: 'testAccuracy' }), {
          rows: ['robustness'], caption: CAPTION,
        }),
      }),
      figures: (rows) => ({ curves: learningCurves(rows, { series: 'robustness' }) }),
    },
  },
} satisfies Study;
`;

const SWEEP = `
name: margins
base:
  dataset:
    name: prototypes
    prototypes: { features: 60, classes: 3, trainSamples: 60, validationSamples: 20, testSamples: 20 }
  rule: { name: local-error, layers: [10], groupSize: 5 }
  epochs: 1
axes:
  - grid: { rule.robustness: [0, 0.5] }
  - seeds: 2
`;

/** A project of a user, with a study. */
function makeProject(): string {
  const project = mkdtempSync(path.join(tmpdir(), 'xnorlab-project-'));
  const folder = path.join(project, 'notebooks', '01-margins');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(project, 'package.json'), '{ "name": "mine", "type": "module" }');
  writeFileSync(path.join(folder, 'study.ts'), STUDY);
  writeFileSync(path.join(folder, 'caption.ts'), "export const CAPTION: string = 'Accuracy by margin';\n");
  writeFileSync(path.join(folder, 'sweep.yaml'), SWEEP);
  return project;
}

describe('a study in a project of the user', () => {
  let project: string;
  let folder: string;
  const study = (...args: string[]): Promise<Outcome> => xnorlabIn(folder, 'study', ...args);
  beforeAll(() => {
    project = makeProject();
    folder = path.join(project, 'notebooks', '01-margins');
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it('is listed, from anywhere in the project', async () => {
    expect(await study()).toEqual({
      code: 0,
      stdout: 'margins: Margins of my own\n  .; 4 runs; rows kept: margins 0\n',
      stderr: '',
    });
    const { stdout } = await xnorlabIn(project, 'study', '--json');
    expect(JSON.parse(stdout)).toEqual([
      { name: 'margins', folder, title: 'Margins of my own', runs: 4, rows: { margins: 0 } },
    ]);
  });

  it('has nothing to draw before it was run', async () => {
    expect(await study('margins')).toEqual({
      code: 1,
      stdout: '',
      stderr: `xnorlab: ${folder}: no rows are kept; they are made with \`npx xnorlab study margins --run --keep\`\n`,
    });
    expect(existsSync(path.join(project, 'results'))).toBe(false);
  });

  it('is run into a store in the results of the project, and its rows and page are kept beside it', async () => {
    const results = path.join(project, 'results', '01-margins');
    const first = await study('margins', '--run', '--keep', '--format', 'json', '--workers', '1');
    expect(first.stderr).toContain(
      `margins: 4 runs in ${path.join(results, 'store')}: 4 finished now, 0 before, 0 failed\n`,
    );
    expect([first.code, first.stdout]).toEqual([
      0,
      `${path.join(folder, 'rows', 'margins.jsonl')}\n${path.join(folder, 'RESULTS.md')}\n` +
        `${path.join(results, 'RESULTS.md')}: 1 tables of 4 rows\n` +
        `${path.join(results, 'margins-curves.json')}\n`,
    ]);
    expect(filesIn(results)).toEqual([
      'RESULTS.md',
      ...['csv', 'md', 'tex'].map((format) => `margins-accuracy.${format}`),
      'margins-curves.json',
    ]);
    expect(readFileSync(path.join(folder, 'RESULTS.md'), 'utf8')).toMatch(
      /^# Margins of my own\n\nDoes a margin help\?\n[\s\S]*\| robustness \|[\s\S]*Accuracy by margin/,
    );
    // Again: nothing is trained.
    const second = await study('margins', '--run', '--format', 'json');
    expect(second.stderr).toContain('0 finished now, 4 before, 0 failed\n');
  });

  it('is drawn again from the rows that are kept, without its runs', async () => {
    const [results, elsewhere] = [path.join(project, 'results'), path.join(project, 'elsewhere')];
    const before = readFileSync(path.join(results, '01-margins', 'RESULTS.md'), 'utf8');
    rmSync(results, { recursive: true });
    const { code } = await study('01-margins', '--to', elsewhere, '--format', 'html,json');
    expect(code).toBe(0);
    expect(readFileSync(path.join(elsewhere, 'RESULTS.md'), 'utf8')).toBe(before);
    expect(filesIn(elsewhere)).toContain('margins-curves.html');
    expect(existsSync(results)).toBe(false);
  });

  it('is drawn as it stands after an edit', async () => {
    writeFileSync(path.join(folder, 'caption.ts'), "export const CAPTION = 'Edited';\n");
    const to = path.join(project, 'edited');
    await xnorlabIn(folder, 'table', 'margins', '--to', to);
    expect(readFileSync(path.join(to, 'RESULTS.md'), 'utf8')).toContain('\nEdited');
  });
});

describe('what is wrong with a study', () => {
  let project: string;
  let file: string;
  beforeEach(() => {
    project = makeProject();
    file = path.join(project, 'notebooks', '01-margins', 'study.ts');
    return () => rmSync(project, { recursive: true, force: true });
  });

  it.each<[string, string, RegExp | string]>([
    ['does not compile', 'export default {', /cannot be loaded: ParseError: Unexpected token/],
    ['throws', "throw new Error('no luck');", 'cannot be loaded: no luck'],
    ['exports nothing', 'const study = 1;', ': default.title: expected a string, got undefined'],
    [
      'lacks a function',
      "export default { title: 'A', description: '', parts: { a: { sweeps: [], rows: [] } } };",
      ': default.parts.a.rows: expected a function, got []',
    ],
    [
      'has a sweep without a name',
      "export default { title: 'A', description: '', parts: { a: { sweeps: [{}], rows: () => [] } } };",
      ': default.parts.a.sweeps.0.name: expected a string, got undefined',
    ],
  ])('is said, with its file: it %s', async (_, text, message) => {
    writeFileSync(file, text);
    const drawn = await xnorlabIn(project, 'study', 'margins');
    expect(drawn.stderr).toContain(`xnorlab: ${file}`);
    expect(drawn.stderr).toMatch(message);
    expect(drawn.code).toBeGreaterThan(0);
    expect(existsSync(path.join(project, 'results'))).toBe(false);
  });

  it('hides no other study from the list', async () => {
    const other = path.join(project, 'notebooks', '02-other');
    cpSync(path.dirname(file), other, { recursive: true });
    writeFileSync(file, 'export default 1;');
    const { code, stdout, stderr } = await xnorlabIn(project, 'study');
    expect([code, stdout]).toEqual([
      1,
      `other: Margins of my own\n  ${path.join('notebooks', '02-other')}; 4 runs; rows kept: margins 0\n`,
    ]);
    expect(stderr).toContain(`margins: ${file}: default: expected an object, got 1`);
  });

  it('is told of names: unknown ones, two of a kind, none at all', async () => {
    const unknown = await xnorlabIn(project, 'study', 'margin');
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      "xnorlab: study: expected one of margins, got 'margin'\n",
    ]);
    cpSync(path.dirname(file), path.join(project, 'notebooks', '02-margins'), { recursive: true });
    expect((await xnorlabIn(project, 'study')).stderr).toContain(
      `${path.join('notebooks', '02-margins')}: is a second study of the name margins: rename one`,
    );
    rmSync(path.join(project, 'notebooks'), { recursive: true });
    const none = await xnorlabIn(project, 'study');
    expect([none.code, none.stderr]).toEqual([
      1,
      `xnorlab: ${path.join(project, 'notebooks')}: holds no studies; a study is a folder there with a file study.ts\n`,
    ]);
  });
});

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

describe('our studies, of stores of the user', () => {
  let root: string;
  let binary: string;
  let float: string;
  const at = (...parts: string[]): string => path.join(root, ...parts);
  const run = (...args: string[]): Promise<Outcome> => xnorlabIn(PACKAGE_ROOT, ...args);
  beforeAll(async () => {
    root = mkdtempSync(path.join(tmpdir(), 'xnorlab-studies-'));
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

  it('are tables of the runs of its sweeps alone, each once', async () => {
    const to = at('tables');
    expect(await run('table', 'comparison', '--store', binary, '--store', float, '--to', to)).toEqual({
      code: 0,
      stdout: `${path.join(to, 'RESULTS.md')}: 2 tables of 5 rows, runs missing in its sweeps: 1\n`,
      stderr: '',
    });
    const files = ['differences', 'fashion-mnist'].flatMap((table) =>
      ['csv', 'md', 'tex'].map((format) => `comparison-${table}.${format}`),
    );
    expect(filesIn(to)).toEqual(['RESULTS.md', ...files]);
    expect(readFileSync(path.join(to, 'RESULTS.md'), 'utf8')).toContain(
      '| 35,35 | 82.0 ± 1.0 (n = 3) [81.53] | **86.50 ± 0.71** (n = 2) |\n',
    );
    expect(readFileSync(path.join(to, 'comparison-fashion-mnist.tex'), 'utf8')).toContain(
      '\\label{tab:comparison-fashion-mnist}',
    );
  });

  it('are figures in the formats asked for; of several studies, one folder each', async () => {
    const to = at('figures');
    const args = ['--store', binary, '--to', to, '--format', 'html,json'];
    const one = await run('figure', 'comparison', ...args);
    expect(one.code).toBe(0);
    expect(filesIn(to)).toEqual(
      ['accuracy', 'closer'].flatMap((figure) =>
        ['html', 'json'].map((format) => `comparison-${figure}.${format}`),
      ),
    );
    expect(readFileSync(path.join(to, 'comparison-accuracy.json'), 'utf8')).toContain(
      '"local-error, published"',
    );
    const two = await run('figure', 'comparison', 'ablations', ...args);
    expect([two.code, two.stderr]).toEqual([0, 'ablations: left out, there are no rows of it\n']);
    expect(existsSync(path.join(to, '02-comparison', 'comparison-accuracy.json'))).toBe(true);
  });

  it('explain what is wrong and write nothing', async () => {
    const to = at('nothing');
    const outcomes = await Promise.all([
      run('table', '--to', to),
      run('figure', 'ablations', '--store', binary, '--to', to),
      run('figure', 'comparison', '--store', binary, '--to', to, '--format', 'svg,gif'),
      run('study', 'comparison', '--store', binary, '--to', to, '--width', 'wide'),
      run('study', 'comparison', '--run', '--store', binary, '--store', float, '--to', to),
      run('site', '--from', to),
    ]);
    expect(outcomes.map(({ code, stderr }) => [code, stderr])).toEqual([
      [2, 'xnorlab: names: expected names of studies, or --all, got []\n'],
      [
        1,
        `xnorlab: ${binary}: no finished runs of ablations; they are made with ` +
          '`npx xnorlab study ablations --run --keep`\n',
      ],
      [2, "xnorlab: --format: expected one of html, json, svg, pdf, png, got 'gif'\n"],
      [
        2,
        'xnorlab: width: expected one of single, double, neurips, iclr, icmlColumn, icmlText or millimetres, more than ' +
          "20, got 'wide'\n",
      ],
      [2, expect.stringContaining('xnorlab: --store: expected one store with --run, got [')],
      [1, `xnorlab: ${to}: holds no executed notebooks; \`npx xnorlab notebooks\` leaves them there\n`],
    ]);
    expect(existsSync(to)).toBe(false);
  });
});
