import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { EnvironmentError } from '../../core/errors.js';
import { isInstalled, PACKAGE_ROOT } from '../files/folders.js';

/**
 * What the package.json of a project is to say so that npm installs this very xnorlab there: its version where it came from
 * a registry; where it came from a file, an address or runs from a checkout, that: `file:../xnorlab-0.2.0.tgz`.
 * @param project - its folder, which need not be there
 * @param root - of the package
 * @throws EnvironmentError when the file that it came from is gone
 */
export function ownSpec(project: string, root: string = PACKAGE_ROOT): string {
  if (!isInstalled(root)) return fileSpec(root, project);
  const origin = originOf(root);
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  if (origin === undefined || isOfRegistry(origin)) return version;
  if (!origin.startsWith('file:')) return origin;
  const file = path.resolve(installFolder(root), origin.slice('file:'.length));
  if (existsSync(file)) return fileSpec(file, project);
  throw new EnvironmentError(
    `This xnorlab was installed from ${file}, which is no longer there`,
    'Say where projects get it from: `--xnorlab <version, file or address>`',
  );
}

/** A file or folder as npm writes it down, with the way from the project. */
export function fileSpec(file: string, project: string): string {
  const way = path.relative(realFolder(project), realpathSync(file));
  return `file:${way.split(path.sep).join('/')}`;
}

/** The folder that npm has installed the package in. */
function installFolder(root: string): string {
  return path.resolve(root, '..', '..');
}

/** Where npm says that the package came from. */
function originOf(root: string): string | undefined {
  const lock = path.join(root, '..', '.package-lock.json');
  if (!existsSync(lock)) return undefined;
  const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as {
    packages?: Readonly<Record<string, { readonly resolved?: string }>>;
  };
  return packages?.['node_modules/xnorlab']?.resolved;
}

/** Registries keep the files of a package in a folder named `-`. */
function isOfRegistry(origin: string): boolean {
  return /^https?:.*\/-\//.test(origin);
}

/** Without links, also where the folder is not there yet. */
function realFolder(folder: string): string {
  if (existsSync(folder)) return realpathSync(folder);
  return path.join(realFolder(path.dirname(path.resolve(folder))), path.basename(folder));
}
