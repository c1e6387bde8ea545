import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { processorName } from './machine.js';

const FILE = path.resolve(__dirname, '..', 'bench', 'history.jsonl');

/** Appends a run to bench/history.jsonl: when, where, which commit, and numbers by name. */
export function remember(kind: string, numbers: Readonly<Record<string, number>>, against?: string): void {
  const entry = {
    date: new Date().toISOString(),
    kind,
    processor: processorName(),
    node: process.versions.node,
    load: Number(loadavg()[0].toFixed(2)),
    commit: presentCommit(),
    ...(against === undefined ? {} : { against }),
    numbers: Object.fromEntries(
      Object.entries(numbers).map(([name, value]) => [name, Number(value.toPrecision(4))]),
    ),
  };
  appendFileSync(FILE, `${JSON.stringify(entry)}\n`);
}

/** The commit that is checked out, with a + where files differ from it. */
export function presentCommit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--abbrev=40', '--dirty=+'], {
      cwd: path.dirname(FILE),
      encoding: 'utf8',
    }).trim();
  } catch {
    return 'unknown';
  }
}
