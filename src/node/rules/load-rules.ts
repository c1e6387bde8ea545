import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ArgumentError, DataError, EnvironmentError, XnorlabError } from '../../core/errors.js';
import { hex, sha256 } from '../../core/sha256.js';
import { type RuleFile, registerFrom, registryVersion } from '../../rules/registry.js';
import { moduleLoader } from '../files/module-loader.js';

/** What is loaded, by path. */
const loaded = new Map<string, RuleFile>();

/**
 * Loads files, JavaScript or TypeScript, that register rules. Their `xnorlab` and `zod` are those of this program, wherever
 * they lie. A file that is loaded already is loaded again only if it has changed.
 * @param files - paths, relative to `folder`
 * @param folder - default: the current one
 * @returns the files, in the same order
 * @throws ArgumentError for a file that cannot be read or registers no rule, and what `registerRule` throws; DataError for
 *   one that cannot be run
 */
export function loadRules(files: readonly string[], folder: string = process.cwd()): RuleFile[] {
  return files.map((file) => loadFile(path.resolve(folder, file)));
}

/**
 * Loads files that are loaded elsewhere, too.
 * @throws EnvironmentError for a file that has changed since; as `loadRules`
 */
export function loadSameRules(files: readonly RuleFile[]): void {
  for (const { file, sha256 } of files) {
    if (loadFile(file).sha256 === sha256) continue;
    throw new EnvironmentError(
      `${file} has changed since the rule in it was loaded`,
      'Begin again, so that all runs are of the same rule.',
    );
  }
}

function loadFile(file: string): RuleFile {
  const found = { file, sha256: hex(sha256(readFile(file))) };
  const before = loaded.get(file);
  if (before && before.sha256 === found.sha256) return before;
  const version = registryVersion();
  registerFrom(found, () => evaluate(file));
  if (registryVersion() === version) throw new ArgumentError('rules', 'a file that calls registerRule', file);
  loaded.set(file, found);
  return found;
}

function readFile(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ArgumentError('rules', `a readable JavaScript or TypeScript file (${reason})`, file);
  }
}

/** At once: a sweep that names its rules is read without waiting. */
function evaluate(file: string): void {
  try {
    moduleLoader(file)(file);
  } catch (error) {
    if (error instanceof XnorlabError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(file, `cannot be loaded: ${reason}`, { cause: error });
  }
}
