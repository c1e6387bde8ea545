import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(__dirname, '..');
const ALGORITHMS = readFileSync(path.join(ROOT, 'docs', 'algorithms.md'), 'utf8');

/** Every comment line of the sources, with its place. */
function commentLines(): { readonly place: string; readonly text: string }[] {
  const folder = path.join(ROOT, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|cpp|h)$/.test(file))
    .flatMap((file) =>
      readFileSync(path.join(folder, file), 'utf8')
        .split('\n')
        .map((text, i) => ({ place: `${file}:${i + 1}`, text }))
        .filter(({ text }) => /^\s*(\*|\/\/|\/\*)/.test(text)),
    );
}

/** What the comments refer to by `pattern`, and whether it is to be found. */
function unresolved(pattern: RegExp, isResolved: (reference: string) => boolean): string[] {
  return commentLines().flatMap(({ place, text }) =>
    [...text.matchAll(pattern)]
      .filter(([, reference]) => !isResolved(reference))
      .map(([whole]) => `${place}: ${whole}`),
  );
}

describe('references in comments', () => {
  it('are there', () => {
    expect(commentLines().filter(({ text }) => text.includes('algorithms.md')).length).toBeGreaterThan(5);
  });

  it('to sections of algorithms.md lead to a section', () => {
    expect(
      unresolved(/algorithms\.md §(\d+)/g, (section) => ALGORITHMS.includes(`\n## ${section}. `)),
    ).toEqual([]);
  });

  it('to papers by key lead to the bibliography', () => {
    const isResolved = (key: string): boolean => ALGORITHMS.includes(`| [${key}] |`);
    expect(unresolved(/(?<![\w`'"#/*])\[([A-Z]{2,}(?:\+R)?)\](?!\()/g, isResolved)).toEqual([]);
  });

  it('to papers by arXiv number lead to the bibliography', () => {
    const isResolved = (id: string): boolean => ALGORITHMS.includes(`[arXiv:${id}]`);
    expect(unresolved(/arXiv:(\d{4}\.\d{5})/g, isResolved)).toEqual([]);
  });
});
