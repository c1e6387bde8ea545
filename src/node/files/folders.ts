import { existsSync } from 'node:fs';
import path from 'node:path';
import envPaths from 'env-paths';

/** Root of this package, for what it ships; the same from src/ and from dist/. Nothing of the user's lies there. */
export const PACKAGE_ROOT: string = path.resolve(__dirname, '..', '..', '..');

/**
 * The user's project: the nearest folder from `start` upwards that holds a package.json and is no installed package;
 * `start` itself where there is none.
 * @param start - default: the working directory; in a notebook that is the notebook's folder
 */
export function projectFolder(start: string = process.cwd()): string {
  return findProject(start) ?? path.resolve(start);
}

/** The same, undefined where there is none. */
export function findProject(start: string = process.cwd()): string | undefined {
  for (let folder = path.resolve(start); ; folder = path.dirname(folder)) {
    if (!isInstalled(folder) && existsSync(path.join(folder, 'package.json'))) return folder;
    if (folder === path.dirname(folder)) return undefined;
  }
}

/**
 * A path in the folder for results: `$XNORLAB_RESULTS`, else `results/` in the user's project. Makes nothing.
 * @param parts - below that folder: `resultPath('01-quickstart', 'learning-curves')`
 */
export function resultPath(...parts: readonly string[]): string {
  return path.join(resultsFolder(), ...parts);
}

/**
 * The folder for results of what runs in a folder: `$XNORLAB_RESULTS`, else `results/` in the project there.
 * @param start - default: the working directory
 */
export function resultsFolder(start: string = process.cwd()): string {
  return path.resolve(process.env.XNORLAB_RESULTS ?? path.join(projectFolder(start), 'results'));
}

/**
 * The user's cache folder for xnorlab, or a path in it: `$XDG_CACHE_HOME/xnorlab`, by default `~/.cache/xnorlab`;
 * `~/Library/Caches/xnorlab` on macOS, `%LOCALAPPDATA%\xnorlab\Cache` on Windows. Makes nothing.
 * @param parts - below that folder
 */
export function cachePath(...parts: readonly string[]): string {
  return path.join(envPaths('xnorlab', { suffix: '' }).cache, ...parts);
}

/** Whether npm has put this folder, or one above it, somewhere: it is no checkout and no project. */
export function isInstalled(folder: string): boolean {
  return folder.split(path.sep).includes('node_modules');
}
