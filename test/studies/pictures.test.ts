import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Figure } from '../../src/figures/figure.js';
import { PACKAGE_ROOT } from '../../src/node/files/folders.js';
import { figureMark } from '../../src/node/printing/marked-svg.js';
import { findStudies } from '../../src/node/studies/find-studies.js';
import { StudyFolder } from '../../src/node/studies/study-folder.js';
import type { Study } from '../../src/studies/study.js';

const MOST_BYTES = 60_000;

/** The comparison has 4 panels, and an error bar at every point. */
const MOST_BYTES_OF_A_STUDY = 90_000;

const sources = ['docs/gallery', 'docs/pictures'].flatMap((folder) =>
  readdirSync(path.join(PACKAGE_ROOT, folder))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(folder, file)),
);

function expectCurrent(file: string, figure: Figure, mostBytes = MOST_BYTES): void {
  const svg = readFileSync(file, 'utf8');
  expect(svg.trimEnd().split('\n').at(-1), `${file} is of another figure: npm run pictures`).toBe(
    figureMark(figure),
  );
  expect(svg).toMatch(/^<svg /);
  expect(svg.length).toBeLessThan(mostBytes);
}

describe('pictures are of their figures, and small:', () => {
  it.each(sources)('%s', async (source) => {
    const file = path.join(PACKAGE_ROOT, source);
    const { figure } = (await import(file)) as { figure: Figure };
    expectCurrent(file.replace(/\.ts$/, '.svg'), figure);
  });

  it.each(findStudies(PACKAGE_ROOT))('the study $name', async ({ name, folder }) => {
    const { default: study } = (await import(path.join(folder, 'study.ts'))) as { default: Study };
    const opened = new StudyFolder(name, folder, study);
    const figure = opened.mainFigure(opened.allRows());
    expect(figure).toBeDefined();
    if (figure) expectCurrent(opened.pictureFile, figure, MOST_BYTES_OF_A_STUDY);
  });

  it('the gallery has every builder, and shows each of its files', () => {
    const page = readFileSync(path.join(PACKAGE_ROOT, 'docs/gallery/README.md'), 'utf8');
    const files = sources
      .filter((file) => file.includes('gallery'))
      .map((file) => path.basename(file, '.ts'));
    expect([...page.matchAll(/^## (.*)$/gm)].map(([, name]) => name)).toEqual(files.sort());
    const listed = readFileSync(path.join(PACKAGE_ROOT, 'docs/figures.md'), 'utf8')
      .split('## Builders')[1]
      .split('##')[0];
    const builders = [...listed.matchAll(/^\| (`\w+`(?:, `\w+`)*) \|/gm)].flatMap(([, names]) =>
      [...names.matchAll(/\w+/g)].map(([name]) => name),
    );
    const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    expect(builders.map(kebab).filter((name) => !files.includes(name))).toEqual([]);
  });
});
