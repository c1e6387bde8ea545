import { dottedIdxName, IDX_FILES, type IdxFileName } from '../idx-dataset.js';
import type { KnownFile } from './known-dataset.js';

/** The files of a known set of the MNIST family, by the SHA-256 of each. */
export function idxFiles(sha256: Readonly<Record<IdxFileName, string>>): KnownFile[] {
  return IDX_FILES.map((name) => ({ name, otherNames: [dottedIdxName(name)], sha256: sha256[name] }));
}
