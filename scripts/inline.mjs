/**
 * Puts the packages of `INLINED` into dist/inlined/, each as one file with its types and the licences of all that is in it, and points
 * what is built there. So an installation brings none of their trees: danfojs-node with what it asks for, 318 packages of stdlib. In
 * the sources they are packages like any other. Safe to run again; what is up to date is left alone.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { licencesOf } from './bundled-licences.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const target = join(dist, 'inlined');
const { resolve: entryOf } = createRequire(import.meta.url);

const INLINED = ['arquero', 'danfojs-node', '@stdlib/stats-padjust', '@stdlib/stats-ttest'];

/** Those whose types our own declarations name, and whose types these name: the folder of declarations, and the one to begin with. */
const TYPES = {
  arquero: ['dist/types', 'index'],
  '@uwdata/flechette': ['dist/types', 'index-types'],
  'danfojs-node': ['dist', 'danfojs-node/src/index'],
};

/** What a compiler that looks into declarations of libraries, too, finds wrong in them. */
const REPAIRS = [
  ['@uwdata/flechette', 'table.d.ts', '    getFactory;', '    getFactory: any;'],
  [
    'arquero',
    'table/ColumnTable.d.ts',
    '...values?: import("./types.js").ExprList[])',
    '...values: import("./types.js").ExprList[])',
  ],
];

/** What danfojs loads in a page only. */
const NEVER_LOADED = ['plotly.js-dist-min'];

/** Types of other packages that danfojs names in its options: any, as they are not worth an installation. */
const FOREIGN_TYPES =
  /^import \{([^}]+)\} from ["'](?:table|plotly\.js-dist-min|node-fetch|xlsx|papaparse)["'];?$/gm;
const FOREIGN_NAMESPACES = /^import (stream|request) from ["'](?:stream|request)["'];?$/gm;
const FOREIGN_MEMBERS = {
  stream: ['Readable', 'Transform', 'Writable'],
  request: ['CoreOptions', 'RequiredUriUrl'],
};

/** A package's name as that of one file. */
const fileName = (name) => name.replace('@', '').replace('/', '-');

/** Puts all packages into dist/inlined/, unless what is there was made of the same. */
export async function inlinePackages() {
  const stamp = join(target, '.stamp');
  const made = hashOfInputs();
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== made) {
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    for (const name of INLINED) await bundle(name);
    for (const [name, place] of Object.entries(TYPES)) copyTypes(name, place);
    REPAIRS.forEach(repair);
    writeFileSync(stamp, made);
  }
  pointToInlined();
}

/** Of what is locked and of the stand-ins. */
function hashOfInputs() {
  const hash = createHash('sha256');
  const standIns = readdirSync(join(root, 'stand-ins'), { recursive: true }).filter((file) =>
    file.endsWith('.js'),
  );
  const files = [
    'package-lock.json',
    'scripts/inline.mjs',
    'scripts/bundled-licences.mjs',
    ...standIns.sort().map((file) => join('stand-ins', file)),
  ];
  for (const file of files) hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

async function bundle(name) {
  const build = await rolldown({ input: entryOf(name), platform: 'node', external: NEVER_LOADED });
  const file = join(target, `${fileName(name)}.js`);
  const { output } = await build.write({ file, format: 'cjs', codeSplitting: false });
  await build.close();
  const modules = Object.keys(output[0].modules).filter((module) => module.includes('node_modules'));
  writeFileSync(join(target, `${fileName(name)}-LICENSES.txt`), licencesOf(modules));
}

function copyTypes(name, [folder, entry]) {
  const source = join(root, 'node_modules', name, folder);
  const declarations = readdirSync(source, { recursive: true }).filter((file) => file.endsWith('.d.ts'));
  for (const file of declarations) {
    const text = readFileSync(join(source, file), 'utf8')
      .replaceAll('/// <reference types="node" />\n', '')
      .replaceAll(FOREIGN_TYPES, (_, names) => anyTypes(names.split(',')))
      .replaceAll(
        FOREIGN_NAMESPACES,
        (_, name) => `declare namespace ${name} { ${anyTypes(FOREIGN_MEMBERS[name])} }`,
      );
    const copy = join(target, name, file);
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, text);
  }
  writeFileSync(join(target, `${fileName(name)}.d.ts`), `export * from './${name}/${entry}.js';\n`);
}

function repair([name, file, wrong, right]) {
  const path = join(target, name, file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(wrong)) throw new Error(`${path} does not hold '${wrong}': mend REPAIRS`);
  writeFileSync(path, text.replace(wrong, right));
}

function anyTypes(names) {
  return names.map((name) => `type ${name.trim()} = any;`).join(' ');
}

/** In what is built, an inlined package's name becomes the path to its file. */
function pointToInlined() {
  const names = [...new Set([...INLINED, ...Object.keys(TYPES)])].join('|');
  const mention = new RegExp(`(require\\(|import\\(|from )(['"])(${names})\\2`, 'g');
  for (const file of readdirSync(dist, { recursive: true })) {
    if (!/\.(js|d\.ts)$/.test(file) || /^inlined.*\.js$/.test(file)) continue;
    const path = join(dist, file);
    const text = readFileSync(path, 'utf8');
    const pointed = text.replaceAll(mention, (_, before, quote, name) => {
      const place = relative(dirname(path), join(target, `${fileName(name)}.js`)).replaceAll('\\', '/');
      return `${before}${quote}${place}${quote}`;
    });
    if (pointed !== text) writeFileSync(path, pointed);
  }
}

const [, script] = process.argv;
if (script && realpathSync(script) === fileURLToPath(import.meta.url)) await inlinePackages();
