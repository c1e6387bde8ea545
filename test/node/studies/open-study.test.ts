import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../../src/node/files/folders.js';
import { findNotebooks } from '../../../src/node/studies/find-notebooks.js';
import { findStudies, findStudy } from '../../../src/node/studies/find-studies.js';
import { loadStudy } from '../../../src/node/studies/open-study.js';
import type { StudyFolder } from '../../../src/node/studies/study-folder.js';

let project: string;
beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), 'xnorlab-project-'));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function write(file: string, text = ''): void {
  mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
  writeFileSync(path.join(project, file), text);
}

/** Two parts; its title comes from a file beside it, its description from the library. */
const STUDY = `
import { ArgumentError } from 'xnorlab';
import { learningCurves } from 'xnorlab/figures';
import { TITLE } from './title.js';
const part = { sweeps: [], rows: () => [] };
export const library = ArgumentError;
export default { title: TITLE, description: ArgumentError.name, parts: { one: part, two: part }, library, learningCurves };
`;

function study(): Promise<StudyFolder> {
  return loadStudy(findStudy('margins', project));
}

it('a study is run anew each time, with what it imports', async () => {
  write('notebooks/01-margins/study.ts', STUDY);
  write('notebooks/01-margins/title.ts', "export const TITLE: string = 'Before';");
  expect((await study()).study).toMatchObject({ title: 'Before', description: 'ArgumentError' });
  write('notebooks/01-margins/title.ts', "export const TITLE: string = 'After';");
  expect((await study()).study.title).toBe('After');
});

it('a study has this very library, not another copy of it', async () => {
  write('notebooks/01-margins/study.ts', STUDY);
  write('notebooks/01-margins/title.ts', "export const TITLE = 'A';");
  write('node_modules/xnorlab/package.json', '{ "main": "index.js" }');
  write('node_modules/xnorlab/index.js', "module.exports = { ArgumentError: { name: 'a copy' } };");
  const own = createRequire(__filename)(path.join(PACKAGE_ROOT, 'dist', 'index.js')) as Record<
    string,
    unknown
  >;
  const { study: loaded } = await study();
  expect(loaded).toHaveProperty('library', own.ArgumentError);
  expect(loaded).toHaveProperty('learningCurves', own.learningCurves);
});

it('a study of several parts asks which is meant, and knows them', async () => {
  write('notebooks/01-margins/study.ts', STUDY);
  write('notebooks/01-margins/title.ts', "export const TITLE = 'A';");
  const opened = await study();
  expect(() => opened.rows()).toThrow('part: expected one of one, two, got undefined');
  expect(() => opened.tables('three')).toThrow("part: expected one of one, two, got 'three'");
  expect(() => opened.rows('one')).toThrow(path.join('rows', 'one.jsonl: does not exist'));
  expect(opened.figures('one')).toEqual({});
  expect(opened.allRows()).toEqual({});
});

it('studies are folders with a study, notebooks files in them or beside; hidden copies are none', () => {
  for (const file of [
    'notebooks/02-b/study.ts',
    'notebooks/01-a/study.ts',
    'notebooks/01-a/01-a.ipynb',
    'notebooks/03-c/03-c.ipynb',
    'notebooks/loose.ipynb',
    'notebooks/.ipynb_checkpoints/loose.ipynb',
    'notebooks/study.ts',
  ]) {
    write(file);
  }
  expect(findStudies(project).map(({ name }) => name)).toEqual(['a', 'b']);
  expect(findStudy('02-b', project).folder).toBe(path.join(project, 'notebooks', '02-b'));
  expect(findNotebooks(project).map(({ name }) => name)).toEqual(['01-a', '03-c', 'loose']);
  write('notebooks/03-c/loose.ipynb');
  expect(() => findNotebooks(project)).toThrow('is a second notebook of the name loose: rename one');
  expect(findNotebooks(path.join(project, 'notebooks', '01-a'))).toEqual([]);
});
