import path from 'node:path';

/** Root of this package; the same from src/ and from dist/. */
export const PACKAGE_ROOT: string = path.resolve(__dirname, '..', '..', '..');

/**
 * A path in the folder for results: `$XNORLAB_RESULTS`, else `results/` in this package. Makes nothing.
 * @param parts - below that folder: `resultPath('01-quickstart', 'learning-curves')`
 */
export function resultPath(...parts: readonly string[]): string {
  return path.resolve(process.env.XNORLAB_RESULTS ?? path.join(PACKAGE_ROOT, 'results'), ...parts);
}
