import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../../src/node/files/folders.js';
import { makeProject } from '../../../src/node/project/make-project.js';
import { ownSpec } from '../../../src/node/project/own-spec.js';
import { readSweep } from '../../../src/node/sweep/read-sweep.js';

let parent: string;
beforeEach(() => {
  parent = realpathSync(mkdtempSync(path.join(tmpdir(), 'xnorlab-project-')));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

function dependencies(project: string): Record<string, string> {
  const manifest = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return manifest.dependencies;
}

function at(...parts: string[]): string {
  return path.join(parent, ...parts);
}

describe('a new project', () => {
  it('has all that it needs, and takes xnorlab from this checkout', () => {
    makeProject(at('new', 'study'));
    expect(readdirSync(at('new', 'study')).sort()).toEqual([
      '.gitignore',
      'README.md',
      'notebooks',
      'package.json',
      'sweeps',
      'tsconfig.json',
    ]);
    const { xnorlab } = dependencies(at('new', 'study'));
    expect(path.resolve(at('new', 'study'), xnorlab.replace('file:', ''))).toBe(realpathSync(PACKAGE_ROOT));
    expect(readSweep(at('new', 'study', 'sweeps', 'group-sizes.yaml')).axes).toHaveLength(2);
  });

  it('may be in an empty folder that git knows already', () => {
    mkdirSync(at('study', '.git'), { recursive: true });
    makeProject(at('study'), '1.2.3');
    expect(dependencies(at('study')).xnorlab).toBe('1.2.3');
  });

  it('is refused where something is, which is named, and nothing is written', () => {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', '.g']) mkdirSync(at('full', name), { recursive: true });
    expect(() => makeProject(at('full'))).toThrow(
      `folder: expected a folder that is new or empty (this one holds .g, a, b, c, d and 2 more), got '${at('full')}'`,
    );
    expect(readdirSync(at('full'))).toHaveLength(7);
    writeFileSync(at('file'), 'text');
    expect(() => makeProject(at('file'))).toThrow(
      'folder: expected a folder that is new or empty, not a file',
    );
    expect(readFileSync(at('file'), 'utf8')).toBe('text');
  });

  it('takes xnorlab from where one says, as seen from the project', () => {
    writeFileSync(at('xnorlab.tgz'), '');
    for (const [i, spec] of [at('xnorlab.tgz'), `file:${at('xnorlab.tgz')}`].entries()) {
      makeProject(at('deep', String(i)), spec);
      expect(dependencies(at('deep', String(i))).xnorlab).toBe('file:../../xnorlab.tgz');
    }
    makeProject(at('address'), 'https://example.org/xnorlab.tgz');
    expect(dependencies(at('address')).xnorlab).toBe('https://example.org/xnorlab.tgz');
    expect(() => makeProject(at('no'), 'file:../nowhere.tgz')).toThrow(
      "xnorlab: expected a file or folder that is there, got 'file:../nowhere.tgz'",
    );
    expect(() => makeProject(at('no'), ' ')).toThrow(
      'xnorlab: expected a version, a file, a folder or an address',
    );
    expect(existsSync(at('no'))).toBe(false);
  });
});

describe('an installed xnorlab', () => {
  const root = (): string => at('home', 'node_modules', 'xnorlab');

  /** As npm installs it. */
  function install(resolved?: string): void {
    mkdirSync(root(), { recursive: true });
    writeFileSync(path.join(root(), 'package.json'), '{ "version": "0.9.1" }');
    if (resolved === undefined) return;
    const lock = { packages: { 'node_modules/xnorlab': { resolved } } };
    writeFileSync(at('home', 'node_modules', '.package-lock.json'), JSON.stringify(lock));
  }

  it.each([
    undefined,
    'https://registry.npmjs.org/xnorlab/-/xnorlab-0.9.1.tgz',
    'https://mirror.example.org/npm/xnorlab/-/xnorlab-0.9.1.tgz',
  ])('that came from a registry (%s) is named by its version', (resolved) => {
    install(resolved);
    expect(ownSpec(at('study'), root())).toBe('0.9.1');
  });

  it('that came from a file is named by it, as seen from the project', () => {
    writeFileSync(at('xnorlab-0.9.1.tgz'), '');
    install('file:../xnorlab-0.9.1.tgz');
    expect(ownSpec(at('some', 'study'), root())).toBe('file:../../xnorlab-0.9.1.tgz');
    rmSync(at('xnorlab-0.9.1.tgz'));
    expect(() => ownSpec(at('study'), root())).toThrow(
      `This xnorlab was installed from ${at('xnorlab-0.9.1.tgz')}, which is no longer there. Say where`,
    );
  });

  it('that came from git is named by that', () => {
    install('git+ssh://git@example.org/xnorlab.git#abc');
    expect(ownSpec(at('study'), root())).toBe('git+ssh://git@example.org/xnorlab.git#abc');
  });
});
