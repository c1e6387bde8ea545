import path from 'node:path';
import {
  cellFigures,
  checkChoice,
  configRow,
  forgetting as drawForgetting,
  type FormattedTable,
  formatTable,
  optionCurves,
  pick,
  type Row,
  type SequenceRow,
  type Study,
  type StudyPart,
  type SummaryRow,
  sequenceRows,
  sortDifferent,
  summarize,
  taskAccuracyRows,
  tradeOff,
} from 'xnorlab';
import { consolidation } from './consolidation.js';
import { depthFlips } from './depth-flips.js';
import { depthsOfTasks } from './depths-of-tasks.js';
import { lifetime } from './lifetime.js';
import { datasets } from './streams.js';

/** Its cells make the figures. */
const NOTEBOOK = path.join(__dirname, '05-forgetting.ipynb');

const FIGURES = [
  ...['tasks', 'average-accuracy-by-depth', 'forgetting-by-depth', 'learning-by-depth'],
  ...['average-accuracy-by-bits', 'learning-by-bits', 'learning-versus-forgetting'],
];

const forgetting = {
  sweeps: ['sweep.yaml'],
  rows: (records) => {
    for (const { rule, dataset } of records) {
      checkChoice('rule', rule.name, [LOCAL_ERROR, SGD]);
      checkChoice('dataset', dataset.name, ['fashion-mnist']);
    }
    const rows = records.flatMap((record) =>
      taskAccuracyRows([record]).map(({ rule, seed, step, task, accuracy, validationAccuracy }): Row => {
        const setting = { rule, ...configRow(record.config, OPTIONS) };
        return { ...setting, seed, step, task, accuracy, validationAccuracy };
      }),
    );
    return sortDifferent(rows, KEY);
  },
  tables: (rows) => ({ settings: settingsTable(sequenceRows(sortDifferent(rows, KEY))) }),
  figures: (rows) =>
    cellFigures(NOTEBOOK, FIGURES, {
      forgetting: drawForgetting,
      optionCurves,
      tradeOff,
      ...figureRows(rows),
    }),
} satisfies StudyPart;

/** What depth keeps of old tasks, against SGD. */
export default {
  title: 'Forgetting, and how depth protects',
  description:
    'One network learns five tasks in turn, 5 epochs each, and is never shown the old ones again: FashionMNIST, from the ' +
    'second task on with the pixels in an order of its own. Layers 255,255; `local-error` by the bits of a hidden weight, ' +
    'the depth that weights start from, and reinforcement; `sgd` by learning rate. Average accuracy is that on all ' +
    'tasks after the last; forgetting, how far below its best each task is then. Where a setting is called the best, average ' +
    'validation accuracy says so.',
  main: { part: 'forgetting', figure: 'learning-versus-forgetting' },
  parts: {
    forgetting,
    consolidation,
    datasets,
    'depths-of-tasks': depthsOfTasks,
    'depth-flips': depthFlips,
    lifetime,
  },
} satisfies Study;

const LOCAL_ERROR = 'local-error';

const SGD = 'sgd';

const OPTIONS = {
  hiddenBits: 'rule.hiddenBits',
  initialDepth: 'rule.initialDepth',
  reinforcement: 'rule.reinforcement',
  learningRate: 'rule.learningRate',
};

const SETTING = ['rule', ...Object.keys(OPTIONS)];

const KEY = [...SETTING, 'seed', 'step', 'task'];

const MEASURES: Readonly<Record<string, string>> = {
  averageAccuracy: 'average accuracy',
  learningAccuracy: 'just after learning',
  averageForgetting: 'forgotten',
  averageValidationAccuracy: 'average, validation',
};

const isSgd = ({ rule }: Row): boolean => rule === SGD;

/** With room for depth. */
const isDeep = ({ rule, hiddenBits }: Row): boolean => rule === LOCAL_ERROR && hiddenBits === 16;

const isOfSetting =
  (setting: Row) =>
  (row: Row): boolean =>
    SETTING.every((column) => row[column] === setting[column]);

/** What average validation accuracy likes best, of what was run with most seeds; undefined where there are no outcomes. */
function bestSetting(outcomes: readonly SequenceRow[]): Row | undefined {
  if (outcomes.length === 0) return undefined;
  const summary = summarize(outcomes, { by: SETTING, value: 'averageValidationAccuracy' });
  const mostSeeds = Math.max(...summary.map(({ n }) => n));
  const complete = summary.filter(({ n }) => n === mostSeeds);
  return pick(
    complete.reduce((best, row) => (row.mean > best.mean ? row : best)),
    SETTING,
  );
}

function sgdName({ learningRate }: Row): string {
  return `sgd, rate ${learningRate}`;
}

function settingsTable(outcomes: readonly SequenceRow[]): FormattedTable {
  const summary = Object.keys(MEASURES).flatMap((measure): SummaryRow[] =>
    summarize(outcomes, { by: SETTING, value: measure }).map((row) => ({ ...row, measure })),
  );
  return formatTable(summary, {
    rows: SETTING,
    columns: ['measure'],
    bestPer: 'none',
    label: (column, cell) => (column === 'measure' ? MEASURES[String(cell)] : String(cell ?? '')),
    caption: 'Five tasks of FashionMNIST in turn: accuracies in percent, forgetting in points',
  });
}

/** What the figures show, each without what was not run. */
export interface FigureRows {
  /** Accuracies task by task under some settings, called `panel`. */
  readonly taskRows: readonly Row[];
  /** Outcomes of local-error with 16 bits, and of the default at every number of bits. */
  readonly byDepth: readonly Row[];
  readonly byBits: readonly Row[];
  /** Outcomes of networks with room for depth, and of SGD: `kind`, and what differs within it as `setting`. */
  readonly points: readonly Row[];
  /** SGD at the learning rate that validation accuracy likes best: its mean of a measure, as a line to compare with. */
  readonly bestSgd: (measure: string) => { readonly name: string; readonly value: number }[];
}

export function figureRows(rows: readonly Row[]): FigureRows {
  const accuracies = sortDifferent(rows, KEY);
  const outcomes = sequenceRows(accuracies);
  const sgd = bestSetting(outcomes.filter(isSgd));
  return {
    taskRows: taskPanels(accuracies, outcomes, sgd),
    byDepth: outcomes.filter(isDeep),
    byBits: outcomes.filter((row) => row.rule === LOCAL_ERROR && row.initialDepth === 64),
    points: learningPoints(outcomes),
    bestSgd: (measure) =>
      sgd ? [{ name: sgdName(sgd), value: meanOf(outcomes.filter(isOfSetting(sgd)), measure) }] : [],
  };
}

/** What is left of each task under some settings, those that were run. */
function taskPanels(
  accuracies: readonly Row[],
  outcomes: readonly SequenceRow[],
  sgd: Row | undefined,
): Row[] {
  const deep = bestSetting(outcomes.filter(isDeep));
  const localError = (hiddenBits: number, initialDepth: number, reinforcement: number): Row => ({
    ...{ rule: LOCAL_ERROR, hiddenBits, initialDepth, reinforcement },
    learningRate: null,
  });
  const panels: [string, Row | undefined][] = [
    ['plain', localError(16, 0, 0)],
    ['default', localError(16, 64, 0.5)],
    ['deep', deep],
    ['6 bits', localError(6, 64, 0.5)],
    ['8 bits', localError(8, 64, 0.5)],
    [sgd ? sgdName(sgd) : '', sgd],
  ];
  return panels.flatMap(([panel, setting]) =>
    setting ? accuracies.filter(isOfSetting(setting)).map((row) => ({ ...row, panel })) : [],
  );
}

function meanOf(outcomes: readonly SequenceRow[], value: string): number {
  return summarize(outcomes, { by: [], value })[0].mean;
}

function learningPoints(outcomes: readonly SequenceRow[]): Row[] {
  return outcomes
    .filter((row) => isSgd(row) || isDeep(row))
    .map((row) => ({
      ...row,
      dataset: 'fashion-mnist',
      kind: isSgd(row) ? SGD : `reinforcement ${row.reinforcement}`,
      setting: isSgd(row) ? `rate ${row.learningRate}` : `start ${row.initialDepth}`,
    }));
}
