import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { DataError, EnvironmentError } from '../../core/errors.js';
import type { EpochRecord, RunRecord } from '../../records/record.js';
import { syncFolder } from '../files/atomic-file.js';
import { SEALED } from './checksum.js';
import { Database, utf8 } from './database.js';
import { type InspectedRun, inspect } from './inspect.js';
import { checkpointPath, copyDurably, DATABASE, LOCK, removeDatabase } from './places.js';
import { scanRows } from './scan-rows.js';
import { createSchema } from './schema.js';
import { StoreBusyError } from './store-busy-error.js';
import type { Damage } from './store-damaged-error.js';
import { StoreWriter } from './writer.js';
import { WriterLock } from './writer-lock.js';

/** What of a store is whole. */
export interface StoreReport {
  readonly folder: string;
  /** Empty when all is well. */
  readonly damages: readonly Damage[];
  /** Keys of runs of which everything is there. */
  readonly whole: readonly string[];
  /** Keys of runs that are known, and how they went is not: after a repair they are unfinished. */
  readonly untrained: readonly string[];
  /** Keys, as far as they can be read, of runs that are lost: after a repair they are not there. */
  readonly lost: readonly string[];
  /** Rows of a time before checksums, of which only the form is checked. */
  readonly unchecked: number;
}

/** What a repair did. */
export interface StoreRepair extends StoreReport {
  /** The folder that holds the store as it was; absent when nothing was damaged and nothing done. */
  readonly original?: string;
}

/**
 * Reads all of a store and says what of it is damaged. Changes nothing.
 * @throws DataError for what is no SQLite database at all, EnvironmentError when it cannot be read
 */
export function checkStore(folder: string): StoreReport {
  const database = openDamaged(folder);
  try {
    const { damages, runs, unchecked } = inspect(database);
    const keys = ({ wholeness }: Pick<InspectedRun, 'wholeness'>): string[] =>
      [...runs.values()].filter((run) => run.wholeness === wholeness).map(({ key }) => key);
    return {
      folder,
      damages,
      whole: keys({ wholeness: 'whole' }),
      untrained: keys({ wholeness: 'untrained' }),
      lost: keys({ wholeness: 'lost' }),
      unchecked,
    };
  } finally {
    database.close();
  }
}

/**
 * Makes a store anew of what is whole in it. Runs whose configuration is whole and whose outcome is not become unfinished, so that
 * their sweep trains them again; others go. The store as it was is copied first, into a folder `damaged-…` beside its files, and
 * stays there. A store without damage is left alone.
 * @throws StoreBusyError while somebody writes to it
 * @throws DataError and EnvironmentError as `checkStore`, and when there is no room
 */
export function repairStore(folder: string): StoreRepair {
  const report = checkStore(folder);
  if (report.damages.length === 0) return report;
  const lock = WriterLock.tryAcquire(path.join(folder, LOCK));
  if (!lock) throw new StoreBusyError(folder, undefined);
  try {
    const original = copyAway(folder);
    const [made, repaired] = ['made', 'repaired'].map((name) =>
      path.join(folder, `.${DATABASE}.${name}.tmp`),
    );
    removeDatabase(made);
    copyWhole(original, made, folder);
    // Another file: see how stores are created.
    copyDurably(made, repaired);
    removeDatabase(made);
    // Changes that were not merged yet are in the copy; SQLite would take them for changes of the new file.
    for (const suffix of ['-wal', '-shm']) rmSync(path.join(folder, `${DATABASE}${suffix}`), { force: true });
    renameSync(repaired, path.join(folder, DATABASE));
    syncFolder(folder);
    return { ...report, original };
  } catch (error) {
    if (error instanceof DataError || error instanceof EnvironmentError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new EnvironmentError(
      `cannot repair ${folder}: ${reason}`,
      'Make room, or copy it to another place.',
      {
        cause: error,
      },
    );
  } finally {
    lock.release();
  }
}

/** To look at what is damaged, it is enough that it is a database. */
function openDamaged(folder: string): Database {
  const file = path.join(folder, DATABASE);
  if (!statSync(file, { throwIfNoEntry: false }))
    throw new DataError(folder, `holds no run store: ${DATABASE} is missing`);
  const database = new Database(file, 'read');
  try {
    database.checkNames();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** @returns the folder with the copy, which outlives a loss of power */
function copyAway(folder: string): string {
  const copy = path.join(folder, `damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`);
  mkdirSync(copy);
  for (const suffix of ['', '-wal']) {
    const [from, to] = [folder, copy].map((each) => path.join(each, `${DATABASE}${suffix}`));
    if (!statSync(from, { throwIfNoEntry: false })) continue;
    copyDurably(from, to);
  }
  syncFolder(copy);
  syncFolder(folder);
  return copy;
}

/** Of a copy, as the original may be read by others. */
function copyWhole(from: string, to: string, folder: string): void {
  const source = openDamaged(from);
  const target = new Database(to, 'create');
  try {
    createSchema(target);
    const writer = new StoreWriter(target, folder, (key) => checkpointPath(folder, key));
    const { runs } = inspect(source);
    const keys = copyRuns(source, writer, runs);
    for (const { cells, problem } of scanRows(source, 'sweepRuns', ['sweep', 'run'])) {
      const key = problem === undefined ? keys.get(Number(cells[1])) : undefined;
      const sweep = textOf(cells[0]);
      if (key !== undefined && sweep !== undefined) writer.join(key, sweep);
    }
    if (target.pragma('wal_checkpoint(TRUNCATE)') !== 0) throw new Error('its changes were not merged');
  } finally {
    source.close();
    target.close();
  }
}

/** @returns the keys of runs by their ids in the source */
function copyRuns(
  source: Database,
  writer: StoreWriter,
  runs: ReadonlyMap<number, InspectedRun>,
): Map<number, string> {
  const keys = new Map<number, string>();
  const epochs = epochsOf(source, runs);
  for (const { rowid, cells, problem } of scanRows(source, 'runs', SEALED.runs)) {
    const { wholeness = 'lost' } = runs.get(rowid) ?? {};
    if (problem !== undefined || wholeness === 'lost') continue;
    const [, key, status, rule, , sha256, config, record, error] = cells.map((cell) => textOf(cell) ?? '');
    writer.begin({
      key,
      config: JSON.parse(config) as object,
      rule: { name: rule, version: Number(cells[4]) },
      datasetSha256: sha256,
    });
    keys.set(rowid, key);
    if (wholeness !== 'whole') continue;
    const own = epochs.get(rowid) ?? [];
    if (status === 'finished') writer.finish(key, { ...(JSON.parse(record) as RunRecord), epochs: own });
    else writer.appendEpochs(key, own);
    if (status === 'failed') writer.fail(key, JSON.parse(error) as { name: string; message: string });
  }
  return keys;
}

/** Epochs of whole runs, up to the first that is missing. */
function epochsOf(source: Database, runs: ReadonlyMap<number, InspectedRun>): Map<number, EpochRecord[]> {
  const found = new Map<number, EpochRecord[]>();
  for (const { cells, problem } of scanRows(source, 'epochs', ['run', 'record'])) {
    const run = Number(cells[0]);
    if (problem !== undefined || runs.get(run)?.wholeness !== 'whole') continue;
    const own = found.get(run) ?? [];
    own.push(JSON.parse(textOf(cells[1]) ?? 'null') as EpochRecord);
    found.set(run, own);
  }
  for (const own of found.values()) own.sort((a, b) => a.epoch - b.epoch);
  return new Map(
    [...found].map(([run, own]) => [run, own.filter((epoch, i) => epoch.epoch === i + 1)] as const),
  );
}

function textOf(cell: unknown): string | undefined {
  try {
    return cell instanceof Uint8Array ? utf8(cell) : undefined;
  } catch {
    return undefined;
  }
}
