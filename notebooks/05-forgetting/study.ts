import {
  checkChoice,
  configRow,
  forgetting as drawForgetting,
  type Figure,
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
  figures: (rows) => {
    const accuracies = sortDifferent(rows, KEY);
    const outcomes = sequenceRows(accuracies);
    const sgd = bestSetting(outcomes.filter(isSgd));
    return {
      ...taskPanels(accuracies, outcomes, sgd),
      ...curves(outcomes, sgd),
      ...learningVersusForgetting(outcomes),
    };
  },
} satisfies StudyPart;

/** What depth keeps of old tasks, against SGD. */
export default {
  title: 'Forgetting, and the depth of hidden weights',
  description:
    'One network learns five tasks in turn, 5 epochs each, and is never shown the old ones again: FashionMNIST, from the ' +
    'second task on with the pixels in an order of its own. Layers 255,255; `local-error` by the bits of a hidden weight, ' +
    'the depth that weights start from, and reinforcement; `sgd` by learning rate. Average accuracy is that on all ' +
    'tasks after the last; forgetting, how far below its best each task is then. Where a setting is called the best, average ' +
    'validation accuracy says so.',
  parts: { forgetting },
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

/** What is left of each task under some settings, those that were run. */
function taskPanels(
  accuracies: readonly Row[],
  outcomes: readonly SequenceRow[],
  sgd: Row | undefined,
): Record<string, Figure> {
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
  const shown = panels.flatMap(([panel, setting]) =>
    setting ? accuracies.filter(isOfSetting(setting)).map((row) => ({ ...row, panel })) : [],
  );
  return shown.length > 0 ? { tasks: drawForgetting(shown, { series: 'panel' }) } : {};
}

/** A measure by an option of local-error. */
interface Curves {
  readonly name: string;
  readonly title: string;
  readonly option: 'initialDepth' | 'hiddenBits';
  readonly value: 'averageAccuracy' | 'learningAccuracy' | 'averageForgetting';
}

const CURVES: readonly Curves[] = [
  {
    name: 'average-accuracy-by-depth',
    title: 'After the last task, by start',
    option: 'initialDepth',
    value: 'averageAccuracy',
  },
  {
    name: 'forgetting-by-depth',
    title: 'Forgetting, by start',
    option: 'initialDepth',
    value: 'averageForgetting',
  },
  {
    name: 'learning-by-depth',
    title: 'Just after learning, by start',
    option: 'initialDepth',
    value: 'learningAccuracy',
  },
  {
    name: 'average-accuracy-by-bits',
    title: 'After the last task, by bits',
    option: 'hiddenBits',
    value: 'averageAccuracy',
  },
  {
    name: 'learning-by-bits',
    title: 'Just after learning, by bits',
    option: 'hiddenBits',
    value: 'learningAccuracy',
  },
];

const AXIS_TITLES: Readonly<Record<Curves['option' | 'value'], string>> = {
  initialDepth: 'initial depth (standard deviation)',
  hiddenBits: 'bits of a hidden weight',
  averageAccuracy: 'average accuracy (%)',
  learningAccuracy: 'learning accuracy (%)',
  averageForgetting: 'average forgetting (points)',
};

function curves(outcomes: readonly SequenceRow[], sgd: Row | undefined): Record<string, Figure> {
  const referencesOf = (value: string): { name: string; value: number }[] =>
    sgd ? [{ name: sgdName(sgd), value: meanOf(outcomes.filter(isOfSetting(sgd)), value) }] : [];
  const drawn = CURVES.map((each) => ({ each, own: outcomes.filter((row) => isOn(row, each.option)) }));
  return Object.fromEntries(
    drawn
      .filter(({ own }) => own.length > 0)
      .map(({ each: { name, title, option, value }, own }) => [
        name,
        optionCurves(
          own.map((row) => ({ ...row, strength: `reinforcement ${row.reinforcement}` })),
          {
            ...{ title, option, value, series: 'strength' },
            xTitle: AXIS_TITLES[option],
            yTitle: AXIS_TITLES[value],
            references: referencesOf(value),
          },
        ),
      ]),
  );
}

function meanOf(outcomes: readonly SequenceRow[], value: string): number {
  return summarize(outcomes, { by: [], value })[0].mean;
}

/** Whether a run is on the curves of an option: the others as by default. */
function isOn(row: Row, option: Curves['option']): boolean {
  return option === 'initialDepth' ? isDeep(row) : row.rule === LOCAL_ERROR && row.initialDepth === 64;
}

/** Of networks with room for depth, and of SGD. */
function learningVersusForgetting(outcomes: readonly SequenceRow[]): Record<string, Figure> {
  const points = outcomes
    .filter((row) => isSgd(row) || isDeep(row))
    .map((row) => ({
      ...row,
      dataset: 'fashion-mnist',
      kind: isSgd(row) ? SGD : `reinforcement ${row.reinforcement}`,
      setting: isSgd(row) ? `rate ${row.learningRate}` : `start ${row.initialDepth}`,
    }));
  if (points.length === 0) return {};
  return {
    'learning-versus-forgetting': tradeOff(points, {
      cost: 'averageForgetting',
      scale: 'linear',
      value: 'learningAccuracy',
      series: 'kind',
      point: 'setting',
      xTitle: AXIS_TITLES.averageForgetting,
      yTitle: AXIS_TITLES.learningAccuracy,
      title: 'Learning accuracy versus forgetting',
    }),
  };
}
