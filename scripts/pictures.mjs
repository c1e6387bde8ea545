/**
 * `npm run pictures [NAME…]`: draws the committed pictures again that are not of their figures any more, as SVG: the gallery and the
 * pictures of the docs, and the main figure of each study, which opens its page. test/studies/pictures.test.ts says when that is due.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const built = (file) => createRequire(import.meta.url)(path.join(root, 'dist', file));
const { moduleLoader } = built('node/files/module-loader.js');
const { figureMark, markedSvg } = built('node/printing/marked-svg.js');
const { findStudies } = built('node/studies/find-studies.js');
const { loadStudy } = built('node/studies/open-study.js');

const figures = new Map();
for (const folder of ['docs/gallery', 'docs/pictures']) {
  for (const file of readdirSync(path.join(root, folder)).filter((name) => name.endsWith('.ts'))) {
    const source = path.join(root, folder, file);
    figures.set(source.replace(/\.ts$/, '.svg'), (await moduleLoader(source).import(source)).figure);
  }
}
for (const place of findStudies(root)) {
  const study = await loadStudy(place);
  const figure = study.mainFigure(study.allRows());
  if (figure) figures.set(study.pictureFile, figure);
}
for (const [file, figure] of figures) {
  if (existsSync(file) && readFileSync(file, 'utf8').endsWith(`${figureMark(figure)}\n`)) continue;
  writeFileSync(file, await markedSvg(figure));
  process.stdout.write(`${path.relative(root, file)}\n`);
}
