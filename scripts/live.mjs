/**
 * Bundles the pages of src/live into dist/live/: scripts, workers and style sheets that `xnorlab site` puts into pages. With the licences
 * of the packages in them. What is up to date is left alone.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { licencesOf } from './bundled-licences.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'dist', 'live');
const { resolve } = createRequire(import.meta.url);

/** Each becomes one file. */
const SCRIPTS = ['page', 'worker', 'dashboard'];

/** Each with that of the charts and the colours before it. */
const STYLES = ['page', 'dashboard'];

export async function bundlePages() {
  const stamp = join(target, '.stamp');
  const made = hashOfInputs();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === made) return;
  mkdirSync(target, { recursive: true });
  const modules = [];
  for (const name of SCRIPTS) modules.push(...(await bundle(name)));
  const chart = readFileSync(join(dirname(resolve('uplot')), 'uPlot.min.css'), 'utf8');
  const styleOf = (name) => readFileSync(join(root, 'src', 'live', `${name}.css`), 'utf8');
  for (const name of STYLES) {
    writeFileSync(join(target, `${name}.css`), [chart, styleOf('colours'), styleOf(name)].join('\n'));
  }
  writeFileSync(join(target, 'live-LICENSES.txt'), licencesOf(modules));
  writeFileSync(stamp, made);
}

async function bundle(name) {
  const build = await rolldown({
    input: join(root, 'src', 'live', `${name}.ts`),
    platform: 'browser',
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  });
  const file = join(target, `${name}.js`);
  const { output } = await build.write({ file, format: 'iife', codeSplitting: false, minify: true });
  await build.close();
  return Object.keys(output[0].modules).filter((module) => module.includes('node_modules'));
}

/** Of all sources, as what a page brings along comes from most folders, and of what is locked. */
function hashOfInputs() {
  const hash = createHash('sha256');
  const sources = readdirSync(join(root, 'src'), { recursive: true })
    .map((file) => join('src', file))
    .filter((file) => /\.(ts|css)$/.test(file));
  const scripts = ['scripts/live.mjs', 'scripts/bundled-licences.mjs', 'package-lock.json'];
  for (const file of [...sources.sort(), ...scripts]) hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

const [, script] = process.argv;
if (script && realpathSync(script) === fileURLToPath(import.meta.url)) await bundlePages();
