import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ArgumentError } from '../../core/errors.js';
import { PACKAGE_ROOT } from '../files/folders.js';
import { fileSpec, ownSpec } from './own-spec.js';

/** What a new project is made of; ships with this package. */
const TEMPLATE = path.join(PACKAGE_ROOT, 'templates', 'project');

/** npm leaves files of this name out of a package, so that the template's has no point. */
const IGNORED = 'gitignore';

/** Entries of a folder that a message lists. */
const SHOWN_ENTRIES = 5;

/** What notebooks need beside xnorlab, where its package.json leaves that to projects. */
const NOTEBOOK_PARTS = ['tslab', 'zeromq'];

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/**
 * Makes a project of the user's: a notebook, a sweep, and what npm, TypeScript and git want to know.
 * @param folder - made if need be; must be empty but for `.git`
 * @param spec - where its package.json takes xnorlab from, as npm has it: `0.2.0`, or a file or folder; default: where this
 *   one came from
 * @throws ArgumentError when the folder is not empty, is a file, or `spec` is empty
 * @throws what `ownSpec` throws
 */
export function makeProject(folder: string, spec?: string): void {
  checkEmpty(folder);
  const xnorlab = spec === undefined ? ownSpec(folder) : namedSpec(spec, folder);
  const manifest = { ...readManifest(TEMPLATE), dependencies: { xnorlab, ...notebookParts() } };
  mkdirSync(folder, { recursive: true });
  cpSync(TEMPLATE, folder, { recursive: true });
  renameSync(path.join(folder, IGNORED), path.join(folder, `.${IGNORED}`));
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function checkEmpty(folder: string): void {
  if (!existsSync(folder)) return;
  const expected = 'a folder that is new or empty';
  const entries = entriesOf(folder)?.filter((name) => name !== '.git');
  if (entries === undefined) throw new ArgumentError('folder', `${expected}, not a file`, folder);
  if (entries.length === 0) return;
  const more = entries.length - SHOWN_ENTRIES;
  const shown = `${entries.slice(0, SHOWN_ENTRIES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  throw new ArgumentError('folder', `${expected} (this one holds ${shown})`, folder);
}

function entriesOf(folder: string): string[] | undefined {
  try {
    return readdirSync(folder).sort();
  } catch {
    return undefined;
  }
}

/** A path is as seen from where the user is, and is to be as seen from the project. */
function namedSpec(spec: string, folder: string): string {
  if (spec.trim() === '')
    throw new ArgumentError('xnorlab', 'a version, a file, a folder or an address', spec);
  const file = spec.replace(/^file:/, '');
  if (existsSync(file)) return fileSpec(file, folder);
  if (file === spec) return spec;
  throw new ArgumentError('xnorlab', 'a file or folder that is there', spec);
}

function notebookParts(): Record<string, string> {
  const { peerDependencies = {} } = readManifest(PACKAGE_ROOT);
  const parts = NOTEBOOK_PARTS.filter((name) => peerDependencies[name] !== undefined);
  return Object.fromEntries(parts.map((name) => [name, peerDependencies[name]]));
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
}
