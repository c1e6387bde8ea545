import path from 'node:path';
import {
  ArgumentError,
  ablationPanel,
  type ComparisonRow,
  captionWithLeftOut,
  cellFigures,
  cellOf,
  checkChoice,
  checkDifferent,
  compareRows,
  compareSameSeeds,
  effectSizes,
  type FormattedTable,
  formatComparison,
  formatTable,
  groupRows,
  pick,
  type Row,
  type Study,
  type StudyPart,
  studyRows,
  summarize,
} from 'xnorlab';

/** Its cells make the figures: one for each option, one for those that are fixed in the base, and all effects. */
const NOTEBOOK = path.join(__dirname, '03-ablations.ipynb');

const FIGURES = [
  ...['robustness', 'reinforcement', 'groupSize', 'depth', 'width', 'batchSize', 'binarizer'],
  ...['fixed', 'effects'],
];

const ablations = {
  sweeps: ['sweep.yaml'],
  rows: (records) => {
    const rows = studyRows(
      records,
      [
        ...(['rule', 'dataset', 'layers', 'seed'] as const),
        ...(['testAccuracy', 'validationAccuracy', 'trainAccuracy', 'parameters'] as const),
      ],
      {
        groupSize: 'rule.groupSize',
        robustness: 'rule.robustness',
        reinforcement: 'rule.reinforcement',
        batchSize: 'batchSize',
        classifier: 'rule.classifier',
        trainClassifier: 'rule.trainClassifier',
        freezeFirstLayer: 'rule.freezeFirstLayer',
        binarizer: 'binarizer.kind',
        per: 'binarizer.per',
        levels: 'binarizer.levels',
        thresholds: 'binarizer.thresholds',
      },
    );
    // What does not belong is refused before it is kept.
    ablationRuns(rows);
    return rows;
  },
  tables: (rows): Record<string, FormattedTable> => {
    const runs = ablationRuns(rows);
    const summary = summarize(runs, { by: ['setting'], value: 'testAccuracy' });
    const caption = 'Test accuracy on FashionMNIST in percent';
    return {
      accuracy: formatTable(summary, { rows: ['setting'], bestPer: 'none', caption }),
      ...effectTable(runs),
    };
  },
  figures: (rows) =>
    cellFigures(NOTEBOOK, FIGURES, {
      ablationPanel,
      effectSizes,
      runsOf,
      extremeEffects,
      runs: ablationRuns(rows),
    }),
} satisfies StudyPart;

/** What changing one option of local-error does. */
export default {
  title: 'Ablations of local-error',
  description:
    'One option of local-error changed at a time, from a base in the middle of what the papers use: FashionMNIST, two ' +
    'layers of 255 neurons in groups of 51, robustness 0.25, reinforcement 0.5, batches of 100, fixed equiangular ' +
    'classifiers, one bit per pixel. 50 epochs, the epoch with the best validation accuracy.',
  main: { part: 'ablations', figure: 'effects' },
  parts: { ablations },
} satisfies Study;

const BASE = 'base';

/** Levels of the base, in the order of tables. */
const BASE_LEVELS: Row = {
  robustness: 0.25,
  reinforcement: 0.5,
  groupSize: 51,
  depth: 2,
  width: 255,
  batchSize: 100,
  classifier: 'equiangular',
  trainClassifier: 'false',
  freezeFirstLayer: 'false',
  binarizer: 'median',
};

const OPTIONS = Object.keys(BASE_LEVELS);

/** What runs of the same option are sorted by; of thermometers the kind of thresholds comes before their number. */
const ORDER = ['thresholds', 'levels', ...OPTIONS, 'seed'];

export interface AblationRun extends Row {
  /** What differs from the base: `robustness`, or of several `reinforcement and batchSize`. */
  readonly option: string;
  /** The same with levels: `robustness 0.5`. */
  readonly setting: string;
}

/** With the level of each option: the base first, then one option after the other, then combinations. */
export function ablationRuns(rows: readonly Row[]): AblationRun[] {
  const found = rows.map((row) => {
    const levels = levelsOf(row);
    const changed = OPTIONS.filter((option) => levels[option] !== BASE_LEVELS[option]);
    const setting = changed.map((option) => `${option} ${levels[option]}`).join(', ');
    return {
      changed,
      run: { ...row, ...levels, option: changed.join(' and ') || BASE, setting: setting || BASE },
    };
  });
  const runs = found
    .sort(
      (a, b) =>
        a.changed.length - b.changed.length ||
        OPTIONS.indexOf(a.changed[0]) - OPTIONS.indexOf(b.changed[0]) ||
        compareRows(a.run, b.run, ORDER),
    )
    .map(({ run }) => run);
  checkDifferent(runs, ['setting', 'seed']);
  return runs;
}

/** @throws ArgumentError for a run that is no ablation of this base */
function levelsOf(row: Row): Row {
  checkChoice('rule', String(cellOf(row, 'rule')), ['local-error']);
  checkChoice('dataset', String(cellOf(row, 'dataset')), ['fashion-mnist']);
  const layers = String(cellOf(row, 'layers'));
  const [width, ...others] = layers.split(',').map(Number);
  if (others.some((other) => other !== width))
    throw new ArgumentError('layers', 'layers of one width', layers);
  return pick({ ...row, depth: 1 + others.length, width, binarizer: binarizerOf(row) }, OPTIONS);
}

function binarizerOf(row: Row): string {
  const { binarizer, per, thresholds, levels } = pick(row, ['binarizer', 'per', 'thresholds', 'levels']);
  if (binarizer === 'thermometer') return `${thresholds} ${levels}`;
  return per === 'channel' ? String(binarizer) : `per ${per}`;
}

/** The runs of the base, and those in which one of some options differs from it; none where there are none of these. */
export function runsOf(runs: readonly AblationRun[], ...options: readonly string[]): AblationRun[] {
  if (!runs.some(({ option }) => options.includes(option))) return [];
  return runs.filter(({ option }) => option === BASE || options.includes(option));
}

const PAIRING = { between: 'setting', within: [], baseline: BASE };

function effectTable(runs: readonly AblationRun[]): Record<string, FormattedTable> {
  const { effects, leftOut } = compareSameSeeds(runs, PAIRING);
  if (effects.length === 0) return {};
  const about = 'Test accuracy on FashionMNIST against the base with the same seeds, in points';
  const caption = captionWithLeftOut(about, 'run with other seeds than the base', leftOut);
  return { effects: formatComparison(effects, { caption }) };
}

/** Effects on test accuracy of two settings for each option: those that validation accuracy ranks first and last. */
export function extremeEffects(runs: readonly AblationRun[]): (ComparisonRow & { readonly name: string })[] {
  const { effects } = compareSameSeeds(runs, PAIRING);
  if (effects.length === 0) return [];
  const compared = runs.filter(({ setting }) => effects.some(({ first }) => first === setting));
  const judged = summarize(compared, { by: ['option', 'setting'], value: 'validationAccuracy' });
  const extremes = groupRows(judged, ['option']).flatMap(({ rows }) => {
    // Cells are compiled by a TypeScript that does not know toSorted.
    const ranked = [...rows].sort((a, b) => b.mean - a.mean);
    return [ranked[0].setting, ranked[ranked.length - 1].setting];
  });
  return effects
    .filter(({ first }) => extremes.includes(first))
    .map((effect) => ({ ...effect, name: String(effect.first) }));
}
