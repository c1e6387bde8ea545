import {
  cellFigures,
  depthOverEpochs,
  depthRange,
  depthRows,
  formatTable,
  groupRows,
  numberOf,
  type Row,
  type StudyPart,
  sortDifferent,
  summarize,
} from 'xnorlab';
import { isBaseBut, localErrorRuns, NOTEBOOK } from './thresholds.js';

/** How deep hidden weights lie, epoch by epoch, with room and without. */
export const metaplasticityDepths = {
  title: 'Where hidden weights lie',
  description:
    'Depth of the hidden weights of local-error, epoch by epoch, with room (16 bits) and with a bound of 31 (6 bits); ' +
    'reinforcement 0.5, seed 1.',
  sweeps: ['sweep.yaml'],
  rows: (records) => {
    const runs = localErrorRuns(records).filter(
      ({ record, thresholds }) =>
        isBaseBut(thresholds, ['hiddenBits']) &&
        SHOWN_BITS.includes(thresholds.hiddenBits) &&
        record.seed === SHOWN_SEED,
    );
    const rows = runs.flatMap(({ record, thresholds: { hiddenBits } }) =>
      depthRows([record]).map(
        ({ epoch, layer, depth, percent }): Row => ({
          ...{ hiddenBits, epoch, layer, depth },
          percent: Number(percent.toFixed(2)),
        }),
      ),
    );
    return sortDifferent(rows, KEY);
  },
  tables: (rows) => {
    const lastEpoch = Math.max(...rows.map((row) => numberOf(row, 'epoch')));
    const reached = groupRows(sortDifferent(rows, KEY), ['depth']).filter((group) =>
      group.rows.some((row) => numberOf(row, 'percent') > 0),
    );
    const last = reached.flatMap((group) => group.rows.filter(({ epoch }) => epoch === lastEpoch));
    return {
      depths: formatTable(summarize(last, { by: ['hiddenBits', 'layer', 'depth'], value: 'percent' }), {
        rows: ['depth'],
        columns: ['hiddenBits', 'layer'],
        bestPer: 'none',
        label: (column, cell) => LABELS[column](Number(cell)),
        caption: `Hidden weights by depth |h| after epoch ${lastEpoch}, in percent of a layer's`,
      }),
    };
  },
  figures: (rows) =>
    cellFigures(NOTEBOOK, ['6-bits', '16-bits'], { depthOverEpochs, depths: sortDifferent(rows, KEY) }),
} satisfies StudyPart;

const SHOWN_BITS: readonly unknown[] = [6, 16];

const SHOWN_SEED = 1;

const KEY = ['hiddenBits', 'epoch', 'layer', 'depth'];

const LABELS: Readonly<Record<string, (cell: number) => string>> = {
  hiddenBits: (bits) => `${bits} bits`,
  layer: (layer) => `layer ${layer}`,
  depth: depthRange,
};
