/**
 * Writes docs/licences.md: every package that an installation brings, and every one that a checkout brings besides, with its licence, as
 * package-lock.json has them. A test holds that it is up to date, and that no licence is there that nobody has looked at.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Licences that may be in the tree, and why those are all right that ask for more than to be named. */
export const KNOWN = {
  'Apache-2.0': 'permissive',
  'Apache-2.0 AND BSL-1.0': 'permissive (BSL-1.0 is that of Boost)',
  'Apache-2.0 AND LGPL-3.0-or-later': 'sharp, which draws test pictures: never shipped, and used as it comes',
  'Apache-2.0 AND LGPL-3.0-or-later AND MIT': 'as the one above',
  'LGPL-3.0-or-later': 'libvips of sharp, as the one above',
  '0BSD': 'permissive',
  'BSD-2-Clause': 'permissive',
  'BSD-3-Clause': 'permissive',
  'BlueOak-1.0.0': 'permissive',
  'CC-BY-4.0': 'data on browsers, for tools of the checkout: never shipped',
  ISC: 'permissive',
  MIT: 'permissive',
  'MIT AND MPL-2.0': 'zeromq: its library is used as it comes',
  'MIT OR Apache-2.0': 'permissive',
  '(MIT OR CC0-1.0)': 'permissive',
  'MPL-2.0': 'asks that changes to its own files are published; there are none',
  'Python-2.0': 'permissive',
};

/** Packages of a lock file, by what they are there for. */
export function packagesOf({ packages }) {
  const rows = Object.entries(packages)
    .filter(([place, { link }]) => place.startsWith('node_modules/') && !link)
    .map(([place, { version, license, dev = false }]) => {
      const name = place.split('node_modules/').at(-1);
      return { name, version, licence: license ?? 'none', dev };
    });
  const seen = new Map(rows.map((row) => [`${row.dev} ${row.name} ${row.version}`, row]));
  return [...seen.values()].sort((a, b) => (a.name + a.version < b.name + b.version ? -1 : 1));
}

/** The page. */
export function licencesPage(lock) {
  const rows = packagesOf(lock);
  const table = (wanted) =>
    [
      '| package | version | licence |',
      '|---|---|---|',
      ...rows
        .filter(({ dev }) => dev === wanted)
        .map((row) => `| ${row.name} | ${row.version} | ${row.licence} |`),
    ].join('\n');
  const counts = new Map();
  for (const { licence } of rows) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  const summary = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([licence, count]) => `| ${licence} | ${count} | ${KNOWN[licence] ?? 'not looked at'} |`);
  return `# Licences of what is used

Made from package-lock.json by \`node scripts/licences.mjs\`. xnorlab itself is under the MIT licence. What is put into \`dist/inlined/\`
has the texts of its licences beside it.

| licence | packages | what of it |
|---|---|---|
${summary.join('\n')}

## What an installation brings

${table(false)}

## What a checkout brings besides

${table(true)}
`;
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  writeFileSync(path.join(root, 'docs', 'licences.md'), licencesPage(lock));
}
