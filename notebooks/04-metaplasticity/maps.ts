import {
  cellFigures,
  checkDifferent,
  compareRows,
  type FormattedTable,
  formatTable,
  heatMap,
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
  NOTEBOOK,
  THRESHOLD_FIELDS,
  THRESHOLDS,
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
  figures: (rows) => cellFigures(NOTEBOOK, FIGURES, { heatMap, isBaseBut, runs: localErrorThresholds(rows) }),
} satisfies StudyPart;

/** Of two options each, the others as in the base. */
const FIGURES = [
  ...['bound-and-reinforcement', 'bound-and-batch-size', 'start-and-reinforcement', 'bound-and-robustness'],
  ...['threshold-and-bound', 'threshold-and-reinforcement'],
];

/** Columns of the secondary step, null without it. */
const SECONDARY = ['threshold', 'probability'];

/** The runs of local-error, which the figures show. */
export function localErrorThresholds(rows: readonly Row[]): Row[] {
  return thresholdRuns(rows).filter(({ rule }) => rule === LOCAL_ERROR);
}

function thresholdRuns(rows: readonly Row[]): Row[] {
  const runs = rows.map((row): Row => {
    checkOfSweep(row);
    return { ...row, flipThreshold: flipThresholdOf(row) };
  });
  checkDifferent(runs, ['rule', ...THRESHOLDS, ...SECONDARY, 'seed']);
  return runs;
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
