import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Figure } from '../../src/figures/figure.js';
import { PACKAGE_ROOT } from '../../src/node/files/folders.js';
import { findNotebooks } from '../../src/node/studies/find-notebooks.js';
import { findStudies } from '../../src/node/studies/find-studies.js';
import {
  hasCurrentOutputs,
  keptFigureMark,
  outputsMark,
  withKeptOutputs,
} from '../../src/node/studies/kept-outputs.js';
import { StudyFolder } from '../../src/node/studies/study-folder.js';
import type { Study } from '../../src/studies/study.js';
import { temporaryFolder } from '../data/helpers.js';

interface Kept {
  readonly metadata: { readonly xnorlab?: { readonly outputsOf: string } };
  readonly cells: readonly {
    readonly cell_type: string;
    readonly metadata: { readonly tags?: readonly string[] };
    readonly execution_count?: number | null;
    readonly outputs?: readonly {
      readonly output_type: string;
      readonly data?: Readonly<Record<string, string | readonly string[]>>;
      readonly metadata?: { readonly xnorlab?: { readonly figure: string } };
    }[];
  }[];
}

const NOTEBOOKS = findNotebooks(PACKAGE_ROOT);

const keptOf = (file: string): Kept => JSON.parse(readFileSync(file, 'utf8')) as Kept;

const MOST_BYTES_OF_AN_IMAGE = 40_000;
const MOST_BYTES = 300_000;
const MOST_BYTES_OF_ALL = 2_000_000;

describe('notebooks are committed with what they show, small:', () => {
  it.each(NOTEBOOKS)('$name', ({ file }) => {
    const { metadata, cells } = keptOf(file);
    expect(metadata.xnorlab?.outputsOf, `${file} has outputs of other code or rows: npm run pictures`).toBe(
      outputsMark(file),
    );
    expect(statSync(file).size).toBeLessThan(MOST_BYTES);
    const code = cells.filter(({ cell_type }) => cell_type === 'code');
    expect(code.filter(({ execution_count }) => execution_count !== null)).toEqual([]);
    const outputs = code.flatMap((cell) => cell.outputs ?? []);
    const kinds = new Set(outputs.flatMap(({ data }) => Object.keys(data ?? {})));
    expect([...kinds].filter((kind) => !['image/png', 'text/html', 'text/plain'].includes(kind))).toEqual([]);
    expect(outputs.filter(({ output_type }) => !['display_data', 'stream'].includes(output_type))).toEqual(
      [],
    );
    const images = outputs.flatMap(({ data }) => data?.['image/png'] ?? []);
    expect(images.length).toBeGreaterThan(0);
    expect(Math.max(...images.map(({ length }) => 0.75 * length))).toBeLessThan(MOST_BYTES_OF_AN_IMAGE);
    const text = JSON.stringify(outputs.map(({ data, ...rest }) => [{ ...data, 'image/png': '' }, rest]));
    expect(text).not.toMatch(/<script|xnorlab-figure|<progress/);
    expect(text).not.toContain(PACKAGE_ROOT);
    expect(text).not.toMatch(/\/(home|Users|root|tmp)\//);
  });

  it('all of them', () => {
    const bytes = NOTEBOOKS.reduce((sum, { file }) => sum + statSync(file).size, 0);
    expect(bytes).toBeLessThan(MOST_BYTES_OF_ALL);
  });

  it.each(findStudies(PACKAGE_ROOT))(
    'figures of the study $name are those that it draws',
    async ({ name, folder }) => {
      const { default: study } = (await import(path.join(folder, 'study.ts'))) as { default: Study };
      const opened = new StudyFolder(name, folder, study);
      const drawn = new Map(
        Object.values(opened.figuresOf(opened.allRows())).flatMap((figures) =>
          Object.entries(figures).map(([figure, each]) => [figure, keptFigureMark(each)] as const),
        ),
      );
      const file = path.join(folder, `${path.basename(folder)}.ipynb`);
      const tagged = keptOf(file).cells.flatMap(({ metadata, outputs = [] }) => {
        const tag = metadata.tags?.find((each) => each.startsWith('figure:'));
        return tag
          ? [[tag.slice(7), outputs.map((output) => output.metadata?.xnorlab?.figure)] as const]
          : [];
      });
      expect(Object.fromEntries(tagged)).toEqual(
        Object.fromEntries(tagged.map(([figure]) => [figure, [drawn.get(figure)]])),
      );
    },
  );
});

describe('what is kept of an executed notebook', () => {
  const CODE = ['show(figure)\n', 'rows'];
  const FIGURE = { data: [{ y: [1, null] }], layout: { title: { text: 'a' } }, config: { responsive: true } };
  const draw = ({ data }: Figure): Promise<Buffer> =>
    Promise.resolve(Buffer.from(`small ${JSON.stringify(data)}`));
  const shown = (data: object): object => ({
    output_type: 'execute_result',
    execution_count: 3,
    metadata: {},
    data,
  });

  /** A notebook, and its executed copy with these outputs. */
  async function files(outputs: readonly object[], executedCode: string | readonly string[] = CODE) {
    const folder = await temporaryFolder();
    const [notebook, executed] = ['own.ipynb', 'executed.ipynb'].map((name) => path.join(folder, name));
    const text = { cell_type: 'markdown', id: 'a', metadata: {}, source: ['# Grüße'] };
    const content = (source: string | readonly string[], rest: object): string =>
      JSON.stringify({
        cells: [text, { cell_type: 'code', id: 'b', metadata: { tags: ['x'] }, source, ...rest }],
        metadata: { kernelspec: { name: 'xnorlab' } },
        nbformat: 4,
        nbformat_minor: 5,
      });
    writeFileSync(notebook, content(CODE, { execution_count: null, outputs: [] }));
    writeFileSync(executed, content(executedCode, { execution_count: 7, outputs }));
    return { folder, notebook, executed };
  }

  it('is an image of each figure, tables and text, without what differs the next time', async () => {
    const { notebook, executed } = await files(
      [
        { output_type: 'stream', name: 'stdout', text: ['12 runs\n'] },
        shown({
          'text/html': '<progress value="1" max="1"></progress> <b>sgd</b>',
          'text/plain': 'sgd, epoch 1 of 1',
        }),
        shown({
          'application/vnd.plotly.v1+json': FIGURE,
          'text/html': ['<div class="xnorlab-figure">', '<script>'],
          'image/png': 'large',
          'text/plain': '[figure with 1 trace]',
        }),
        shown({ 'text/html': '<table></table>', 'text/plain': '[table]' }),
        shown({
          'text/html': '<div><a href="curves.svg">curves.svg</a></div>',
          'text/plain': "['/home/me/curves.svg']",
        }),
        shown({ 'text/plain': '42' }),
      ],
      CODE.join(''),
    );
    const kept = JSON.parse(await withKeptOutputs(notebook, executed, draw)) as Kept;
    const before = keptOf(notebook);
    expect(kept).toEqual({
      ...before,
      cells: [before.cells[0], { ...before.cells[1], outputs: expect.anything() }],
      metadata: { ...before.metadata, xnorlab: { outputsOf: outputsMark(notebook) } },
    });
    const display = (data: object, metadata = {}): object => ({
      output_type: 'display_data',
      metadata,
      data,
    });
    expect(kept.cells[1].outputs).toEqual([
      { output_type: 'stream', name: 'stdout', text: ['12 runs\n'] },
      display({ 'text/plain': 'sgd, epoch 1 of 1' }),
      display(
        {
          'image/png': Buffer.from('small [{"y":[1,null]}]').toString('base64'),
          'text/plain': '[figure with 1 trace]',
        },
        {
          xnorlab: {
            figure: keptFigureMark({
              layout: FIGURE.layout,
              data: [{ y: new Float32Array([1, Number.NaN]) }],
            }),
          },
        },
      ),
      display({ 'text/html': '<table></table>', 'text/plain': '[table]' }),
      display({ 'text/plain': '42' }),
    ]);
  });

  it('is nothing of a cell that says so', async () => {
    const { notebook, executed } = await files([shown({ 'text/plain': '42 ms' })]);
    const text = readFileSync(notebook, 'utf8');
    expect(await withKeptOutputs(notebook, executed, draw)).toContain('42 ms');
    writeFileSync(notebook, text.replace('["x"]', '["x","not-kept"]'));
    expect(await withKeptOutputs(notebook, executed, draw)).not.toContain('42 ms');
  });

  it('is current until code or rows change', async () => {
    const { folder, notebook, executed } = await files([]);
    mkdirSync(path.join(folder, 'rows'));
    writeFileSync(path.join(folder, 'rows', 'a.jsonl'), '{}\n');
    expect(hasCurrentOutputs(notebook)).toBe(false);
    writeFileSync(notebook, await withKeptOutputs(notebook, executed, draw));
    expect(hasCurrentOutputs(notebook)).toBe(true);
    const text = readFileSync(notebook, 'utf8');
    writeFileSync(notebook, text.replace('Grüße', 'Gruß'));
    expect(hasCurrentOutputs(notebook)).toBe(true);
    writeFileSync(notebook, text.replace('show(', 'display('));
    expect(hasCurrentOutputs(notebook)).toBe(false);
    writeFileSync(notebook, text);
    writeFileSync(path.join(folder, 'rows', 'a.jsonl'), '{}\n{}\n');
    expect(hasCurrentOutputs(notebook)).toBe(false);
  });

  it.each([
    ['other code', [], 'rows', 'is not of the cells in'],
    [
      'a warning',
      [{ output_type: 'stream', name: 'stderr', text: 'not to be had' }],
      CODE,
      'has an output that cannot be kept: not to be had',
    ],
  ])('refuses %s', async (_, outputs, code, message) => {
    const { notebook, executed } = await files(outputs, code);
    await expect(withKeptOutputs(notebook, executed, draw)).rejects.toThrow(message);
  });
});
