import { type Figure, type Row, tradeOff } from 'xnorlab';
import type { Compared } from './compared.js';

/** Ours over what is published, one point a row, with the line of equality; a panel for each data set. */
export function agreement(compared: readonly Compared[]): Figure {
  const points = compared
    .filter(({ mean }) => mean !== undefined)
    .map(
      (row, i): Row => ({
        dataset: row.dataset,
        reading: row.reading,
        published: row.published,
        ours: row.mean ?? null,
        point: `${row.experiment}: ${row.rule} ${row.layers} (${i})`,
      }),
    );
  const figure = tradeOff(points, {
    series: 'reading',
    point: 'point',
    cost: 'published',
    value: 'ours',
    scale: 'linear',
    xTitle: 'published (%)',
    yTitle: 'ours (%)',
    title: 'Every published row that was run',
  });
  // What costs most for what it brings says nothing here: where both are equal does.
  const data = figure.data.map((trace) =>
    trace.name === FRONT ? Object.assign({}, trace, EQUALITY) : trace,
  );
  return { ...figure, data };
}

/** What `tradeOff` calls the line that it draws. */
const FRONT = 'Pareto front';

const EQUALITY = {
  name: 'equal',
  legendgroup: 'equal',
  x: [0, 100],
  y: [0, 100],
  line: { color: '#666666', dash: 'dot' },
} as const;
