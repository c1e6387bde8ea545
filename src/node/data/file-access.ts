import { constants } from 'node:buffer';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { type Gunzip, gunzipSync } from 'node:zlib';
import { DataError } from '../../core/errors.js';
import { createSha256, hex } from '../../core/sha256.js';
import { refuseForeignFormat } from '../../data/foreign-format.js';
import { inflationError, inflationLimit, isLikely } from '../../data/inflation.js';
import type { SourceFile } from '../../data/source-file.js';

/** The least that zlib takes. */
const LEAST_CHUNK_BYTES = 64;

/** Pieces of what does not tell its size rightly. */
const CHUNK_BYTES = 2 ** 16;

/** Header, an empty block and the end. */
const LEAST_GZIP_BYTES = 20;

const GZIP_MAGIC = [0x1f, 0x8b];

/**
 * The whole contents of a file.
 * @throws DataError when it is missing, empty, unreadable or larger than Node reads at once (2 GiB)
 */
export async function readBytes(file: string): Promise<Buffer> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new DataError(file, readProblem(error), { cause: error });
  });
  if (bytes.length === 0) throw new DataError(file, 'is empty');
  return bytes;
}

/**
 * The contents of a file with its name, unpacked if that ends in `.gz`.
 * @throws DataError as `readBytes`, or when it is no whole gzip file
 */
export async function readSource(file: string): Promise<SourceFile> {
  const bytes = await readBytes(file);
  return { file, bytes: file.endsWith('.gz') ? gunzip(bytes, file) : bytes };
}

/** The first bytes of a file, fewer if it has no more, and its size. @throws DataError as `readBytes` */
export async function readStart(
  file: string,
  mostBytes: number,
): Promise<{ readonly start: Uint8Array; readonly sizeBytes: number }> {
  try {
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      const { buffer, bytesRead } = await handle.read({ buffer: new Uint8Array(mostBytes) });
      if (bytesRead === 0) throw new DataError(file, 'is empty');
      return { start: buffer.subarray(0, bytesRead), sizeBytes: size };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(file, readProblem(error as NodeJS.ErrnoException), { cause: error });
  }
}

function readProblem(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'is missing';
    case 'EISDIR':
      return 'is a folder, expected a file';
    case 'ERR_FS_FILE_TOO_LARGE':
      return 'is larger than 2 GiB, more than can be read; split it or store smaller elements';
    default:
      return `cannot be read (${error.code ?? error.message})`;
  }
}

/** Whether the bytes begin as gzip data does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === GZIP_MAGIC[0] && bytes[1] === GZIP_MAGIC[1];
}

/**
 * Unpacks gzip data.
 * @param source - the file or address to name in an error
 * @throws DataError for anything but whole, undamaged gzip data with nothing behind it
 */
export function gunzip(bytes: Uint8Array, source: string): Buffer {
  if (!isGzip(bytes)) throw new DataError(source, 'is not gzip data');
  const { buffer, engine } = gunzipWithEngine(bytes, source);
  const trailing = bytes.length - engine.bytesWritten;
  if (trailing > 0) throw new DataError(source, `${trailing} trailing bytes after the gzip data`);
  return buffer;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function gunzipWithEngine(bytes: Uint8Array, source: string): { buffer: Buffer; engine: Gunzip } {
  // The last four bytes tell the size of the contents, if nothing is damaged.
  const told = bytes.length < LEAST_GZIP_BYTES ? 0 : viewOf(bytes).getUint32(bytes.length - 4, true);
  const most = Math.min(inflationLimit(bytes.length, told), constants.MAX_LENGTH - 1);
  // In one piece, so that it is not copied together; the end of the data is seen where there is room left.
  const isTold = isLikely(bytes.length, told) && told < most;
  const chunkSize = isTold ? Math.max(told + 1, LEAST_CHUNK_BYTES) : CHUNK_BYTES;
  const options = { info: true, chunkSize, maxOutputLength: most };
  try {
    // With `info`, Node returns the engine too; its type declarations leave that out.
    return gunzipSync(bytes, options) as unknown as { buffer: Buffer; engine: Gunzip };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw inflationError(bytes.length, most, source);
    const damage = code === 'Z_BUF_ERROR' ? 'truncated' : 'damaged';
    throw new DataError(source, `${damage} gzip data (${message})`, { cause: error });
  }
}

/** SHA-256 in hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  const hash = createSha256();
  hash.update(bytes);
  return hex(hash.digest());
}

/** @throws DataError naming `source` unless the SHA-256 of `bytes` is `expected`; `what` says what they should be */
export function checkSha256({ bytes, file }: SourceFile, expected: string, what: string): void {
  const found = sha256Of(bytes);
  if (found === expected) return;
  refuseForeignFormat({ bytes, file }, what);
  throw new DataError(file, `is not ${what}: SHA-256 of the contents is ${found}, expected ${expected}`);
}

/** Whether `path` is there and is a file. */
export async function isFile(path: string): Promise<boolean> {
  return (await statOrUndefined(path))?.isFile() ?? false;
}

/** Whether `path` is there and is a folder. */
export async function isFolder(path: string): Promise<boolean> {
  return (await statOrUndefined(path))?.isDirectory() ?? false;
}

function statOrUndefined(path: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> {
  return stat(path).catch(() => undefined);
}

/** What lies in a folder, without what begins with a dot, sorted; nothing if it is none. */
export async function visibleIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder).catch(() => []);
  return entries.filter((name) => !name.startsWith('.')).sort();
}
