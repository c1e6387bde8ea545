import { join } from 'node:path';
import { dottedIdxName } from '../../data/idx-dataset.js';
import type { KnownFile } from '../../data/known/known-dataset.js';
import { isFile, isFolder } from './file-access.js';

/** The path of a file in a folder or its `raw/`, compressed or plain, by any of its names; undefined if there is none. */
export async function findFile(
  folder: string,
  { name, otherNames = [] }: Pick<KnownFile, 'name' | 'otherNames'>,
): Promise<string | undefined> {
  for (const place of [folder, join(folder, 'raw')]) {
    if (!(await isFolder(place))) continue;
    for (const known of [name, ...otherNames]) {
      for (const path of [join(place, `${known}.gz`), join(place, known)])
        if (await isFile(path)) return path;
    }
  }
  return undefined;
}

/** The path of a file of the MNIST family, or of where it should be. */
export async function idxFileIn(folder: string, name: string): Promise<string> {
  const found = await findFile(folder, { name, otherNames: [dottedIdxName(name)] });
  return found ?? join(folder, `${name}.gz`);
}
