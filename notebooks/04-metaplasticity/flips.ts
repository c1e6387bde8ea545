import {
  cellFigures,
  type FormattedTable,
  flipRate,
  formatTable,
  layerRows,
  numberOf,
  type Row,
  type StudyPart,
  sortDifferent,
  summarize,
} from 'xnorlab';
import { isBaseBut, localErrorRuns, NOTEBOOK } from './thresholds.js';

/** How often weights flip, epoch by epoch, and how many lie at the bound in the end. */
export const metaplasticityFlips = {
  title: 'Flips',
  description:
    'How often visible weights flip, epoch by epoch, and how many hidden weights lie at the bound in the end, where one ' +
    'of bits, reinforcement and flip threshold of local-error differs from the base.',
  sweeps: ['sweep.yaml'],
  rows: (records) => {
    const runs = localErrorRuns(records).filter(
      ({ thresholds }) =>
        FLIP_OPTIONS.some((option) => isBaseBut(thresholds, [option])) &&
        SHOWN_BITS.includes(thresholds.hiddenBits),
    );
    const rows = runs.flatMap(({ record, thresholds: { hiddenBits, reinforcement, flipThreshold } }) =>
      layerRows([record]).map(({ seed, epoch, layer, flipPercent, boundPercent }): Row => {
        const setting = { hiddenBits, reinforcement, flipThreshold };
        return { ...setting, seed, epoch, layer, flipPercent, boundPercent };
      }),
    );
    return sortDifferent(rows, KEY);
  },
  tables: (rows) => {
    const lastEpoch = Math.max(...rows.map((row) => numberOf(row, 'epoch')));
    const last = sortDifferent(rows, KEY).filter(({ epoch }) => epoch === lastEpoch);
    return {
      flips: byLayer(
        last,
        'flipPercent',
        `Flips in epoch ${lastEpoch}, in percent of a layer's visible weights`,
      ),
      bound: byLayer(
        last,
        'boundPercent',
        `Hidden weights at the bound after epoch ${lastEpoch}, in percent`,
      ),
    };
  },
  figures: (rows) =>
    cellFigures(NOTEBOOK, ['by-bits', 'by-reinforcement', 'by-threshold'], {
      ...{ flipRate, isBaseBut, FLIP_OPTIONS },
      flips: sortDifferent(rows, KEY),
    }),
} satisfies StudyPart;

/** What flips are shown by, one at a time. */
export const FLIP_OPTIONS = ['hiddenBits', 'reinforcement', 'flipThreshold'] as const;

const KEY = [...FLIP_OPTIONS, 'seed', 'epoch', 'layer'];

/** More lines would hide one another. */
const SHOWN_BITS: readonly unknown[] = [4, 6, 8, 16];

function byLayer(last: readonly Row[], value: string, caption: string): FormattedTable {
  return formatTable(summarize(last, { by: [...FLIP_OPTIONS, 'layer'], value }), {
    rows: FLIP_OPTIONS,
    columns: ['layer'],
    bestPer: 'none',
    label: (column, cell) => (column === 'layer' ? `layer ${cell}` : String(cell)),
    caption,
  });
}
