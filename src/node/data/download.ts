import { mkdir, mkdtemp, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EnvironmentError, InterruptedError } from '../../core/errors.js';
import { checkSha256, gunzip } from './file-access.js';

/** How far a download is. */
export interface DownloadProgress {
  /** Name of the file being fetched. */
  readonly file: string;
  /** Bytes of this file received so far. */
  readonly receivedBytes: number;
  /** Bytes of this file in all; absent when the server does not say. */
  readonly totalBytes?: number;
}

/** What to fetch, and where to. */
export interface DownloadPlan {
  /** The data set, for messages. */
  readonly name: string;
  /** Address in front of the file names, without a slash at its end. */
  readonly baseUrl: string;
  /** The folder to put the files in; made if need be. */
  readonly folder: string;
  /** File names without the `.gz` that the server's have, each with the SHA-256 of its uncompressed contents. */
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  /** Where the files were looked for before, in words, for messages. */
  readonly lookedIn?: string | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fetches gzip files, checks each and puts them in a folder, all or none: whatever goes wrong, nothing is left
 * behind.
 * @throws EnvironmentError when the server cannot be reached or does not give a file, or the folder cannot be
 *   written; DataError when a file is damaged or not the one expected; InterruptedError when `signal` says so
 */
export async function downloadFiles(plan: DownloadPlan): Promise<void> {
  const created = await makeFolder(plan);
  const temporary = await mkdtemp(join(plan.folder, '.download-')).catch((error) =>
    refuseFolder(plan, error),
  );
  const placed: string[] = [];
  try {
    for (const file of plan.files) {
      await writeFile(join(temporary, `${file.name}.gz`), await fetchChecked(plan, file));
    }
    for (const { name } of plan.files) {
      const destination = join(plan.folder, `${name}.gz`);
      await rename(join(temporary, `${name}.gz`), destination);
      placed.push(destination);
    }
  } catch (error) {
    for (const file of placed) await rm(file, { force: true });
    throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
    if (created !== undefined) await removeEmptyFolders(plan.folder, created);
  }
}

/** Removes `folder` and those above it up to `top`, as far as they are empty: another process may use them. */
async function removeEmptyFolders(folder: string, top: string): Promise<void> {
  for (let path = folder; path.startsWith(top); path = dirname(path))
    await rmdir(path).catch(() => undefined);
}

/** The sentence that says how to do without a download. */
export function handRemedy(name: string, folder: string, files: readonly string[]): string {
  const list = files.map((file) => `${file}.gz`).join(', ');
  return `Put ${list} into ${folder}, or name a folder that has ${name}/ in it with --data-dir or XNORLAB_DATA.`;
}

/** @returns the topmost folder that had to be made, if any */
async function makeFolder(plan: DownloadPlan): Promise<string | undefined> {
  return mkdir(plan.folder, { recursive: true }).catch((error) => refuseFolder(plan, error));
}

function refuseFolder({ folder }: DownloadPlan, error: NodeJS.ErrnoException): never {
  const remedy = 'Name a folder that can be written with --data-dir.';
  throw new EnvironmentError(`${folder} cannot be written (${error.code})`, remedy, { cause: error });
}

async function fetchChecked(plan: DownloadPlan, file: { name: string; sha256: string }): Promise<Buffer> {
  const url = `${plan.baseUrl}/${file.name}.gz`;
  const archive = await fetchBytes(plan, `${file.name}.gz`, url);
  checkSha256({ bytes: gunzip(archive, url), file: url }, file.sha256, `${file.name} of ${plan.name}`);
  return archive;
}

async function fetchBytes(plan: DownloadPlan, file: string, url: string): Promise<Buffer> {
  try {
    // Left to negotiate, a server might compress the archive again and fetch unpack both.
    const headers = { 'accept-encoding': 'identity' };
    const response = await fetch(url, { headers, ...(plan.signal && { signal: plan.signal }) });
    if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`.trim());
    return await receive(response, file, plan);
  } catch (error) {
    if (plan.signal?.aborted) throw new InterruptedError(`The download of ${url}`);
    const names = plan.files.map(({ name }) => name);
    const absent = `${plan.name} is not on this machine${plan.lookedIn ? ` (looked in ${plan.lookedIn})` : ''}`;
    const problem = `${absent} and ${url} cannot be fetched (${reason(error)})`;
    throw new EnvironmentError(problem, handRemedy(plan.name, plan.folder, names), { cause: error });
  }
}

async function receive(response: Response, file: string, { onProgress }: DownloadPlan): Promise<Buffer> {
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  const total = Number.isInteger(length) ? { totalBytes: length } : {};
  const pieces: Uint8Array[] = [];
  let receivedBytes = 0;
  const reader = response.body?.getReader();
  for (let step = await reader?.read(); step?.value; step = await reader?.read()) {
    pieces.push(step.value);
    receivedBytes += step.value.length;
    onProgress?.({ file, receivedBytes, ...total });
  }
  return Buffer.concat(pieces);
}

/** fetch says only "fetch failed"; what failed is in its cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
