import { escapeHtml } from '../core/escape-html.js';
import type { Row } from '../core/row.js';
import type { RunRecord } from '../records/record.js';
import { htmlTable } from '../tables/html.js';
import type { MimeBundle } from './bundle.js';
import { SHOWN_ROWS } from './html-table.js';

/**
 * How a notebook shows values of this library that are plain data. They are known by their shape: a record may have been
 * read from a file, and the library that made a value need not be the one that the kernel was started from.
 * @returns undefined for any other value
 */
export function knownValue(value: object): MimeBundle | undefined {
  if (isRecord(value)) return shownRun('run', value);
  if (isModel(value)) return shownRun('learner' in value ? 'trained run' : 'model', value.record);
  if (isSweep(value)) return shownSweep(value);
  if (isStore(value)) return shownStore(value);
  return isRecordList(value) ? shownRecords(value) : undefined;
}

interface Sweep {
  readonly runs: readonly {
    readonly label: string;
    readonly status: string;
    readonly validationAccuracy?: number;
    readonly testAccuracy?: number;
    readonly error?: string;
  }[];
  readonly finished: number;
  readonly skipped: number;
  readonly failed: number;
  readonly best?: { readonly label: string; readonly validationAccuracy?: number };
}

interface Store {
  readonly folder: string;
  query(sql: string): Row[];
}

function isRecord(value: object): value is RunRecord {
  const { recordVersion, config, epochs, totals } = value as Partial<RunRecord>;
  const isObject = (part: unknown): boolean => typeof part === 'object' && part !== null;
  return typeof recordVersion === 'number' && isObject(config) && isObject(totals) && Array.isArray(epochs);
}

function isRecordList(value: object): value is readonly RunRecord[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((item: unknown) => typeof item === 'object' && item !== null && isRecord(item));
}

function isModel(value: object): value is { readonly record: RunRecord } {
  const { record, predict, dispose } = value as Readonly<Record<string, unknown>>;
  const hasRecord = typeof record === 'object' && record !== null && isRecord(record);
  return hasRecord && typeof predict === 'function' && typeof dispose === 'function';
}

function isSweep(value: object): value is Sweep {
  const { runs, finished, skipped, failed, records } = value as Readonly<Record<string, unknown>>;
  const areCounts = [finished, skipped, failed].every((count) => typeof count === 'number');
  return areCounts && Array.isArray(runs) && typeof records === 'function';
}

function isStore(value: object): value is Store {
  const { folder, query, records, exportParquet } = value as Readonly<Record<string, unknown>>;
  return (
    typeof folder === 'string' && [query, records, exportParquet].every((part) => typeof part === 'function')
  );
}

function shownRun(kind: string, record: RunRecord): MimeBundle {
  const facts = factsOf(record);
  const text = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  const table = htmlTable({
    caption: '',
    headings: [kind, ''],
    headColumns: 1,
    body: Object.entries(facts).map(([name, value]) => [{ text: name }, { text: String(value) }]),
  });
  return { 'text/plain': `[${kind}: ${text.join(', ')}]`, 'text/html': table };
}

function factsOf(record: RunRecord): Readonly<Record<string, string | number>> {
  const { rule, architecture, dataset, seed, epochs, selectedEpoch, validationAccuracy, totals } = record;
  return {
    rule: rule.name,
    ...(architecture !== undefined && { layers: architecture }),
    'data set': dataset.name,
    seed,
    epochs: selectedEpoch === epochs.length ? epochs.length : `${epochs.length}, reported: ${selectedEpoch}`,
    'training accuracy': percent(record.trainAccuracy),
    ...(validationAccuracy !== undefined && { 'validation accuracy': percent(validationAccuracy) }),
    'test accuracy': percent(record.testAccuracy),
    parameters: totals.parameters.toLocaleString('en'),
    'time of training': `${(totals.trainMs / 1000).toPrecision(3)} s`,
  };
}

function shownRecords(records: readonly RunRecord[]): MimeBundle {
  const rows = records.slice(0, SHOWN_ROWS).map((record) => {
    const { parameters: _, 'time of training': _time, ...facts } = factsOf(record);
    return facts;
  });
  return {
    'text/plain': `[${counted(records.length, 'run')}]`,
    'text/html': htmlTable(rows) + leftOut(rows.length, records.length, 'runs'),
  };
}

function shownSweep({ runs, finished, skipped, failed, best }: Sweep): MimeBundle {
  const counts = [
    counted(runs.length, 'run'),
    `${finished} finished now`,
    ...(skipped > 0 ? [`${skipped} had ended before`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(best ? [`best on validation data: ${best.label || 'the only one'}`] : []),
  ].join(', ');
  const shown = runs.slice(0, SHOWN_ROWS);
  const body = shown.map(({ label, status, validationAccuracy, testAccuracy, error }) => [
    { text: label, isBest: best !== undefined && label === best.label },
    ...[validationAccuracy, testAccuracy].map((accuracy) => ({
      text: accuracy === undefined ? '' : accuracy.toFixed(2),
      isNumber: true,
    })),
    { text: error ?? status },
  ]);
  const headings = ['run', 'validation accuracy (%)', 'test accuracy (%)', ''];
  const table = htmlTable({ caption: counts, headings, headColumns: 1, body });
  return {
    'text/plain': `[sweep: ${counts}]`,
    'text/html': table + leftOut(shown.length, runs.length, 'runs'),
  };
}

const GROUPS = `SELECT rule, layers, dataset, status, COUNT(*) AS runs, COUNT(DISTINCT seed) AS seeds,
  MIN(testAccuracy) AS least, MAX(testAccuracy) AS most FROM runs GROUP BY rule, layers, dataset, status ORDER BY MIN(id)`;

/** Runs that differ in what the columns of a store do not hold are one group: their accuracies are a range, not a mean. */
function shownStore(store: Store): MimeBundle | undefined {
  const groups = groupsOf(store);
  if (groups === undefined) return undefined;
  const total = groups.reduce((sum, { runs }) => sum + Number(runs), 0);
  const summary = `store ${store.folder}: ${counted(total, 'run')}`;
  const rows = groups.slice(0, SHOWN_ROWS).map(({ least, most, ...group }) => ({
    ...group,
    'test accuracy (%)': range(least, most),
  }));
  const table = rows.length === 0 ? '' : htmlTable(rows);
  const note = leftOut(rows.length, groups.length, 'groups');
  return { 'text/plain': `[${summary}]`, 'text/html': `<p>${escapeHtml(summary)}</p>${table}${note}` };
}

/** Undefined for a store that is closed. */
function groupsOf(store: Store): Row[] | undefined {
  try {
    return store.query(GROUPS);
  } catch {
    return undefined;
  }
}

function range(least: unknown, most: unknown): string | null {
  if (typeof least !== 'number' || typeof most !== 'number') return null;
  return least === most ? least.toFixed(2) : `${least.toFixed(2)} to ${most.toFixed(2)}`;
}

function percent(accuracy: number): string {
  return `${accuracy.toFixed(2)} %`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function leftOut(shown: number, total: number, noun: string): string {
  return shown < total ? `<p>${shown} of ${total} ${noun} shown, ${total - shown} left out</p>` : '';
}
