import { type FileHandle, open } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { DataError } from '../../core/errors.js';
import { checkFinite } from '../../data/create-dataset.js';
import { FeatureMatrix } from '../../data/dataset.js';
import { type FeatureRows, type NpyFeatures, npyRows, type StatedArray } from '../../data/npy.js';
import { elementsIn } from '../../data/npy-array.js';
import { MOST_HEADER_BYTES, type NpyHeader, parseNpyHeader } from '../../data/npy-header.js';
import { readStart } from './file-access.js';

/** Bytes that are read at once; a multiple of the size of any element. */
const CHUNK_BYTES = 2 ** 22;

/**
 * The features in a .npy file, as `npyFeatures` reads them, without a second copy of them: numbers are read into the place where they
 * stay, or converted piece by piece, and bits are packed piece by piece, so that only they need to fit in memory.
 * @throws DataError as `npyFeatures`, or for a file that cannot be read, or whose features do not fit in the memory of this machine
 */
export async function readNpyFeatures(file: string, stated?: StatedArray): Promise<NpyFeatures> {
  const { start, sizeBytes } = await readStart(file, MOST_HEADER_BYTES);
  const header = parseNpyHeader(start, file);
  checkMemory(header, sizeBytes, file, stated);
  const { rows, shape } = npyRows(header, sizeBytes - header.headerBytes, file, stated);
  const handle = await open(file);
  try {
    await fill(rows, handle, header.headerBytes, sizeBytes, file);
  } finally {
    await handle.close();
  }
  return { file, features: rows.features, shape };
}

/** @throws DataError as `readNpyFeatures`, and for numbers that are not finite */
export async function readFiniteNpyFeatures(file: string): Promise<NpyFeatures> {
  const read = await readNpyFeatures(file);
  if (read.features instanceof FeatureMatrix) checkFinite(read.features, file);
  return read;
}

async function fill(
  rows: FeatureRows,
  handle: FileHandle,
  start: number,
  end: number,
  file: string,
): Promise<void> {
  const { room } = rows;
  const chunk = room ? undefined : new Uint8Array(Math.min(CHUNK_BYTES, end - start));
  for (let position = start; position < end; position += CHUNK_BYTES) {
    const sizeBytes = Math.min(CHUNK_BYTES, end - position);
    const target =
      chunk?.subarray(0, sizeBytes) ?? room?.subarray(position - start, position - start + sizeBytes);
    if (!target) return;
    await readFully(handle, target, position, file);
    if (chunk) rows.push(target);
  }
}

async function readFully(
  handle: FileHandle,
  target: Uint8Array,
  position: number,
  file: string,
): Promise<void> {
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await handle.read(target, done, target.length - done, position + done);
    if (bytesRead === 0) throw new DataError(file, 'became shorter while it was read');
    done += bytesRead;
  }
}

/** By arithmetic, before anything is allocated: the system would end the process later instead. */
function checkMemory(
  { shape, type }: NpyHeader,
  sizeBytes: number,
  file: string,
  stated: StatedArray | undefined,
): void {
  const elementBytes = type === 'b1' ? 1 / 8 : type === 'u1' || stated?.packed ? 1 : 4;
  // No more elements than bytes: of a file that is too short for its header, that is to be said.
  const neededBytes = Math.min(elementsIn(shape), sizeBytes) * elementBytes;
  if (neededBytes <= totalmem()) return;
  const [needed, present] = [neededBytes, totalmem()].map((bytes) => `${(bytes / 2 ** 30).toFixed(1)} GiB`);
  throw new DataError(file, `its features take ${needed} of memory, this machine has ${present}`);
}
