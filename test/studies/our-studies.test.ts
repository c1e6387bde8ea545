import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { PACKAGE_ROOT } from '../../src/node/files/folders.js';
import { findStudies } from '../../src/node/studies/find-studies.js';
import { StudyFolder } from '../../src/node/studies/study-folder.js';
import type { Study } from '../../src/studies/study.js';
import { expandSweep } from '../../src/training/sweep/expand.js';
import { sweepJsonSchema } from '../../src/training/sweep/schema.js';

const places = findStudies(PACKAGE_ROOT);

it('our studies are found', () => {
  expect(places.map(({ name }) => name)).toEqual([
    'comparison',
    'ablations',
    'metaplasticity',
    'forgetting',
    'equal-memory-and-cost',
    'beyond-the-papers',
    'published',
    'controls',
    'sequences',
    'convolutions',
  ]);
});

describe.each(places)('the study $name', async ({ name, folder }) => {
  const { default: study } = (await import(path.join(folder, 'study.ts'))) as { default: Study };
  const opened = new StudyFolder(name, folder, study);
  const filesIn = (...parts: string[]): string[] => readdirSync(path.join(folder, ...parts)).sort();

  it('has sweeps that can be run, also in the eyes of an editor', () => {
    const schema = z.fromJSONSchema(sweepJsonSchema() as z.core.JSONSchema.JSONSchema);
    // A configuration of one run is called after the network that it trains.
    const isSweep = (file: string): boolean => file.endsWith('.yaml') && !file.startsWith('best-');
    for (const file of filesIn().filter(isSweep)) {
      expect(Object.values(study.parts).flatMap(({ sweeps }) => sweeps)).toContain(file);
      expect(schema.safeParse(parse(readFileSync(path.join(folder, file), 'utf8'))).success).toBe(true);
    }
    for (const sweep of opened.sweeps()) expect(expandSweep(sweep).length).toBeGreaterThan(1);
  });

  it('keeps rows of each of its parts, and no others', () => {
    expect(filesIn('rows')).toEqual(
      Object.keys(study.parts)
        .map((part) => `${part}.jsonl`)
        .sort(),
    );
  });

  it('has the page that its rows give: a page of `npx xnorlab study NAME --keep`', () => {
    const page = opened.page(opened.tablesOf(opened.allRows()));
    expect(readFileSync(opened.pageFile, 'utf8')).toBe(page);
  });

  it('can be copied: it imports the public library alone, and files of studies', () => {
    const sources = filesIn().filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
    const imported = sources.flatMap((file) =>
      ts
        .preProcessFile(readFileSync(path.join(folder, file), 'utf8'))
        .importedFiles.map(({ fileName }) => fileName),
    );
    expect(imported).toContain('xnorlab');
    const foreign = imported.filter(
      (module) => !/^(xnorlab(\/\w+)?$|node:|\.\/[\w-]+|\.\.\/\d\d-)/.test(module),
    );
    expect(foreign).toEqual([]);
  });
});
