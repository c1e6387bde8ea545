import type { Cell } from '../core/row.js';

/** What has become of a run. */
export const RUN_STATES = ['unfinished', 'failed', 'finished'] as const;

/** One of `RUN_STATES`. */
export type RunState = (typeof RUN_STATES)[number];

/** An option that runs differ in: a code for each run, an index into its values; −1 where the run has no such option. */
export interface OptionColumn {
  /** Its path in a configuration: `rule.groupSize`. */
  readonly path: string;
  readonly values: readonly Cell[];
  readonly codes: readonly number[];
}

/** A run that failed. */
export interface Failure {
  /** Index of the run. */
  readonly run: number;
  readonly name: string;
  readonly message: string;
}

/** All runs of a store at one moment, column by column. Entry i of a column is of run i, in the order in which they were begun. */
export interface StoreSnapshot {
  /** Where the store lies. */
  readonly folder: string;
  /** ISO 8601, UTC. */
  readonly takenAt: string;
  readonly keys: readonly string[];
  /** Indices into `RUN_STATES`. */
  readonly states: readonly number[];
  readonly seeds: readonly number[];
  /** Epochs that are in the store. */
  readonly done: readonly number[];
  /** Epochs of the whole run. */
  readonly epochs: readonly number[];
  /** Percent, of the selected epoch of finished runs; null for others. */
  readonly validation: readonly (number | null)[];
  readonly test: readonly (number | null)[];
  /** Seed aside. */
  readonly options: readonly OptionColumn[];
  /** Options that all runs share, by path. */
  readonly shared: Readonly<Record<string, Cell>>;
  readonly failures: readonly Failure[];
  /** Entry n: t₀.₉₇₅(n − 1)/√n, for the 95 % interval of a mean of n. */
  readonly tFactors: readonly number[];
  /** Percent after every epoch of every run, one run after another, in hundredths; `NO_VALUE` for none. */
  readonly curves: { readonly validation: Uint16Array; readonly test: Uint16Array };
}

/** Of a curve: nothing was measured. */
export const NO_VALUE = 0xffff;

/** An accuracy in percent as curves hold it. */
export function toHundredths(percent: number | null | undefined): number {
  return percent === null || percent === undefined ? NO_VALUE : Math.round(100 * percent);
}

/** As bytes: the length of a header, the header as JSON, the two curves. */
export function encodeSnapshot({ curves, ...header }: StoreSnapshot): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = 4 + text.length + (text.length & 1);
  const { validation, test } = curves;
  const bytes = new Uint8Array(start + validation.byteLength + test.byteLength);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  new Uint16Array(bytes.buffer, start, validation.length).set(validation);
  new Uint16Array(bytes.buffer, start + validation.byteLength, test.length).set(test);
  return bytes;
}

/** What `encodeSnapshot` has encoded. */
export function decodeSnapshot(bytes: Uint8Array): StoreSnapshot {
  // A copy that begins at an even address; `slice` of Node's buffers makes none.
  const { buffer } = new Uint8Array(bytes);
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const start = 4 + length + (length & 1);
  const count = (buffer.byteLength - start) / 4;
  const validation = new Uint16Array(buffer, start, count);
  const test = new Uint16Array(buffer, start + 2 * count, count);
  return { ...header, curves: { validation, test } } as StoreSnapshot;
}
