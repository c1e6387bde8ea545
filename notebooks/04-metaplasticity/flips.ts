import {
  type Figure,
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
import { isBaseBut, localErrorRuns } from './thresholds.js';

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
        VARIED.some((option) => isBaseBut(thresholds, [option])) &&
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
  figures: (rows) => {
    const lines = sortDifferent(rows, KEY);
    const drawn = FIGURES.map((figure) => ({
      figure,
      own: lines.filter((row) => isBaseBut(row, [figure.option], VARIED)),
    }));
    return Object.fromEntries(
      drawn.filter(({ own }) => own.length > 0).map(({ figure, own }) => [figure.name, draw(figure, own)]),
    );
  },
} satisfies StudyPart;

/** One at a time. */
const VARIED = ['hiddenBits', 'reinforcement', 'flipThreshold'] as const;

const KEY = [...VARIED, 'seed', 'epoch', 'layer'];

/** More lines would hide one another. */
const SHOWN_BITS: readonly unknown[] = [4, 6, 8, 16];

/** A line for each level of an option. */
interface FlipFigure {
  readonly name: string;
  readonly option: (typeof VARIED)[number];
  readonly title: string;
  nameOf(level: unknown): string;
}

const FIGURES: readonly FlipFigure[] = [
  {
    name: 'by-bits',
    option: 'hiddenBits',
    title: 'Flips of visible weights, by bits (reinforcement 0.5)',
    nameOf: (bits) => `${bits} bits`,
  },
  {
    name: 'by-reinforcement',
    option: 'reinforcement',
    title: 'Flips of visible weights, by reinforcement (16 bits)',
    nameOf: (reinforcement) => `reinforcement ${reinforcement}`,
  },
  {
    name: 'by-threshold',
    option: 'flipThreshold',
    title: 'Flips of visible weights, by flip threshold (16 bits, reinforcement 0.5)',
    nameOf: (threshold) => `θ ${threshold}`,
  },
];

function byLayer(last: readonly Row[], value: string, caption: string): FormattedTable {
  return formatTable(summarize(last, { by: [...VARIED, 'layer'], value }), {
    rows: VARIED,
    columns: ['layer'],
    bestPer: 'none',
    label: (column, cell) => (column === 'layer' ? `layer ${cell}` : String(cell)),
    caption,
  });
}

function draw({ option, title, nameOf }: FlipFigure, rows: readonly Row[]): Figure {
  return flipRate(
    rows.map((row) => ({ ...row, setting: nameOf(row[option]) })),
    { series: 'setting', title },
  );
}
