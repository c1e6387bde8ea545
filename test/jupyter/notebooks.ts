import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../src/node/files/folders.js';

/** A code cell: its text, or text and tags. */
export type CellText = string | { readonly source: string; readonly tags: readonly string[] };

/** An output as it is stored in a notebook file. */
export interface StoredOutput {
  readonly output_type: string;
  readonly text?: readonly string[];
  readonly ename?: string;
  readonly evalue?: string;
  readonly data?: Readonly<Record<string, readonly string[] | string>>;
}

/** A line of TypeScript that gives a cell the display functions of the built package, wherever the notebook is. */
export const USE_DISPLAY = `const { display, show } = require(${JSON.stringify(
  join(PACKAGE_ROOT, 'dist', 'notebook', 'display.js'),
)});`;

/** Makes an empty folder that `remove` deletes. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'xnorlab-jupyter-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Lets notebooks in a folder import the built package, and what it depends on, by name. */
export function linkPackage(folder: string): void {
  symlinkSync(join(PACKAGE_ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
}

/** Writes a notebook of these code cells for our kernel. */
export function writeNotebook(file: string, cells: readonly CellText[]): void {
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'xnorlab', display_name: 'TypeScript (xnorlab)', language: 'typescript' },
    },
    cells: cells.map((cell, i) => ({
      cell_type: 'code',
      id: `cell-${i}`,
      metadata: typeof cell === 'string' ? {} : { tags: cell.tags },
      source: typeof cell === 'string' ? cell : cell.source,
      execution_count: null,
      outputs: [],
    })),
  };
  writeFileSync(file, JSON.stringify(notebook));
}

/** The outputs of every cell of a notebook file; text has none. */
export function readOutputs(file: string): StoredOutput[][] {
  const { cells } = JSON.parse(readFileSync(file, 'utf8')) as { cells: { outputs?: StoredOutput[] }[] };
  return cells.map(({ outputs = [] }) => outputs);
}

const PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 50;

/**
 * Waits for a condition.
 *
 * @throws Error when it does not hold within two minutes
 */
export async function pauseUntil(condition: () => boolean): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > until) throw new Error(`waited ${PATIENCE_MS} ms in vain`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
