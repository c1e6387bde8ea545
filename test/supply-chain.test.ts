import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(__dirname, '..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

interface Locked {
  readonly version?: string;
  readonly link?: true;
  readonly integrity?: string;
  readonly hasInstallScript?: true;
}

const locked = Object.entries(
  (JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }).packages,
);

/** Every copy of a package that is really there: none that a stand-in takes the place of. */
function copiesOf(name: string): string[] {
  return locked.flatMap(([place, { version, link }]) =>
    place.endsWith(`node_modules/${name}`) && !link
      ? [`${place.replaceAll('node_modules/', '')} ${version}`]
      : [],
  );
}

describe('packages of npm', () => {
  it('has none of those that danfojs-node asks for and nobody keeps', () => {
    for (const name of ['request', 'tough-cookie', 'form-data', 'uuid', 'har-validator', 'xlsx', 'mathjs']) {
      expect(copiesOf(name), name).toEqual([]);
    }
    // Of tools of the checkout, in versions that are kept.
    expect(copiesOf('qs')).toEqual(['typed-rest-client/qs 6.15.1']);
    expect(copiesOf('node-fetch')).toEqual(['cross-fetch/node-fetch 2.7.0']);
  });

  it('has the hash of every package', () => {
    const without = locked.filter(
      ([place, one]) => place.startsWith('node_modules/') && !one.link && !one.integrity,
    );
    expect(without.map(([place]) => place)).toEqual([]);
  });

  it('names in environment.md each package that runs a script when it is installed', () => {
    const scripted = locked.flatMap(([place, { hasInstallScript }]) =>
      hasInstallScript && place !== '' ? [place.replace(/^.*node_modules\//, '')] : [],
    );
    const table = read('environment.md').split('## Install scripts')[1].split('\n## ')[0];
    const named = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(scripted.sort());
  });

  it('has a page of licences that is up to date, of licences that somebody has looked at', async () => {
    const script: unknown = await import(path.join(ROOT, 'scripts', 'licences.mjs'));
    const { licencesPage } = script as { readonly licencesPage: (lock: unknown) => string };
    const page = licencesPage(JSON.parse(read('package-lock.json')));
    expect(read('docs/licences.md'), 'run `node scripts/licences.mjs`').toBe(page);
    expect(page).not.toContain('not looked at');
    expect(page).not.toMatch(/\| none \|/);
    expect(page).not.toMatch(/\bA?GPL/);
  });
});

describe('packages of Python', () => {
  it.each(['requirements.txt', 'test/requirements.txt'])('are pinned, with hashes: %s', (file) => {
    const entries = read(file)
      .replaceAll(/^#.*\n/gm, '')
      .replaceAll(/\\\n/g, ' ')
      .split('\n')
      .filter(Boolean);
    expect(entries.length).toBeGreaterThan(10);
    for (const entry of entries) {
      expect(entry).toMatch(/^[A-Za-z0-9._-]+==[^\s;]+( ; [^-]+)?\s+(--hash=sha256:[0-9a-f]{64}\s*)+$/);
    }
  });
});
