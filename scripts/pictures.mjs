/**
 * `npm run pictures [-- NAME…]`: draws the committed pictures again that are not of their figures any more. As SVG the gallery and the pictures
 * of the docs, and the main figure of each study, which opens its page; and in notebooks their outputs, as small images and tables. For these,
 * notebooks whose code or rows have changed, and those that are named, are executed in quick mode, which takes a minute each.
 * test/studies/pictures.test.ts and test/studies/kept-outputs.test.ts say when that is due.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const built = (file) => createRequire(import.meta.url)(path.join(root, 'dist', file));
const { hasCurrentOutputs, withKeptOutputs } = built('node/studies/kept-outputs.js');
const { moduleLoader } = built('node/files/module-loader.js');
const { withDrawing } = built('node/printing/drawing.js');
const { figureMark, markedSvg } = built('node/printing/marked-svg.js');
const { findNotebooks } = built('node/studies/find-notebooks.js');
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

const names = process.argv.slice(2);
const due = findNotebooks(root).filter(({ name, file }) => names.includes(name) || !hasCurrentOutputs(file));
if (due.length > 0) {
  const results = path.join(root, 'results');
  const { status } = spawnSync(
    process.execPath,
    ['dist/cli.js', 'notebooks', ...due.map(({ name }) => name)],
    { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, XNORLAB_RESULTS: results } },
  );
  if (status !== 0) process.exit(status ?? 1);
  await withDrawing(async ({ screenPng }) => {
    // A quarter of the bytes: the colours that matter stay, and most shades of edges go.
    const colours = { palette: true, quality: 60, dither: 0, effort: 10 };
    const draw = async (figure) =>
      sharp(await screenPng(figure))
        .png(colours)
        .toBuffer();
    for (const { name, file } of due) {
      writeFileSync(file, await withKeptOutputs(file, path.join(results, `${name}.ipynb`), draw));
      process.stdout.write(`${path.relative(root, file)}\n`);
    }
  });
}
