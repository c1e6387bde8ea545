import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snippets, wordsOf, xnorlabCommands } from './pages.js';
import { type Outcome, ReaderFolder } from './reader-folder.js';

const CLI = path.resolve(__dirname, '..', '..', 'dist', 'cli.js');

/** What is read (commands.test.ts) and not run here, and why. The first that fits counts. */
const NOT_RUN: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/--queue/, 'needs a Redis and other machines: test/node/queue/redis'],
  [/^lab/, 'serves JupyterLab until it is ended: test/jupyter/jupyter-lab.test.ts'],
  [/^notebooks/, 'test/jupyter/anywhere.test.ts and headless.test.ts'],
  [/^site/, 'test/jupyter/site.test.ts'],
  [/^live/, 'may fetch MNIST: test/browser/live-page.test.ts and test/accuracy/live-digits.test.ts'],
  [/^dashboard(?!.*--export)/, 'serves until it is ended: test/jupyter/dashboard.test.ts'],
  [/^study published/, 'a study of this repository: test/studies/our-studies.test.ts'],
  [/^add/, 'fetches packages: test/package/core.test.ts'],
  [/--clear-cache/, 'would empty the cache folder of who tests'],
  [/^(train( --save-model \S+)?|study --keep)$/, 'names a command or its option: no whole command'],
  [/--remove KEY/, 'names a run of the reader: test/cli/store.test.ts'],
  [/--match-memory/, 'leaves options out, `…`: test/node/equal-memory.test.ts'],
];

/** A sweep of seconds; it has the name of the study's, so that its runs belong to that. */
const SWEEP = `name: margins
base:
  dataset: { name: prototypes, prototypes: { features: 50, trainSamples: 200, validationSamples: 50, testSamples: 50 } }
  rule: { name: local-error, layers: [15], groupSize: 3 }
  epochs: 2
axes: [{ grid: { rule.robustness: [0, 0.5] } }, { seeds: 2 }]
`;

const commands = xnorlabCommands().map((command) => ({ page: command.page, words: wordsOf(command) }));
const reasonFor = (words: readonly string[]) => NOT_RUN.find(([pattern]) => pattern.test(words.join(' ')));

describe('documented commands that take seconds run, in a folder where what they name is', () => {
  const folder = new ReaderFolder();
  const xnorlab = (page: string, ...words: string[]): Promise<Outcome> => folder.node(page, CLI, ...words);
  beforeAll(async () => {
    // Words in capitals stand for names of the reader's; here they are names.
    for (const file of ['FILE.yaml', 'FILE']) folder.write(file, SWEEP);
    const example = readFileSync(path.join(folder.path, 'examples', 'random-correction.ts'), 'utf8');
    folder.write('my-rule.ts', example.replaceAll('random-correction', 'my-rule'));
    folder.write(
      'binary.yaml',
      'dataset: fashion-mnist\nrule: { name: local-error, layers: [15], groupSize: 3 }\nepochs: 1\n',
    );
    for (const part of ['train', 'test'])
      folder.write(`data/my-set/${part}.csv`, 'a,b,label\n0,1,x\n1,0,y\n');
    const row = snippets('docs/published.md').find(({ file }) => file === 'row.yaml');
    folder.write('row.yaml', row?.code ?? '');
    const study = snippets('docs/studies.md').find(({ file }) => file === 'study.ts');
    for (const name of ['01-margins', '02-NAME']) {
      folder.write(`notebooks/${name}/study.ts`, study?.code ?? '');
      folder.write(`notebooks/${name}/sweep.yaml`, SWEEP);
    }
    const small = [
      '--dataset',
      'prototypes',
      '--limit-train',
      '200',
      '--layers',
      '15',
      '--group-size',
      '3',
      '--epochs',
      '1',
    ];
    const before = [
      ['train', '--rule', 'local-error', ...small, '--save-model', 'MODEL'],
      ['train', '--rule', 'local-error', ...small, '--save-model', 'net.xnorlab'],
      ['sweep', 'FILE.yaml', '--store', 'DIR'],
      ['study', 'margins', 'NAME', '--run', '--keep'],
    ];
    for (const words of before) expect(await xnorlab('', ...words)).toMatchObject({ code: 0 });
  });
  afterAll(() => folder.remove());

  it.each(
    commands
      .filter(({ words }) => !reasonFor(words))
      .map(({ page, words }) => [words.join(' '), page, words] as const),
  )('xnorlab %s (%s)', async (line, page, words) => {
    const wantsMany = line.includes('group-sizes.yaml') ? 'docs/sweeps.md' : page;
    const { code, stderr } = await xnorlab(wantsMany, ...words);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('others are few, and every reason has one', () => {
    const reasons = commands.map(({ words }) => reasonFor(words)).filter((reason) => reason !== undefined);
    expect(new Set(reasons).size).toBe(NOT_RUN.length);
    expect(reasons.length).toBeLessThan(commands.length / 2);
  });
});
