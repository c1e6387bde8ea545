import { type Figure, type Row, tradeOff } from 'xnorlab';
import type { Compared } from './compared.js';
import { networkOf, settingOf } from './tables.js';

/** Where most points lie, in a panel of its own. */
const CLOSER = { from: 78, to: 88 };

/**
 * Ours over what is published, one point a row and reading, with the line of equality; a panel for each data set, and one of FashionMNIST
 * with most of its points alone.
 */
export function agreement(compared: readonly Compared[]): Figure {
  const points = compared
    .filter(({ mean }) => mean !== undefined)
    .map(
      (row): Row => ({
        dataset: row.dataset.startsWith('uci') ? 'tables of UCI' : row.dataset,
        reading: row.reading,
        published: row.published,
        ours: row.mean ?? null,
        point: `${row.experiment} ${row.dataset}: ${row.rule} ${networkOf(row)} ${settingOf(row)}`,
      }),
    );
  const isClose = (value: unknown): boolean => Number(value) >= CLOSER.from && Number(value) <= CLOSER.to;
  const closer = points
    .filter(
      ({ dataset, published, ours }) => dataset === 'fashion-mnist' && isClose(published) && isClose(ours),
    )
    .map((row): Row => ({ ...row, dataset: `fashion-mnist, ${CLOSER.from} to ${CLOSER.to} %` }));
  const figure = tradeOff([...points, ...closer], {
    series: 'reading',
    point: 'point',
    cost: 'published',
    value: 'ours',
    scale: 'linear',
    xTitle: 'published (%)',
    yTitle: 'ours (%)',
    title: 'Every published row that was run',
  });
  // Panels come in the order of appearance: that of most points alone is the last.
  const lastPanel = `x${new Set([...points, ...closer].map(({ dataset }) => dataset)).size}`;
  const data = figure.data.map((trace) => {
    const { name, xaxis } = trace as { readonly name?: string; readonly xaxis?: string };
    // What costs most for what it brings says nothing here: where both are equal does.
    const own =
      name === FRONT ? equality(closer.length > 0 && xaxis === lastPanel ? CLOSER : ALL) : NO_ERROR_BARS;
    return Object.assign({}, trace, own);
  });
  return { ...figure, data };
}

/** What `tradeOff` calls the line that it draws. */
const FRONT = 'Pareto front';

/** Points are means, and no seeds are at hand here. */
const NO_ERROR_BARS = { error_y: { visible: false } };

const ALL = { from: 0, to: 100 };

function equality({ from, to }: typeof ALL): object {
  return {
    ...{ name: 'equal', legendgroup: 'equal', x: [from, to], y: [from, to] },
    line: { color: '#666666', dash: 'dot' },
  };
}
