import { zipSync } from 'fflate';
import type { ExportedNetwork } from './exported-network.js';
import { encodeNpy, encodeNpyText } from './npy.js';

/** By the clock of whatever place this is, the first day of zip: the same bytes everywhere. */
const NO_TIME = new Date(1980, 0, 1);

/** A network as a file of NumPy: a zip of .npy files, `description` and the arrays. */
export function encodeNpz({ description, arrays }: ExportedNetwork): Uint8Array {
  const files = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeNpy(array)] as const);
  const text = encodeNpyText(JSON.stringify(description));
  return zipSync({ 'description.npy': text, ...Object.fromEntries(files) }, { mtime: NO_TIME });
}
