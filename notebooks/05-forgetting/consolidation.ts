import {
  type Cell,
  cellOf,
  compare,
  type Figure,
  FormattedTable,
  forgetting,
  formatTable,
  groupRows,
  optionCurves,
  paretoFront,
  type Row,
  type RunRecord,
  type SequenceRow,
  type StudyPart,
  type SummaryRow,
  sequenceRows,
  sortDifferent,
  summarize,
  type TextCell,
  taskAccuracyRows,
  tradeOff,
} from 'xnorlab';
import { LOCAL_ERROR, NONE, nameOf, settingOf } from './settings.js';

/** How depth can protect, and thus what a best setting is chosen among; the probability is a control. */
const BY_DEPTH = ['m', 'threshold', 'halving'];

const IDENTITY = [
  ...['rule', 'layers', 'epochs', 'protection', 'strength', 'initialDepth', 'reinforcement', 'stream'],
];

/** What local-error starts from where nothing else is said. */
const DEFAULTS = { initialDepth: 64, reinforcement: 0.5 } as const;

const KEY = [...IDENTITY, 'seed', 'step', 'task'];

/** A task is held while the network is right on so many percent of its test samples. */
const HELD_PERCENT = 80;

/** What learns less is not drawn where settings are traded. */
const LEARNING_PERCENT = 80;

const MEASURES: Readonly<Record<string, string>> = {
  averageAccuracy: 'average accuracy',
  learningAccuracy: 'just after learning',
  averageForgetting: 'forgotten',
  held: `tasks above ${HELD_PERCENT} %`,
  averageValidationAccuracy: 'average, validation',
};

/** Accuracy on every task so far after every task, under what the run is. */
export function sequenceTaskRows(records: readonly RunRecord[]): Row[] {
  const rows = records.flatMap((record) =>
    taskAccuracyRows([record]).map(({ seed, step, task, accuracy, validationAccuracy }): Row => {
      return { ...settingOf(record), seed, step, task, accuracy, validationAccuracy };
    }),
  );
  return sortDifferent(rows, KEY);
}

/** The outcome of a sequence, with the number of tasks that are held after the last. */
export function outcomesOf(rows: readonly Row[]): (SequenceRow & { readonly held: number })[] {
  const sorted = sortDifferent(rows, KEY);
  const held = groupRows(sorted, [...IDENTITY, 'seed']).map(({ rows: ofRun }) => {
    const last = Math.max(...ofRun.map(({ step }) => Number(step)));
    return ofRun.filter(({ step, accuracy }) => step === last && Number(accuracy) > HELD_PERCENT).length;
  });
  return sequenceRows(sorted).map((row, i) => ({ ...row, held: held[i] }));
}

const inTurn = ({ stream }: Row): boolean => stream === 'in turn';

/** Whether hidden weights start, and are pushed deeper, as they do by default. */
const isByDefault = ({ rule, initialDepth, reinforcement }: Row): boolean =>
  rule !== LOCAL_ERROR ||
  (initialDepth === DEFAULTS.initialDepth && reinforcement === DEFAULTS.reinforcement);

/** What average validation accuracy likes best, of what was run with most seeds. */
function bestOf(outcomes: readonly Row[]): Row | undefined {
  if (outcomes.length === 0) return undefined;
  const summary = summarize(outcomes, { by: IDENTITY, value: 'averageValidationAccuracy' });
  const mostSeeds = Math.max(...summary.map(({ n }) => n));
  const complete = summary.filter(({ n }) => n === mostSeeds);
  return complete.reduce((best, row) => (row.mean > best.mean ? row : best));
}

/** What a protection changes, by protocol. */
export interface Gain extends Row {
  readonly rule: string;
  readonly layers: string;
  readonly epochs: number;
  readonly setting: string;
}

/** Best settings by validation accuracy beside none, by the same seeds. */
export function gainsOf(outcomes: readonly Row[]): Gain[] {
  const sequences = outcomes.filter((row) => inTurn(row) && isByDefault(row));
  return groupRows(sequences, ['rule', 'layers', 'epochs']).flatMap(({ key, rows }) => {
    const plain = rows.filter(({ protection }) => protection === NONE);
    if (plain.length === 0) return [];
    const ways = groupRows(
      rows.filter(({ protection }) => protection !== NONE),
      ['protection'],
    );
    return ways.flatMap(({ rows: ofWay }): Gain[] => {
      const best = bestOf(ofWay);
      if (!best) return [];
      const chosen = ofWay.filter(({ strength }) => strength === best.strength);
      const seeds = new Set(chosen.map(({ seed }) => seed));
      const pairs = [...plain.filter(({ seed }) => seeds.has(seed)), ...chosen];
      if (seeds.size < 2 || pairs.length !== 2 * seeds.size) return [];
      const differences = Object.keys(MEASURES)
        .slice(0, 3)
        .map((value) => {
          const named = pairs.map((row) => ({ ...row, way: row.protection === NONE ? NONE : 'best' }));
          const [{ meanDifference: difference, low95, high95 }] = compare(named, {
            between: 'way',
            value,
            baseline: NONE,
          });
          return [value, { difference, low95, high95 }] as const;
        });
      const flat = differences.flatMap(([value, { difference, low95, high95 }]): [string, Cell][] => [
        [value, difference],
        [`${value}Low`, low95],
        [`${value}High`, high95],
      ]);
      return [
        {
          rule: String(key.rule),
          layers: String(key.layers),
          epochs: Number(key.epochs),
          setting: formOf(best),
          n: seeds.size,
          none: meanOf(
            plain.filter(({ seed }) => seeds.has(seed)),
            'averageAccuracy',
          ),
          best: meanOf(chosen, 'averageAccuracy'),
          ...Object.fromEntries(flat),
        },
      ];
    });
  });
}

function meanOf(rows: readonly Row[], value: string): number {
  return summarize(rows, { by: [], value })[0].mean;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}

/** A difference with its interval; bold where that leaves out zero. */
function difference(gain: Row, value: string): TextCell[] {
  const [mean, low, high] = ['', 'Low', 'High'].map((end) => cellOf(gain, `${value}${end}`));
  const isKnown = typeof low === 'number' && typeof high === 'number';
  return [
    { text: signed(Number(mean)), isNumber: true, isBest: isKnown && low * high > 0 },
    { text: isKnown ? `${signed(low)} to ${signed(high)}` : '–' },
  ];
}

export function gainsTable(gains: readonly Gain[]): FormattedTable {
  const body = gains.map((gain): TextCell[] => [
    ...[gain.rule, gain.layers, String(gain.epochs), gain.setting].map((text) => ({ text })),
    { text: Number(gain.none).toFixed(2), isNumber: true },
    { text: Number(gain.best).toFixed(2), isNumber: true },
    ...difference(gain, 'averageAccuracy'),
    ...difference(gain, 'averageForgetting'),
    ...difference(gain, 'learningAccuracy'),
    { text: String(gain.n), isNumber: true },
  ]);
  const caption =
    'Six tasks: what the strength of each protection that average validation accuracy likes best changes against none, in points, paired by seed, with the 95 % interval by ' +
    "Student's t. Bold: the interval leaves out zero";
  const headings = [
    'rule',
    'layers',
    'epochs',
    'setting',
    'none',
    'best',
    'gain',
    '95 %',
    'forgotten',
    '95 %',
    'learned',
    '95 %',
    'n',
  ];
  return new FormattedTable({ caption, headings, headColumns: 4, body }, gains);
}

/** A measure of one setting beside another. */
interface Paired extends Row {
  readonly measure: string;
  readonly older: number;
  readonly newer: number;
}

const isOf = (setting: Row) => (row: Row) => IDENTITY.every((column) => row[column] === setting[column]);

/** @param sequences - outcomes of both, by the same seeds */
function paired(sequences: readonly Row[], older: Row, newer: Row, value: string): Paired {
  const pairs = [
    ...sequences.filter(isOf(older)).map((row) => ({ ...row, way: 'older' })),
    ...sequences.filter(isOf(newer)).map((row) => ({ ...row, way: 'newer' })),
  ];
  const [{ firstMean, secondMean, meanDifference, low95, high95 }] = compare(pairs, {
    ...{ between: 'way', value, baseline: 'older' },
  });
  return {
    ...{ measure: value, older: secondMean, newer: firstMean },
    ...{ mean: meanDifference, meanLow: low95, meanHigh: high95 },
  };
}

const startOf = ({ initialDepth, reinforcement }: Row): string => `${initialDepth} and ${reinforcement}`;

/** The settings of local-error at 512,512 with five epochs for each task: those without consolidation, and the best with it. */
function oldAndNew(outcomes: readonly Row[]) {
  const sequences = outcomes.filter(
    (row) => row.rule === LOCAL_ERROR && row.layers === '512,512' && row.epochs === 30 && inTurn(row),
  );
  const old = sequences.filter(({ protection }) => protection === NONE);
  const newer = bestOf(sequences.filter(({ protection }) => BY_DEPTH.includes(String(protection))));
  return { sequences, old, newer };
}

/** The best start and reinforcement without consolidation, beside the best consolidation, both by validation accuracy. */
function olderTable(outcomes: readonly Row[]): Record<string, FormattedTable> {
  const { sequences, old, newer } = oldAndNew(outcomes);
  const older = bestOf(old);
  if (!older || !newer) return {};
  const differences = ['averageAccuracy', 'averageForgetting', 'learningAccuracy'].map((value) => {
    return paired(sequences, older, newer, value);
  });
  const body = differences.map((row): TextCell[] => [
    { text: MEASURES[row.measure] },
    { text: row.older.toFixed(2), isNumber: true },
    { text: row.newer.toFixed(2), isNumber: true },
    ...difference(row, 'mean'),
  ]);
  const caption =
    `Layers 512,512, five epochs for each task: the best start and reinforcement without consolidation (${startOf(older)}) beside ${formOf(newer)} at the usual start, ` +
    "each the best by average validation accuracy; difference paired by seed, 95 % interval by Student's t, three seeds";
  const headings = ['measure', 'without', 'consolidated', 'difference', '95 %'];
  return { older: new FormattedTable({ caption, headings, headColumns: 1, body }, differences) };
}

/**
 * The best consolidation beside the curve of learning over forgetting that starts and reinforcements make without: beside the point of the
 * curve that forgets next more, and beside the one that learns next less. Both are to its disadvantage.
 */
function curveTable(outcomes: readonly Row[]): Record<string, FormattedTable> {
  const { sequences, old, newer } = oldAndNew(outcomes);
  if (!newer || old.length === 0) return {};
  const means = groupRows(sequences, IDENTITY).map(({ key, rows }) => ({
    ...key,
    forgotten: meanOf(rows, 'averageForgetting'),
    learned: meanOf(rows, 'learningAccuracy'),
  }));
  const front = paretoFront(
    means.filter((row) => old.some(isOf(row))),
    { maximize: 'learned', minimize: 'forgotten' },
  );
  const best = means.find(isOf(newer));
  const next = [
    {
      value: 'learningAccuracy',
      than: 'forgets next more',
      older: front.find((row) => row.forgotten > (best?.forgotten ?? 0)),
    },
    {
      value: 'averageForgetting',
      than: 'learns next less',
      older: front.filter((row) => row.learned < (best?.learned ?? 0)).at(-1),
    },
  ];
  const differences = next.flatMap(({ value, than, older }) =>
    older ? [{ ...paired(sequences, older, newer, value), than, start: startOf(older) }] : [],
  );
  if (differences.length === 0) return {};
  const body = differences.map((row): TextCell[] => [
    { text: row.than },
    { text: row.start },
    { text: MEASURES[row.measure] },
    { text: row.older.toFixed(2), isNumber: true },
    { text: row.newer.toFixed(2), isNumber: true },
    ...difference(row, 'mean'),
  ]);
  const caption =
    `Layers 512,512, five epochs for each task: ${formOf(newer)} beside settings without consolidation of which no other learns more and forgets less, the one that forgets next more and ` +
    "the one that learns next less; difference paired by seed, 95 % interval by Student's t, three seeds (4.3 standard errors to each side)";
  const headings = [
    'the setting that',
    'start and reinforcement',
    'measure',
    'without',
    'consolidated',
    'difference',
    '95 %',
  ];
  return { curve: new FormattedTable({ caption, headings, headColumns: 3, body }, differences) };
}

/** What protects, without the rule. */
function formOf(setting: Row): string {
  return nameOf(setting).replace(`${setting.rule}, `, '');
}

/** Learning over forgetting, of settings that differ in `setting` within a `kind`. */
function learningVersusForgetting(rows: readonly Row[], title: string): Figure {
  return tradeOff(rows, {
    cost: 'averageForgetting',
    value: 'learningAccuracy',
    scale: 'linear',
    series: 'kind',
    point: 'setting',
    xTitle: 'average forgetting (points)',
    yTitle: 'learning accuracy (%)',
    title,
  });
}

/** All measures of every setting. */
export function settingsTable(
  outcomes: readonly Row[],
  caption = 'Six tasks of permuted MNIST: accuracies in percent, forgetting in points',
): FormattedTable {
  const summary = Object.keys(MEASURES).flatMap((measure): SummaryRow[] =>
    summarize(outcomes, { by: IDENTITY, value: measure }).map((row) => ({ ...row, measure })),
  );
  return formatTable(summary, {
    rows: IDENTITY,
    columns: ['measure'],
    bestPer: 'none',
    label: (column, cell) => (column === 'measure' ? MEASURES[String(cell)] : String(cell ?? '')),
    caption,
  });
}

/** What the figures of consolidation show; each without what was not run. */
export interface ConsolidationFigureRows {
  /** local-error by m and by θ, none at the end where all steps are taken. */
  readonly byM: readonly Row[];
  readonly byThreshold: readonly Row[];
  /** Accuracies task by task of some settings, called `panel`. */
  readonly panels: readonly Row[];
  /** Every setting of one protocol: `kind`, and `setting` within it. */
  readonly points: readonly Row[];
  /** None and the best setting by depth, at every width. */
  readonly byWidth: readonly Row[];
  /** local-error at 512,512 with and without consolidation, wherever it starts. */
  readonly traded: readonly Row[];
}

/** The protocol that all rivals share. */
const isOfRivals = ({ epochs, layers }: Row): boolean => epochs === 18 && layers === '512,512';

export function consolidationFigureRows(rows: readonly Row[]): ConsolidationFigureRows {
  const accuracies = sortDifferent(rows, KEY);
  const outcomes = outcomesOf(accuracies);
  const ours = outcomes.filter((row) => row.rule === LOCAL_ERROR && inTurn(row) && isByDefault(row));
  const long = ours.filter(({ epochs }) => epochs === 30);
  const along = (protection: string, none: number): Row[] =>
    long
      .filter((row) => row.protection === protection || row.protection === NONE)
      .map((row) => ({ ...row, strength: row.protection === NONE ? none : row.strength }));
  const ofRivals = outcomes.filter((row) => isOfRivals(row) && isByDefault(row));
  const isTraded = (row: Row): boolean =>
    row.rule === LOCAL_ERROR && row.layers === '512,512' && row.epochs === 30 && inTurn(row);
  const shown = [
    ...groupRows(ofRivals.filter(inTurn), ['rule', 'protection']).map(({ rows: ofWay }) => bestOf(ofWay)),
    ...groupRows(
      ofRivals.filter((row) => !inTurn(row) && row.protection === NONE),
      ['rule', 'stream'],
    ).map(({ rows: ofWay }) => bestOf(ofWay)),
  ].flatMap((setting) => (setting ? [setting] : []));
  const panels = shown
    .filter(({ protection, stream }) => stream === 'in turn' && !String(protection).includes('shuffled'))
    .flatMap((setting) =>
      accuracies.filter(isOf(setting)).map((row) => ({ ...row, panel: nameOf(setting) })),
    );
  const byWidth = groupRows(ours, ['layers', 'epochs']).flatMap(({ rows: ofWidth }) => {
    const best = bestOf(ofWidth.filter(({ protection }) => BY_DEPTH.includes(String(protection))));
    const width = { width: Number(String(ofWidth[0].layers).split(',')[0]) };
    const plain = ofWidth.filter(({ protection }) => protection === NONE);
    const chosen = best ? ofWidth.filter(isOf(best)) : [];
    return [
      ...plain.map((row) => ({ ...row, ...width, kind: `none, ${Number(row.epochs) / 6} epochs each` })),
      ...chosen.map((row) => ({ ...row, ...width, kind: `best, ${Number(row.epochs) / 6} epochs each` })),
    ];
  });
  return {
    byM: along('m', 0),
    byThreshold: along('threshold', 32767),
    panels,
    points: ofRivals.map((row) => ({
      ...row,
      dataset: 'mnist',
      kind: inTurn(row) ? `${row.rule}, ${row.protection}` : `${row.rule}, ${row.stream}`,
      setting: `${row.protection} ${row.strength ?? ''}`,
    })),
    byWidth,
    // Settings that hardly learn forget nothing: they would take all the room.
    traded: outcomes
      .filter((row) => isTraded(row) && row.learningAccuracy > LEARNING_PERCENT)
      .map((row) => ({
        ...row,
        dataset: 'mnist',
        kind:
          row.protection === NONE
            ? `none, reinforcement ${row.reinforcement}`
            : `consolidated, ${row.protection}`,
        setting: row.protection === NONE ? `start ${row.initialDepth}` : String(row.strength),
      })),
  };
}

/** Consolidation in permuted tasks, and its rivals. */
export const consolidation = {
  title: 'Consolidation, and its rivals',
  description:
    'Six tasks of permuted MNIST in turn, the first 10,000 training samples. `local-error` in groups of 64, with depth protecting weights from steps towards zero: with ' +
    'probability 1 − tanh²(m·|h|), up to a depth θ, halved every so many depths, or, as a control, with a probability that does not look at depth. `qat` with batch ' +
    'normalization that all tasks share: metaplasticity of Laborieux et al. (m), elastic weight consolidation (λ), synaptic intelligence (c). Interleaved shows all tasks ' +
    'all the time, replay ten samples of each class of every task before.',
  sweeps: [
    'sweep-consolidation.yaml',
    'sweep-consolidation-forms.yaml',
    'sweep-consolidation-wide.yaml',
    'sweep-consolidation-start.yaml',
    'sweep-rivals.yaml',
  ],
  rows: sequenceTaskRows,
  tables: (rows) => {
    const outcomes = outcomesOf(rows);
    const gains = gainsOf(outcomes);
    return {
      ...(gains.length > 0 && { gains: gainsTable(gains) }),
      ...olderTable(outcomes),
      ...curveTable(outcomes),
      settings: settingsTable(outcomes),
    };
  },
  figures: (rows) => {
    const { byM, byThreshold, panels, points, byWidth, traded } = consolidationFigureRows(rows);
    const series = { series: 'layers', yTitle: 'average accuracy (%)', value: 'averageAccuracy' };
    return {
      'average-accuracy-by-m': optionCurves(byM, {
        ...series,
        option: 'strength',
        xTitle: 'm (0: none)',
        title: 'After six tasks, by m',
      }),
      'average-accuracy-by-threshold': optionCurves(byThreshold, {
        ...series,
        option: 'strength',
        xTitle: 'θ (32767: none)',
        title: 'After six tasks, by threshold',
      }),
      'average-accuracy-by-width': optionCurves(byWidth, {
        ...series,
        option: 'width',
        series: 'kind',
        xTitle: 'neurons of each layer',
        title: 'After six tasks, by width',
      }),
      'tasks-held-by-width': optionCurves(byWidth, {
        option: 'width',
        value: 'held',
        series: 'kind',
        xTitle: 'neurons of each layer',
        yTitle: `tasks above ${HELD_PERCENT} %`,
        title: 'Tasks held, by width',
      }),
      'tasks-by-protection': forgetting(panels, {
        series: 'panel',
        title: 'Accuracy on old tasks, by protection',
      }),
      'learning-versus-forgetting-consolidated': learningVersusForgetting(
        traded,
        'Learning versus forgetting, with and without consolidation',
      ),
      'learning-versus-forgetting-of-rivals': learningVersusForgetting(
        points,
        'Learning versus forgetting, all rivals',
      ),
    };
  },
} satisfies StudyPart;
