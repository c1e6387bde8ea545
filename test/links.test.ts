import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.resolve(__dirname, '..');

/** What is not ours, or is made. */
const SKIPPED = ['node_modules', 'dist', 'dist-bench', 'build', 'results', 'coverage'];

function documents(folder: string = ROOT): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name.startsWith('.') || SKIPPED.includes(entry.name) ? [] : documents(file);
    }
    return /\.(md|ipynb)$/.test(entry.name) ? [file] : [];
  });
}

interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
}

/** Text without code. */
function proseOf(file: string): string {
  const text = readFileSync(file, 'utf8');
  if (file.endsWith('.md')) return text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
  const { cells } = JSON.parse(text) as { cells: Cell[] };
  const prose = cells
    .filter(({ cell_type }) => cell_type === 'markdown')
    .map(({ source }) => [source].flat());
  return prose.map((lines) => lines.join('')).join('\n\n');
}

function brokenLinks(file: string, prose: string): string[] {
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
  return targets
    .filter((target) => !/^(https?:|mailto:|#)/.test(target))
    .map((target) => target.split('#')[0])
    .filter((target) => !existsSync(path.resolve(path.dirname(file), decodeURI(target))));
}

it('links in documents and notebooks lead somewhere', () => {
  const files = documents();
  expect(files.length).toBeGreaterThan(20);
  const broken = files.flatMap((file) =>
    brokenLinks(file, proseOf(file)).map((target) => `${path.relative(ROOT, file)}: ${target}`),
  );
  expect(broken).toEqual([]);
});

it('a link that leads nowhere is seen, whatever stands beside it', () => {
  const prose =
    'See [this](links.test.ts#top), [that](nowhere.md), [a page](https://example.org/) and [here](#below).';
  expect(brokenLinks(__filename, prose)).toEqual(['nowhere.md']);
});
