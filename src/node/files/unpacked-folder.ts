import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import { writeFileAtomically } from './atomic-file.js';
import { makePrivateFolder } from './private-folder.js';

/**
 * A folder with what `make` puts into it, made once and checked each time: every file has the SHA-256 that it had when it was made, and none
 * is there besides. Else it is made anew. It lies in a private folder, see `makePrivateFolder`; of several that make it at once, one is kept.
 * @param folder - that it lies in; of this user alone
 * @param name - of the folder in it; tells what it holds: a version
 * @returns its path
 * @throws EnvironmentError when the folder cannot be made or is not private; what `make` throws
 */
export async function unpackedFolder(
  folder: string,
  name: string,
  make: (place: string) => Promise<void>,
): Promise<string> {
  await makePrivateFolder(folder);
  const place = path.join(folder, name);
  const list = `${place}.json`;
  if (await isAsListed(place, list)) return place;
  const temporary = await mkdtemp(path.join(folder, `.${name}-`));
  try {
    await make(temporary);
    const hashes = await hashesIn(temporary);
    await rm(list, { force: true });
    await rm(place, { recursive: true, force: true });
    await rename(temporary, place);
    await writeFileAtomically(list, `${JSON.stringify(hashes, undefined, 1)}\n`);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Another process may have been quicker.
    if (await isAsListed(place, list)) return place;
    throw error;
  }
  return place;
}

async function isAsListed(place: string, list: string): Promise<boolean> {
  try {
    const listed: unknown = JSON.parse(await readFile(list, 'utf8'));
    return isDeepStrictEqual(listed, await hashesIn(place));
  } catch {
    return false;
  }
}

/** SHA-256 of each file in a folder and in those below, in hexadecimal, by path; a link counts as what it leads to. */
async function hashesIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
  const hashes: Record<string, string> = {};
  for (const file of files) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path.join(folder, file)), hash);
    hashes[file] = hash.digest('hex');
  }
  return hashes;
}
