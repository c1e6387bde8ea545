import {
  checkDifferent,
  compareRows,
  type Figure,
  type FormattedTable,
  formatTable,
  heatMap,
  numberOf,
  type Row,
  type StudyPart,
  studyRows,
  summarize,
} from 'xnorlab';
import {
  COMMITTEE,
  checkOfSweep,
  flipThresholdOf,
  isBaseBut,
  LOCAL_ERROR,
  THRESHOLD_FIELDS,
  THRESHOLDS,
  type Threshold,
} from './thresholds.js';

/** How deep a hidden weight can lie, starts, and is pushed. */
export const metaplasticity = {
  title: 'Accuracy',
  description:
    'Two options of local-error at a time, the others as in the base (16 bits, initial depth 64, reinforcement 0.5, ' +
    'robustness 0.25, batches of 100, no flip threshold); for committees the secondary threshold.',
  sweeps: ['sweep.yaml'],
  rows: (records) => {
    const rows = studyRows(
      records,
      ['rule', 'dataset', 'layers', 'seed', 'testAccuracy', 'validationAccuracy', 'trainAccuracy'],
      {
        ...THRESHOLD_FIELDS,
        threshold: 'rule.secondary.threshold',
        probability: 'rule.secondary.probability',
      },
    );
    // What does not belong is refused before it is kept.
    thresholdRuns(rows);
    return rows;
  },
  tables: (rows) => secondaryTable(thresholdRuns(rows)),
  figures: (rows) => {
    const runs = thresholdRuns(rows).filter(({ rule }) => rule === LOCAL_ERROR);
    const maps = MAPS.map((map) => ({ map, runs: runs.filter((run) => isShown(run, map)) }));
    return Object.fromEntries(
      maps.filter((each) => each.runs.length > 0).map((each) => [each.map.name, drawn(each.map, each.runs)]),
    );
  },
} satisfies StudyPart;

/** Columns of the secondary step, null without it. */
const SECONDARY = ['threshold', 'probability'];

const AXIS_TITLES: Readonly<Record<Threshold, string>> = {
  hiddenBits: 'bits of a hidden weight',
  reinforcement: 'reinforcement',
  initialDepth: 'initial depth (standard deviation)',
  robustness: 'robustness',
  flipThreshold: 'flip threshold θ',
  batchSize: 'batch size',
};

/** Two options, the others as in the base. */
interface ThresholdMap {
  readonly name: string;
  readonly title: string;
  readonly x: Threshold;
  readonly y: Threshold;
  /** Default: 2, all. */
  readonly fewestBits?: number;
  /** Decimals. Default: 1. */
  readonly digits?: number;
}

/** With fewer bits networks answer at chance, whatever else is set. */
const FEWEST_BITS_THAT_LEARN = 6;

const MAPS: readonly ThresholdMap[] = [
  {
    name: 'bound-and-reinforcement',
    title: 'Bound and reinforcement',
    x: 'hiddenBits',
    y: 'reinforcement',
  },
  {
    name: 'bound-and-batch-size',
    title: 'Bound and batch size (reinforcement 0.5)',
    x: 'hiddenBits',
    y: 'batchSize',
  },
  {
    name: 'start-and-reinforcement',
    title: 'Start and reinforcement (16 bits)',
    x: 'initialDepth',
    y: 'reinforcement',
    digits: 2,
  },
  {
    name: 'bound-and-robustness',
    title: 'Bound and robustness (reinforcement 0.5)',
    x: 'hiddenBits',
    y: 'robustness',
    fewestBits: FEWEST_BITS_THAT_LEARN,
  },
  {
    name: 'threshold-and-bound',
    title: 'Flip threshold and bound (reinforcement 0.5)',
    x: 'hiddenBits',
    y: 'flipThreshold',
    fewestBits: FEWEST_BITS_THAT_LEARN,
  },
  {
    name: 'threshold-and-reinforcement',
    title: 'Flip threshold and reinforcement (16 bits)',
    x: 'flipThreshold',
    y: 'reinforcement',
    digits: 2,
  },
];

function thresholdRuns(rows: readonly Row[]): Row[] {
  const runs = rows.map((row): Row => {
    checkOfSweep(row);
    return { ...row, flipThreshold: flipThresholdOf(row) };
  });
  checkDifferent(runs, ['rule', ...THRESHOLDS, ...SECONDARY, 'seed']);
  return runs;
}

function isShown(run: Row, { x, y, fewestBits = 0 }: ThresholdMap): boolean {
  return isBaseBut(run, [x, y]) && numberOf(run, 'hiddenBits') >= fewestBits;
}

function drawn({ x, y, title, digits = 1 }: ThresholdMap, runs: readonly Row[]): Figure {
  return heatMap(runs, {
    x,
    y,
    value: 'testAccuracy',
    xTitle: AXIS_TITLES[x],
    yTitle: AXIS_TITLES[y],
    valueTitle: 'test accuracy (%)',
    digits,
    title,
  });
}

/** None before a committee was run. */
function secondaryTable(runs: readonly Row[]): Record<string, FormattedTable> {
  const committees = runs
    .filter(({ rule }) => rule === COMMITTEE)
    .sort((one, other) => compareRows(one, other, [...SECONDARY, 'reinforcement']));
  if (committees.length === 0) return {};
  const summary = summarize(committees, { by: [...SECONDARY, 'reinforcement'], value: 'testAccuracy' });
  return {
    secondary: formatTable(summary, {
      rows: SECONDARY,
      columns: ['reinforcement'],
      bestPer: 'column',
      label: (column, cell) =>
        column === 'reinforcement' ? `reinforcement ${cell}` : String(cell ?? 'none'),
      caption:
        'Test accuracy of committees on FashionMNIST in percent, by the threshold of the secondary step and its probability',
    }),
  };
}
