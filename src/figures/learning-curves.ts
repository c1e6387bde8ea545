import type { EpochRow } from '../analysis/rows.js';
import { ArgumentError } from '../bits/errors.js';
import type { Figure } from './figure.js';
import { DASHES, PALETTE, screenLayout } from './theme.js';

/** Which accuracy a line shows, and how. */
const MEASURES = [
  { key: 'testAccuracy', label: 'test', dash: DASHES[0] },
  { key: 'trainAccuracy', label: 'training', dash: DASHES[2] },
] as const;

/**
 * Accuracy over epochs: for every rule and seed a solid line for the test and a dotted one for the training
 * set, in the rule's colour.
 * @param rows - epochs of one or more runs, see `epochRows`
 * @throws ArgumentError when there are no rows
 */
export function learningCurves(rows: readonly EpochRow[], title = 'Learning curves'): Figure {
  if (rows.length === 0) throw new ArgumentError('rows', 'at least one epoch', rows);
  const rules = [...new Set(rows.map(({ rule }) => rule))];
  const seeds = new Set(rows.map(({ seed }) => seed));
  const data = groupRuns(rows).flatMap((run) =>
    MEASURES.map(({ key, label, dash }) => ({
      type: 'scatter' as const,
      mode: 'lines+markers' as const,
      name: `${run[0].rule}, ${label}${seeds.size > 1 ? ` (seed ${run[0].seed})` : ''}`,
      x: run.map(({ epoch }) => epoch),
      y: run.map((row) => row[key]),
      line: { color: PALETTE[rules.indexOf(run[0].rule) % PALETTE.length], dash },
      marker: { size: 5 },
    })),
  );
  return { data, layout: screenLayout(title, 'epoch', 'accuracy (%)') };
}

function groupRuns(rows: readonly EpochRow[]): EpochRow[][] {
  const runs = new Map<string, EpochRow[]>();
  for (const row of rows) {
    const key = `${row.rule}/${row.seed}`;
    runs.set(key, [...(runs.get(key) ?? []), row]);
  }
  return [...runs.values()];
}
